package org.rgflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTensorsTest {
  @TempDir Path directory;

  private static float[] bits(int length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = Float.intBitsToFloat(random.nextInt());
    }
    return x;
  }

  private Path file(long headerLength, String header, int dataBytes) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN)
        .putLong(headerLength).put(text).array();
    return Files.write(directory.resolve("hostile.safetensors"), bytes);
  }

  private Path file(String header, int dataBytes) throws IOException {
    return file(header.getBytes(StandardCharsets.UTF_8).length, header, dataBytes);
  }

  @Test
  void keepsEveryBitOfEveryType() throws IOException {
    float[] floats = bits(1_000_003, 1);
    float[] padded = Arrays.copyOf(new float[5], 5 + floats.length);
    System.arraycopy(floats, 0, padded, 5, floats.length);
    long[] longs = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE};
    int[] ints = {Integer.MIN_VALUE, 7};
    double[] doubles = {Math.PI, Double.NaN, -0.0};
    byte[] bytes = {1, -1, 0, 127, 5, 6};
    Path path = directory.resolve("all.safetensors");
    SafeTensors.write(path, Map.of("a", "text \"with\" Größe\n", "b", ""), List.of(
        Tensor.of("bytes", List.of(2, 3), bytes), Tensor.of("longs", longs), Tensor.of("ints", ints),
        Tensor.of("doubles", doubles), Tensor.of("floats", TensorType.F32, List.of(floats.length), padded, 5),
        Tensor.of("scalar", TensorType.F32, List.of(), new float[] {4}, 0),
        Tensor.of("empty", TensorType.F32, List.of(3, 0), new float[0], 0)));
    try (SafeTensors file = SafeTensors.open(path)) {
      file.verify();
      assertThat(file.metadata()).containsEntry("a", "text \"with\" Größe\n").containsEntry("b", "");
      assertThat(file.longs("longs")).isEqualTo(longs);
      assertThat(file.ints("ints")).isEqualTo(ints);
      assertThat(file.doubles("doubles")).isEqualTo(doubles);
      assertThat(file.bytes("bytes")).isEqualTo(bytes);
      float[] read = file.floats("floats");
      for (int i = 0; i < floats.length; i++) {
        if (Float.floatToRawIntBits(read[i]) != Float.floatToRawIntBits(floats[i])) {
          assertThat(i).as("first element that differs").isNegative();
        }
      }
      assertThat(file.floats("scalar")).containsExactly(4);
      assertThat(file.floats("empty")).isEmpty();
      assertThat(file.tensor("bytes").shape()).containsExactly(2, 3);
      file.tensors().values().forEach(tensor -> assertThat(tensor.begin() % tensor.type().bytes()).isZero());
    }
    byte[] written = Files.readAllBytes(path);
    assertThat(ByteBuffer.wrap(written).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8).isZero();
    assertThat(written[8]).isEqualTo((byte) '{');
  }

  @ParameterizedTest
  @CsvSource({"F16, 0.00048828125", "BF16, 0.00390625"})
  void roundsToTheNearestShortFloat(TensorType type, double epsilon) throws IOException {
    SplittableRandom random = new SplittableRandom(4);
    float[] floats = new float[100_000];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) (random.nextGaussian() * 100);
    }
    floats[0] = 0f;
    floats[1] = -1.5f;
    floats[2] = 1 + 0x1p-8f; // half way between two bfloat16: to the even one
    Path path = directory.resolve("short.safetensors");
    SafeTensors.write(path, Map.of(), List.of(Tensor.of("x", type, List.of(10, 10_000), floats, 0)));
    assertThat(Files.size(path)).isBetween(200_000L, 200_300L);
    try (SafeTensors file = SafeTensors.open(path)) {
      float[] read = file.floats("x");
      for (int i = 0; i < floats.length; i++) {
        double error = Math.abs((double) read[i] - floats[i]);
        assertThat(error <= epsilon * Math.abs(floats[i]) + 0x1p-25).as("%s of %s", read[i], floats[i]).isTrue();
      }
      assertThat(read[0]).isZero();
      assertThat(read[1]).isEqualTo(-1.5f);
      assertThat(read[2]).isEqualTo(type == TensorType.BF16 ? 1f : floats[2]);
    }
  }

  @Test
  void readsAFileFromAnotherProgram() throws IOException {
    // As the format's documentation writes it: no metadata, no padding, spaces behind.
    Path path = file("{\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}   ", 8);
    try (SafeTensors file = SafeTensors.open(path)) {
      file.verify();
      assertThat(file.metadata()).isEmpty();
      assertThat(file.floats("w")).containsExactly(0, 0);
    }
  }

  @Test
  void refusesWhatItCannotWrite() {
    assertThatThrownBy(() -> Tensor.of("x", TensorType.F16, List.of(1), new float[] {65520}, 0))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("half precision");
    assertThatThrownBy(() -> Tensor.of("x", TensorType.I32, List.of(1), new float[1], 0)).hasMessageContaining("I32");
    assertThatThrownBy(() -> Tensor.of("x", TensorType.F32, List.of(3), new float[3], 1)).hasMessageContaining("does not fit");
    assertThatThrownBy(() -> SafeTensors.write(directory.resolve("two"), Map.of(),
        List.of(Tensor.of("x", new int[1]), Tensor.of("x", new long[1])))).hasMessageContaining("two tensors");
    assertThat(directory.resolve("two")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}} | overlaps",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | begins at byte 4",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[5],\"data_offsets\":[0,20]}} | truncated",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | 4 bytes behind",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,12]}} | does not have 12 bytes",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[12,0]}} | impossible offsets",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[-12,0]}} | impossible offsets",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12,12]}} | impossible offsets",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[-3],\"data_offsets\":[0,12]}} | impossible extent",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647],\"data_offsets\":[0,12]}} | impossible shape",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[\"3\"],\"data_offsets\":[0,12]}} | no list of at most",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[3.5],\"data_offsets\":[0,12]}} | not the JSON",
      "{\"a\":{\"dtype\":\"F31\",\"shape\":[3],\"data_offsets\":[0,12]}} | type 'F31'",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[3]}} | lacks",
      "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}} | two properties",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12],\"code\":1}} | unknown property",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]},\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[12,12]}} | two tensors",
      "{\"__metadata__\":{\"a\":1}} | not a text",
      "{\"__metadata__\":{\"a\":\"1\",\"a\":\"1\"}} | two metadata",
      "{\"a\":7} | not the JSON",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}} x | not the JSON",
      "[] | not the JSON",
      "{\"a\" | not the JSON",
      "// {} | not the JSON"})
  void saysInOneLineWhatIsWrongWithAHeader(String sample) throws IOException {
    String header = sample.substring(0, sample.lastIndexOf(" | "));
    Path path = file(header, 12);
    assertThatThrownBy(() -> SafeTensors.open(path)).isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot read " + path + ": ")
        .hasMessageContaining(sample.substring(sample.lastIndexOf(" | ") + 3))
        .message().doesNotContain("\n");
  }

  @Test
  void refusesLengthsThatAreNotCredible() throws IOException {
    for (long length : new long[] {1L << 60, -1, Long.MIN_VALUE, 0, 1, 100_000_001}) {
      Path path = file(length, "{}", 0);
      assertThatThrownBy(() -> SafeTensors.open(path)).isInstanceOf(IOException.class).hasMessageContaining("not credible");
    }
    Path path = file(1000, "{}", 0);
    assertThatThrownBy(() -> SafeTensors.open(path)).isInstanceOf(IOException.class).hasMessageContaining("truncated");
    Path shortFile = Files.write(directory.resolve("short"), new byte[3]);
    assertThatThrownBy(() -> SafeTensors.open(shortFile)).isInstanceOf(IOException.class).hasMessageContaining("only 3 bytes");
    assertThatThrownBy(() -> SafeTensors.open(directory.resolve("none"))).isInstanceOf(IOException.class)
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> SafeTensors.open(directory)).isInstanceOf(IOException.class).hasMessageContaining("directory");
  }

  @Test
  void refusesTextThatIsNotUtf8AndDeepNesting() throws IOException {
    byte[] bytes = ByteBuffer.allocate(14).order(ByteOrder.LITTLE_ENDIAN).putLong(6)
        .put(new byte[] {'{', '"', (byte) 0xFF, (byte) 0xFE, '"', '}'}).array();
    Path path = Files.write(directory.resolve("latin"), bytes);
    assertThatThrownBy(() -> SafeTensors.open(path)).isInstanceOf(IOException.class).hasMessageContaining("not the JSON");
    Path deep = file("{\"a\":{\"shape\":" + "[".repeat(100_000), 0);
    assertThatThrownBy(() -> SafeTensors.open(deep)).isInstanceOf(IOException.class);
  }

  @Test
  void asksForTheTypeThatIsThere() throws IOException {
    Path path = directory.resolve("typed.safetensors");
    SafeTensors.write(path, Map.of(), List.of(Tensor.of("weight", new int[4])));
    try (SafeTensors file = SafeTensors.open(path)) {
      assertThatThrownBy(() -> file.floats("weight")).isInstanceOf(IOException.class).hasMessageContaining("I32, not F32");
      assertThatThrownBy(() -> file.longs("weight")).isInstanceOf(IOException.class).hasMessageContaining("I32, not I64");
      assertThatThrownBy(() -> file.floats("wieght")).isInstanceOf(IOException.class).hasMessageContaining("'weight'");
    }
  }

  /** Every change of one byte is noticed or harmless: no other exception, and never different numbers. */
  @Test
  void noDamagePassesTheChecksum() throws IOException {
    float[] values = bits(257, 9);
    Path path = directory.resolve("good.safetensors");
    SafeTensors.write(path, Map.of("note", "x"), List.of(Tensor.of("w", TensorType.F32, List.of(257), values, 0),
        Tensor.of("v", TensorType.BF16, List.of(3, 5), values, 0), Tensor.of("steps", new long[] {1, 2, 3})));
    byte[] good = Files.readAllBytes(path);
    int header = (int) ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getLong();
    SplittableRandom random = new SplittableRandom(20);
    int noticed = 0;
    for (int trial = 0; trial < 1000; trial++) {
      byte[] bad = good.clone();
      int at = trial % 2 == 0 ? random.nextInt(8 + header) : random.nextInt(good.length);
      bad[at] ^= (byte) (1 << random.nextInt(8));
      if (trial % 10 == 9) {
        bad = Arrays.copyOf(bad, random.nextInt(bad.length + 20));
      }
      Files.write(path, bad);
      try (SafeTensors file = SafeTensors.open(path)) {
        file.verify();
        assertThat(at).as("undetected damage").isLessThan(8 + header);
      } catch (IOException e) {
        noticed++;
        assertThat(e.getMessage()).startsWith("cannot read ").doesNotContain("\n");
      }
    }
    assertThat(noticed).isGreaterThan(700);
  }

  @Test
  void refusesMoreTensorsThanAnyNetworkHas() throws IOException {
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i <= 100_000; i++) {
      header.append(i == 0 ? "" : ",").append("\"").append(i)
          .append("\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}");
    }
    Path path = file(header.append('}').toString(), 0);
    assertThatThrownBy(() -> SafeTensors.open(path)).isInstanceOf(IOException.class)
        .hasMessageContaining("more than 100000 tensors");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void refusesDevices() {
    assertThatThrownBy(() -> SafeTensors.open(Path.of("/dev/zero"))).isInstanceOf(IOException.class)
        .hasMessageContaining("a device or a pipe");
  }
}
