package org.rgflow.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;

class EnsembleFilesTest {
  @TempDir
  Path folder;

  static Ensemble ensemble(int replicas, int snapshots, int measurements) {
    FieldLayout layout = new FieldLayout(new Lattice(5, 3), replicas);
    Ensemble ensemble = new Ensemble(Phi4Action.kappaLambda(0.1 + 0.2, 1.0 / 3), layout);
    Random random = new Random(1);
    float[] field = new float[layout.size()];
    for (int t = 0; t < snapshots; t++) {
      for (int i = 0; i < field.length; i++) {
        field[i] = (float) random.nextGaussian();
      }
      field[0] = -0.0f;
      field[field.length - 1] = Float.MIN_VALUE;
      ensemble.append(field, layout);
    }
    ensemble.saveState(field, layout);
    for (int i = 0; i < measurements; i++) {
      double[] values = random.doubles(replicas).toArray();
      ensemble.record("m", values);
      ensemble.record("phi2", values);
    }
    ensemble.setSampler("hmc");
    Map<String, Double> tuning = new LinkedHashMap<>();
    tuning.put("stepSize", Math.nextUp(0.1));
    tuning.put("width", Double.MIN_VALUE);
    tuning.put("none", Double.NaN);
    ensemble.setTuning(tuning);
    ensemble.setRandomPosition(Long.MIN_VALUE + 12345, Long.MAX_VALUE - 7);
    ensemble.setSaveEvery(3);
    ensemble.setThermalisation(12_345_678_901L);
    ensemble.addAcceptance(1.0 / 3, 3);
    ensemble.setFlow("polchinski", 0.3);
    ensemble.provenance().put("regulator", "exponential, Λ² = ½ \"quoted\"\n");
    return ensemble;
  }

  static void assertEqual(Ensemble read, Ensemble written) {
    assertThat(read.layout()).isEqualTo(written.layout());
    assertThat(read.action()).isEqualTo(written.action());
    assertThat(read.snapshots()).isEqualTo(written.snapshots());
    for (int t = 0; t < read.snapshots(); t++) {
      assertThat(read.snapshot(t)).isEqualTo(written.snapshot(t));
    }
    assertThat(read.seriesNames()).isEqualTo(written.seriesNames());
    assertThat(read.measurements()).isEqualTo(written.measurements());
    for (String name : read.seriesNames()) {
      assertThat(read.series(name)).isEqualTo(written.series(name));
    }
    assertThat(read.state()).isEqualTo(written.state());
    assertThat(read.sampler()).isEqualTo(written.sampler());
    assertThat(read.tuning()).isEqualTo(written.tuning());
    assertThat(read.seed()).isEqualTo(written.seed());
    assertThat(read.step()).isEqualTo(written.step());
    assertThat(read.saveEvery()).isEqualTo(written.saveEvery());
    assertThat(read.thermalisation()).isEqualTo(written.thermalisation());
    assertThat(read.acceptanceSum()).isEqualTo(written.acceptanceSum());
    assertThat(read.acceptanceUpdates()).isEqualTo(written.acceptanceUpdates());
    assertThat(read.scheme()).isEqualTo(written.scheme());
    assertThat(read.scale()).isEqualTo(written.scale());
    assertThat(read.provenance()).isEqualTo(written.provenance());
  }

  @ParameterizedTest
  @ValueSource(strings = {"e.npz", "e.h5", "e.HDF5"})
  void whatIsReadIsWhatWasWritten(String name) throws IOException {
    Path file = folder.resolve(name);
    for (int replicas : new int[] {1, 17}) {
      Ensemble written = ensemble(replicas, 4, 12);
      EnsembleFiles.write(file, written);
      assertEqual(EnsembleFiles.read(file), written);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"e.npz", "e.h5"})
  void emptyEnsemblesSurvive(String name) throws IOException {
    Path file = folder.resolve(name);
    Ensemble written = new Ensemble(Phi4Action.canonical(1, 0), new FieldLayout(new Lattice(2, 2), 1));
    written.record("m");
    EnsembleFiles.write(file, written);
    Ensemble read = EnsembleFiles.read(file);
    assertEqual(read, written);
    assertThat(read.hasState()).isFalse();
    assertThat(read.scale()).isInfinite();
  }

  /** Every bit of the data counts: the fields, a series and the state are each found by their bytes, and one bit is changed. */
  @Test
  void aChangedBitInAnHdf5FileIsNoticed() throws IOException {
    Path file = folder.resolve("e.h5");
    Ensemble written = ensemble(2, 3, 4);
    EnsembleFiles.write(file, written);
    byte[] bytes = Files.readAllBytes(file);
    double mark = written.series(written.seriesNames().getFirst())[3];
    for (byte[] value : new byte[][] {bytes(written.snapshot(1)[5]), bytes(written.state()[2]), bytes(mark)}) {
      int at = indexOf(bytes, value);
      assertThat(at).isPositive();
      byte[] damaged = bytes.clone();
      damaged[at] ^= 1;
      Files.write(file, damaged);
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> EnsembleFiles.read(file)).withMessageContaining("damaged");
    }
  }

  private static byte[] bytes(float value) {
    return ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array();
  }

  private static byte[] bytes(double value) {
    return ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array();
  }

  private static int indexOf(byte[] all, byte[] part) {
    for (int i = 0; i <= all.length - part.length; i++) {
      if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    return -1;
  }

  @Test
  void equalContentsGiveEqualBytes() throws IOException {
    EnsembleFiles.write(folder.resolve("a.npz"), ensemble(2, 2, 2));
    EnsembleFiles.write(folder.resolve("b.npz"), ensemble(2, 2, 2));
    assertThat(folder.resolve("a.npz")).hasSameBinaryContentAs(folder.resolve("b.npz"));
  }

  @Test
  void otherExtensionsAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> EnsembleFiles.read(Path.of("e.txt")))
        .withMessageContaining(".npz, .h5 or .hdf5");
    assertThatIllegalArgumentException().isThrownBy(() -> EnsembleFiles.write(Path.of("npz"), ensemble(1, 1, 1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"e.npz", "e.h5"})
  void fieldsThatAreNotFiniteAreNotWritten(String name) throws IOException {
    Path file = folder.resolve(name);
    Ensemble earlier = ensemble(1, 1, 1);
    EnsembleFiles.write(file, earlier);
    Ensemble broken = ensemble(1, 2, 1);
    broken.snapshot(1)[3] = Float.NaN;
    assertThatIOException().isThrownBy(() -> EnsembleFiles.write(file, broken)).withMessageContaining("snapshot 1")
        .withMessageContaining(file.toString());
    assertEqual(EnsembleFiles.read(file), earlier);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"e.npz", "e.h5"})
  void missingFilesAndDirectoriesAreNamed(String name) {
    assertThatIOException().isThrownBy(() -> EnsembleFiles.read(folder.resolve(name)))
        .withMessageContaining("no such file");
    assertThatIOException().isThrownBy(() -> EnsembleFiles.read(Files.createDirectory(folder.resolve(name))))
        .withMessageContaining("not a regular file");
  }
}
