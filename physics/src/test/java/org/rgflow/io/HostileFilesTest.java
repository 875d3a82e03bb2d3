package org.rgflow.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.DatasetCreationOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;

/** Damaged, foreign and hostile files: reading them succeeds or throws an IOException, within limits of time and memory. */
@Timeout(120)
class HostileFilesTest {
  @TempDir
  Path folder;

  private Path file;

  /** The arrays of a valid file, to be changed. */
  private Map<String, NpyArray> arrays;

  @BeforeEach
  void writeValidFile() throws IOException {
    file = folder.resolve("e.npz");
    EnsembleFiles.write(file, small());
    arrays = new LinkedHashMap<>();
    try (NpzReader npz = new NpzReader(file)) {
      for (String name : npz.names()) {
        arrays.put(name, npz.read(name));
      }
    }
  }

  /** The ensemble from which the files in the resources were made. */
  private static Ensemble small() {
    FieldLayout layout = new FieldLayout(new Lattice(3, 2), 2);
    Ensemble ensemble = new Ensemble(Phi4Action.gerdes(-4, 6.975), layout);
    float[] field = new float[layout.size()];
    for (int t = 0; t < 2; t++) {
      for (int replica = 0; replica < 2; replica++) {
        for (int site = 0; site < 6; site++) {
          field[layout.index(replica, site)] = 100 * t + 10 * replica + site + 0.5f;
        }
      }
      ensemble.append(field, layout);
    }
    ensemble.saveState(field, layout);
    for (int i = 0; i < 3; i++) {
      ensemble.record("m", i, -i);
      ensemble.record("phi2", i / 3.0, i / 7.0);
    }
    ensemble.setSampler("hmc");
    ensemble.setTuning(Map.of("step", 0.1));
    ensemble.setRandomPosition(-7, 1234567890123L);
    return ensemble;
  }

  private void writeArrays() throws IOException {
    try (OutputStream out = Files.newOutputStream(file); NpzWriter npz = new NpzWriter(out)) {
      for (Map.Entry<String, NpyArray> entry : arrays.entrySet()) {
        npz.write(entry.getKey(), entry.getValue());
      }
    }
  }

  private void changeMetadata(Consumer<JsonObject> change) throws IOException {
    JsonObject json = Json.parseObject(arrays.get("metadata").texts()[0]);
    change.accept(json);
    arrays.put("metadata", NpyArray.of(Json.text(json)));
    writeArrays();
  }

  private void assertRefused(String... parts) {
    assertThatIOException().isThrownBy(() -> EnsembleFiles.read(file)).satisfies(e -> assertThat(e.getMessage())
        .startsWith(file.toString() + ": ").doesNotContain("\n").contains(parts));
  }

  private byte[] resource(String name) throws IOException {
    try (InputStream in = HostileFilesTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  // ---- files of other programs

  @ParameterizedTest
  @ValueSource(strings = {"ensemble-numpy.npz", "ensemble-h5py.h5"})
  void filesRewrittenByNumpyAndH5pyAreRead(String name) throws IOException {
    Path copy = folder.resolve(name);
    Files.write(copy, resource(name));
    EnsembleFilesTest.assertEqual(EnsembleFiles.read(copy), small());
  }

  @ParameterizedTest
  @ValueSource(strings = {"e.npz", "e.h5"})
  void foreignFilesAreRefused(String name) throws IOException {
    file = folder.resolve(name);
    for (byte[] contents : new byte[][] {{}, {1}, "hello".getBytes(), new byte[5000], "\u0089HDF\r\n\u001a\n".getBytes(
        StandardCharsets.ISO_8859_1), "PK\5\6".getBytes(), new byte[100_000]}) {
      Files.write(file, contents);
      assertRefused("not a readable");
    }
  }

  @Test
  void otherArchivesAreRefused() throws IOException {
    arrays.keySet().retainAll(java.util.Set.of("fields"));
    writeArrays();
    assertRefused("not an ensemble of this program");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("../../metadata.npy"));
      zip.write(1);
      zip.putNextEntry(new ZipEntry("a/b.txt"));
    }
    assertRefused("not an ensemble of this program");
    file = folder.resolve("e.h5");
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      hdf.putDataset("other", new double[] {1});
    }
    assertRefused("not an ensemble of this program");
  }

  // ---- contents that do not fit together

  @ParameterizedTest
  @CsvSource({"fields", "m", "state"})
  void missingAndMisshapenArraysAreNamed(String name) throws IOException {
    NpyArray array = arrays.remove(name);
    writeArrays();
    assertRefused("'" + name + "'", "missing");
    arrays.put(name, NpyArray.of(new float[2], 1, 2));
    writeArrays();
    assertRefused("'" + name + "'", "[1, 2]", array.header().shape().toString());
    arrays.put(name, NpyArray.of(new long[] {1}, 1));
    writeArrays();
    assertRefused("'" + name + "'", "<i8");
  }

  @Test
  void metadataMustBeAText() throws IOException {
    arrays.put("metadata", NpyArray.of(new double[] {1}));
    writeArrays();
    assertRefused("'metadata'");
    for (String text : new String[] {"", "no json", "[1]", "{}", "{\"format\": 3}", "[".repeat(10_000), "\u0000x"}) {
      arrays.put("metadata", NpyArray.of(text));
      writeArrays();
      assertRefused("metadata");
    }
  }

  @Test
  void metadataWithWrongValuesIsRefused() throws IOException {
    for (String key : Json.parseObject(arrays.get("metadata").texts()[0]).keySet()) {
      NpyArray metadata = arrays.get("metadata");
      changeMetadata(json -> json.remove(key));
      assertRefused("metadata", "'" + key + "'");
      arrays.put("metadata", metadata);
      changeMetadata(json -> json.addProperty(key, 1e300));
      assertRefused("metadata");
      arrays.put("metadata", metadata);
    }
    Map<String, Consumer<JsonObject>> changes = new LinkedHashMap<>();
    changes.put("each side must be", json -> json.getAsJsonObject("lattice").addProperty("lx", 1));
    changes.put("impossible", json -> json.getAsJsonObject("lattice").addProperty("lx", -3));
    changes.put("at least one replica", json -> json.addProperty("replicas", 0));
    changes.put("'paddedReplicas'", json -> json.addProperty("paddedReplicas", 3));
    changes.put("'snapshots'", json -> json.addProperty("snapshots", 2.5));
    changes.put("64-bit", json -> json.addProperty("seed", "99999999999999999999"));
    changes.put("'measurements'", json -> json.add("measurements", new JsonPrimitive(true)));
    changes.put("unknown", json -> json.getAsJsonObject("action").addProperty("convention", "mine"));
    changes.put("lambda", json -> json.getAsJsonObject("action").addProperty("lambda", -1));
    changes.put("finite", json -> json.getAsJsonObject("action").addProperty("mass2", "NaN"));
    changes.put("twice", json -> json.getAsJsonArray("series").add("m"));
    changes.put("cannot be the name", json -> json.getAsJsonArray("series").add("fields"));
    changes.put("list of names", json -> json.getAsJsonArray("series").add(1));
    changes.put("'x' is missing", json -> json.getAsJsonArray("series").add("x"));
    changes.put("version is 2", json -> json.addProperty("formatVersion", 2));
    changes.put("scale", json -> json.getAsJsonObject("flow").addProperty("scale", -1));
    changes.put("'step' must be a number", json -> json.getAsJsonObject("tuning").addProperty("step", "fast"));
    changes.put("MiB", json -> json.addProperty("snapshots", Integer.MAX_VALUE));
    NpyArray metadata = arrays.get("metadata");
    for (Map.Entry<String, Consumer<JsonObject>> change : changes.entrySet()) {
      arrays.put("metadata", metadata);
      changeMetadata(change.getValue());
      assertRefused(change.getKey());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fields", "state"})
  void fieldsThatAreNotFiniteAreRefused(String name) throws IOException {
    for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      arrays.get(name).floats()[5] = bad;
      writeArrays();
      assertRefused(String.valueOf(bad));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void seriesThatAreNotFiniteAreRefused(double bad) throws IOException {
    arrays.put("phi2", NpyArray.of(new double[] {0, 1, 2, bad, 4, 5}, 3, 2));
    writeArrays();
    assertRefused("'phi2'", String.valueOf(bad));
    Ensemble ensemble = small();
    ensemble.record("phi2", bad, 0);
    ensemble.record("m", 0, 0);
    file = folder.resolve("e.h5");
    EnsembleFiles.write(file, ensemble);
    assertRefused("'phi2'", String.valueOf(bad));
  }

  // ---- archives that lie

  @Test
  void repeatedEntriesAreRefused() throws IOException {
    arrays.put("n", NpyArray.of(new double[6], 3, 2));
    writeArrays();
    byte[] bytes = Files.readAllBytes(file);
    replace(bytes, "n.npy", "m.npy");
    Files.write(file, bytes);
    assertRefused("twice");
  }

  private static void replace(byte[] bytes, String from, String to) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    for (int at = text.indexOf(from); at >= 0; at = text.indexOf(from, at + 1)) {
      System.arraycopy(to.getBytes(StandardCharsets.ISO_8859_1), 0, bytes, at, to.length());
    }
  }

  @Test
  void damagedDataIsFoundByItsChecksum() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int header = text.indexOf("fields.npy");
    bytes[text.indexOf('\n', header) + 3] ^= 1; // the data of 'fields' is not compressed
    Files.write(file, bytes);
    assertRefused("'fields'", "checksum");
  }

  @Test
  void aHeaderThatPromisesMoreThanTheEntryHoldsIsRefused() throws IOException {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    header.write(NpyHeader.of(NpyType.FLOAT64, 3, 100_000_000).toBytes());
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("m.npy"));
      zip.write(header.toByteArray());
      zip.write(new byte[1 << 22]); // deflated a thousandfold
    }
    try (NpzReader npz = new NpzReader(file)) {
      assertThatIOException().isThrownBy(() -> npz.read("m")).withMessageContaining("does not agree");
    }
  }

  @Test
  void aDeclaredSizeBeyondDeflateIsRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int central = text.lastIndexOf("m.npy") - 46;
    assertThat(text.substring(central, central + 4)).isEqualTo("PK\1\2");
    bytes[central + 24 + 3] = 0x7F; // uncompressed size near 2 GiB
    Files.write(file, bytes);
    assertRefused("'m'", "impossible");
  }

  @Test
  void longSeriesOfZerosAreNotMistakenForABomb() throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("zeros.npy"));
      NpyArray.of(new byte[1 << 24], 1 << 24).write(zip);
    }
    try (NpzReader npz = new NpzReader(file)) {
      assertThat(npz.read("zeros").bytes()).hasSize(1 << 24);
    }
  }

  // ---- HDF5

  @Test
  void hdf5ShapesMustAgreeWithTheMetadata() throws IOException {
    file = folder.resolve("e.h5");
    String metadata = arrays.get("metadata").texts()[0];
    for (Object fields : new Object[] {new float[1][1][1][1], new float[3], new double[2][2][2][3], new int[2][2][2][3],
        new String[] {"x"}}) {
      try (WritableHdfFile hdf = HdfFile.write(file)) {
        hdf.putDataset("metadata", new String[] {metadata});
        hdf.putDataset("fields", fields);
      }
      assertRefused("'fields'");
      Files.delete(file);
    }
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      hdf.putGroup("fields").putDataset("x", new double[1]);
      hdf.putDataset("metadata", new String[] {metadata});
    }
    assertRefused("'fields'", "not a data set");
    Files.delete(file);
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      hdf.putDataset("metadata", new String[] {metadata});
      hdf.putDataset("fields", new float[2][2][2][3], 
          DatasetCreationOptions.builder().chunkDimensions(1, 2, 2, 3).deflate().build());
    }
    assertRefused("'fields'", "chunked");
    Files.delete(file);
    for (Object bad : new Object[] {new double[] {1}, new String[] {"{}", "{}"}, new String[] {"x"}}) {
      try (WritableHdfFile hdf = HdfFile.write(file)) {
        hdf.putDataset("metadata", bad);
      }
      assertRefused("metadata");
      Files.delete(file);
    }
  }

  // ---- fuzz

  /** Reads what {@code damage} makes of a valid file; anything but success and IOException fails. */
  private int fuzz(byte[] valid, String extension, int rounds, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    file = folder.resolve("fuzz" + extension);
    int refused = 0;
    for (int round = 0; round < rounds; round++) {
      Files.write(file, damage(valid, random));
      try {
        assertThat(EnsembleFiles.read(file).replicas()).isPositive();
      } catch (IOException e) {
        assertThat(e.getMessage()).as("round %d", round).startsWith(file.toString()).doesNotContain("\n");
        refused++;
      }
    }
    return refused;
  }

  private static byte[] damage(byte[] valid, SplittableRandom random) {
    byte[] bytes = valid.clone();
    switch (random.nextInt(8)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> {
        int from = random.nextInt(bytes.length);
        Arrays.fill(bytes, from, Math.min(bytes.length, from + 1 + random.nextInt(16)), (byte) random.nextInt(-1, 1));
      }
      case 2 -> {
        // a piece of the file in another place: references that lead in circles
        int length = 1 + random.nextInt(Math.min(64, bytes.length));
        System.arraycopy(valid, random.nextInt(bytes.length - length + 1), bytes,
            random.nextInt(bytes.length - length + 1), length);
      }
      case 3 -> {
        int at = random.nextInt(bytes.length);
        byte[] more = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(8));
        System.arraycopy(bytes, at, more, at + more.length - bytes.length, bytes.length - at);
        bytes = more;
      }
      default -> {
        for (int i = random.nextInt(6); i >= 0; i--) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (random.nextBoolean() ? 1 << random.nextInt(8) : random.nextInt());
        }
      }
    }
    return bytes;
  }

  @Test
  void fuzzedNpzFiles() throws IOException {
    assertThat(fuzz(Files.readAllBytes(file), ".npz", 1000, 1)).isGreaterThan(500);
    assertThat(fuzz(resource("ensemble-numpy.npz"), ".npz", 1000, 2)).isGreaterThan(500);
  }

  @Test
  void fuzzedHdf5Files() throws IOException {
    Path valid = folder.resolve("e.h5");
    EnsembleFiles.write(valid, small());
    assertThat(fuzz(Files.readAllBytes(valid), ".h5", 500, 3)).isGreaterThan(200);
    assertThat(fuzz(resource("ensemble-h5py.h5"), ".h5", 500, 4)).isGreaterThan(50);
  }

  @Test
  @Tag("heavy")
  @Timeout(900)
  void fuzzedAtLength() throws IOException {
    Path valid = folder.resolve("e.h5");
    EnsembleFiles.write(valid, small());
    assertThat(fuzz(Files.readAllBytes(file), ".npz", 10_000, 11)).isGreaterThan(5_000);
    assertThat(fuzz(resource("ensemble-numpy.npz"), ".npz", 10_000, 12)).isGreaterThan(5_000);
    assertThat(fuzz(Files.readAllBytes(valid), ".h5", 10_000, 13)).isGreaterThan(3_000);
    assertThat(fuzz(resource("ensemble-h5py.h5"), ".h5", 10_000, 14)).isGreaterThan(1_000);
  }

  @Test
  void fuzzedNpyHeaders() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    NpyArray.of(new float[6], 1, 2, 3).write(out);
    byte[] valid = out.toByteArray();
    SplittableRandom random = new SplittableRandom(5);
    int refused = 0;
    for (int round = 0; round < 10_000; round++) {
      byte[] bytes = damage(valid, random);
      try {
        assertThat(NpyArray.read(new ByteArrayInputStream(bytes)).header().elements()).isNotNegative();
      } catch (IOException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(2500);
  }

  @Test
  void fuzzedMetadata() {
    byte[] valid = arrays.get("metadata").texts()[0].getBytes(StandardCharsets.ISO_8859_1);
    SplittableRandom random = new SplittableRandom(6);
    int refused = 0;
    for (int round = 0; round < 10_000; round++) {
      byte[] bytes = damage(valid, random);
      try {
        assertThat(EnsembleMetadata.parse(new String(bytes, StandardCharsets.ISO_8859_1)).snapshots()).isNotNegative();
      } catch (IOException e) {
        assertThat(e.getMessage()).isNotBlank();
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(2000);
  }
}
