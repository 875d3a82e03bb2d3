package org.rgflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  private static final TensorLayout LAYOUT = new TensorLayout(List.of(
      new TensorLayout.Slice("in.weight", List.of(4, 3, 3, 3), 0),
      new TensorLayout.Slice("in.bias", List.of(4), 112), // after a gap
      new TensorLayout.Slice("out.weight", List.of(5, 7), 116)), 160);

  @TempDir Path directory;

  private static float[] values(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] x = new float[LAYOUT.length()];
    for (TensorLayout.Slice slice : LAYOUT.slices()) {
      for (int i = slice.offset(); i < slice.offset() + slice.elements(); i++) {
        x[i] = (float) random.nextGaussian();
      }
    }
    return x;
  }

  private static Checkpoint checkpoint(long step) {
    JsonObject configuration = new JsonObject();
    configuration.addProperty("preset", "small \u00fc");
    configuration.addProperty("learningRate", 2e-4);
    LossHistory history = new LossHistory();
    for (int i = 0; i < 100; i++) {
      history.add(10 * i, 1.0 / (i + 1));
    }
    return new Checkpoint(configuration, new TrainingState(step, 128 * step, Long.MIN_VALUE + 3, -1), LAYOUT,
        values(step), values(step + 1), values(step + 2), values(step + 3), history);
  }

  @Test
  void comesBackBitForBit() throws IOException {
    Checkpoint written = checkpoint(7);
    Path path = directory.resolve("c.safetensors");
    written.write(path);
    try (ModelFile file = ModelFile.open(path)) {
      assertThat(file.isCheckpoint()).isTrue();
      assertThat(file.configuration()).isEqualTo(written.configuration());
      assertThat(file.state()).isEqualTo(written.state());
      assertThat(file.state().epoch(100)).isEqualTo(8);
      assertThat(file.history().steps()).isEqualTo(written.history().steps());
      assertThat(file.history().losses()).isEqualTo(written.history().losses());
      assertThat(file.bytes()).isEqualTo(Checkpoint.bytes(LAYOUT) + 16 * 100);
      float[][] expected = {written.parameters(), written.average(), written.firstMoment(), written.secondMoment()};
      for (ModelFile.Part part : ModelFile.Part.values()) {
        float[] read = new float[LAYOUT.length()];
        file.read(part, LAYOUT, read);
        assertThat(read).as(part.name()).isEqualTo(expected[part.ordinal()]);
      }
    }
  }

  @Test
  void exportsTheAverageInHalfPrecision() throws IOException {
    Checkpoint written = checkpoint(7);
    Path path = directory.resolve("m.safetensors");
    written.writeModel(path, TensorType.F16);
    try (ModelFile file = ModelFile.open(path)) {
      assertThat(file.isCheckpoint()).isFalse();
      assertThat(file.configuration()).isEqualTo(written.configuration());
      assertThat(file.tensors()).containsOnlyKeys("in.weight", "in.bias", "out.weight");
      assertThat(file.bytes()).isEqualTo(2 * LAYOUT.parameters());
      float[] read = new float[LAYOUT.length()];
      file.read(ModelFile.Part.AVERAGE, LAYOUT, read);
      for (int i = 0; i < read.length; i++) {
        assertThat(read[i]).isEqualTo(Float.float16ToFloat(Float.floatToFloat16(written.average()[i])));
      }
      assertThat(file.history().size()).isZero();
      assertThatThrownBy(() -> file.read(ModelFile.Part.PARAMETERS, LAYOUT, read)).isInstanceOf(IOException.class)
          .hasMessageContaining("no training can be resumed");
    }
  }

  @Test
  void saysWhichTensorDoesNotFitTheNetwork() throws IOException {
    Path path = directory.resolve("c.safetensors");
    checkpoint(1).write(path);
    try (ModelFile file = ModelFile.open(path)) {
      assertThatThrownBy(() -> file.read(ModelFile.Part.AVERAGE, layout("in.weight", 4, 3, 9), new float[108]))
          .isInstanceOf(IOException.class).hasMessageContaining("'ema.in.weight' has shape [4, 3, 3, 3]")
          .hasMessageContaining("[4, 3, 9]");
      assertThatThrownBy(() -> file.read(ModelFile.Part.AVERAGE, layout("inn.weight", 4, 3, 3, 3), new float[108]))
          .isInstanceOf(IOException.class).hasMessageContaining("no tensor 'ema.inn.weight'")
          .hasMessageContaining("'ema.in.weight'");
      assertThatThrownBy(() -> file.read(ModelFile.Part.AVERAGE, layout("in.weight", 4, 3, 3, 3), new float[108]))
          .isInstanceOf(IOException.class).hasMessageContaining("no tensor 'in.bias' and 1 more");
    }
  }

  private static TensorLayout layout(String name, Integer... shape) {
    return new TensorLayout(List.of(new TensorLayout.Slice(name, List.of(shape), 0)), 108);
  }

  @Test
  void refusesWeightsThatAreNotFinite() throws IOException {
    Checkpoint bad = checkpoint(1);
    bad.average()[120] = Float.NaN;
    Path path = directory.resolve("nan.safetensors");
    bad.write(path);
    try (ModelFile file = ModelFile.open(path)) {
      assertThatThrownBy(() -> file.read(ModelFile.Part.AVERAGE, LAYOUT, new float[160])).isInstanceOf(IOException.class)
          .hasMessageContaining("'ema.out.weight' holds NaN");
    }
  }

  @Test
  void refusesForeignFiles() throws IOException {
    Path path = directory.resolve("foreign.safetensors");
    SafeTensors.write(path, Map.of(), List.of(Tensor.of("w", new int[2])));
    assertThatThrownBy(() -> ModelFile.open(path)).isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot read " + path).hasMessageContaining("none of this program");
    SafeTensors.write(path, Map.of("rgflow_kind", "model", "rgflow_version", "9"), List.of());
    assertThatThrownBy(() -> ModelFile.open(path)).isInstanceOf(IOException.class).hasMessageContaining("version 9");
    SafeTensors.write(path, Map.of("rgflow_kind", "model", "rgflow_version", "1", "configuration", "{",
        "state", "{}"), List.of());
    assertThatThrownBy(() -> ModelFile.open(path)).isInstanceOf(IOException.class)
        .hasMessageContaining("its configuration is not valid JSON");
    SafeTensors.write(path, Map.of("rgflow_kind", "model", "rgflow_version", "1", "configuration", "{}",
        "state", "{\"step\": 1.5}"), List.of());
    assertThatThrownBy(() -> ModelFile.open(path)).isInstanceOf(IOException.class).hasMessageContaining("step");
  }

  @Test
  void keepsTheLastOnesAndPassesOverDamagedOnes() throws IOException {
    CheckpointDirectory checkpoints = new CheckpointDirectory(directory.resolve("run"), 3);
    assertThat(checkpoints.latest()).isEmpty();
    assertThatThrownBy(() -> checkpoints.resolve("latest")).isInstanceOf(IOException.class)
        .hasMessageContaining("no checkpoint");
    for (long step = 100; step <= 500; step += 100) {
      assertThat(checkpoints.save(checkpoint(step))).exists();
    }
    assertThat(checkpoints.list()).extracting(path -> path.getFileName().toString()).containsExactly(
        "step-00000300.safetensors", "step-00000400.safetensors", "step-00000500.safetensors");
    assertThat(checkpoints.latest().orElseThrow().path()).isEqualTo(checkpoints.path(500));

    // One file loses its end, the other a single bit in the middle of its weights.
    try (RandomAccessFile file = new RandomAccessFile(checkpoints.path(500).toFile(), "rw")) {
      file.setLength(file.length() - 1);
    }
    try (RandomAccessFile file = new RandomAccessFile(checkpoints.path(400).toFile(), "rw")) {
      file.seek(file.length() - 1000);
      int bits = file.read();
      file.seek(file.length() - 1000);
      file.write(bits ^ 1);
    }
    CheckpointDirectory.Latest latest = checkpoints.resolve("latest");
    assertThat(latest.path()).isEqualTo(checkpoints.path(300));
    assertThat(latest.skipped()).hasSize(2);
    assertThat(latest.skipped().get(0)).contains("step-00000500").contains("truncated");
    assertThat(latest.skipped().get(1)).contains("step-00000400").contains("checksum");

    Files.write(checkpoints.path(300), new byte[100]);
    assertThatThrownBy(checkpoints::latest).isInstanceOf(IOException.class).hasMessageContaining("can be used");
  }

  @Test
  void findsCheckpointsByStepAndFile() throws IOException {
    CheckpointDirectory checkpoints = new CheckpointDirectory(directory.resolve("run"), 3);
    Path path = checkpoints.save(checkpoint(20));
    assertThat(checkpoints.resolve("20").path()).isEqualTo(path);
    assertThat(checkpoints.resolve(path.toString()).path()).isEqualTo(path);
    assertThatThrownBy(() -> checkpoints.resolve("21")).isInstanceOf(IOException.class)
        .hasMessageContaining("step-00000020.safetensors");
    checkpoints.save(checkpoint(30));
    assertThat(checkpoints.setAsideAfter(20)).isEqualTo(1);
    assertThat(checkpoints.resolve("latest").path()).isEqualTo(path);
    assertThat(directory.resolve("run/checkpoints/step-00000030.safetensors.superseded")).exists();
  }

  @Test
  void namesAPathThatDoesNotExist() {
    CheckpointDirectory checkpoints = new CheckpointDirectory(directory.resolve("a/b/run"), 3);
    assertThatThrownBy(() -> checkpoints.save(checkpoint(1))).isInstanceOf(IOException.class)
        .hasMessageContaining("does not exist");
  }

  @Test
  void layoutsDoNotOverlap() {
    TensorLayout.Slice a = new TensorLayout.Slice("a", List.of(3), 0);
    assertThatThrownBy(() -> new TensorLayout(List.of(new TensorLayout.Slice("b", List.of(3), 2), a), 9))
        .hasMessageContaining("overlaps");
    assertThatThrownBy(() -> new TensorLayout(List.of(a, new TensorLayout.Slice("a", List.of(3), 3)), 9))
        .hasMessageContaining("two parameters");
    assertThatThrownBy(() -> new TensorLayout(List.of(a), 2)).hasMessageContaining("need 3");
  }

  @Test
  void refusesLossesThatNoTrainingHas() throws IOException {
    Path path = directory.resolve("c.safetensors");
    for (double[] last : new double[][] {{990, 1}, {-5, 1}, {1000, Double.NaN}}) {
      Checkpoint bad = checkpoint(1);
      bad.history().add((long) last[0], last[1]);
      bad.write(path);
      try (ModelFile file = ModelFile.open(path)) {
        assertThatThrownBy(file::history).isInstanceOf(IOException.class).hasMessageContaining("its loss number 100 is");
      }
    }
  }
}
