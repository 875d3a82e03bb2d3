package org.rgflow.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes against the specification, numpy.lib.format. */
class NpyTest {
  private static byte[] bytes(NpyArray array) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    array.write(out);
    return out.toByteArray();
  }

  private static NpyArray read(byte[] bytes) throws IOException {
    return NpyArray.read(new ByteArrayInputStream(bytes));
  }

  /** An array with any dictionary and version. */
  private static byte[] raw(int version, String dictionary, byte[] data) {
    byte[] text = dictionary.getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer = ByteBuffer.allocate(12 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    if (version == 1) {
      buffer.putShort((short) text.length);
    } else {
      buffer.putInt(text.length);
    }
    buffer.put(text).put(data);
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  @Test
  void bytesAreThoseOfTheSpecification() throws IOException {
    byte[] bytes = bytes(NpyArray.of(new float[] {1, -2.5f, 3}, 3));
    assertThat(Arrays.copyOf(bytes, 10)).isEqualTo(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
    String header = new String(bytes, 10, 118, StandardCharsets.US_ASCII);
    assertThat(header).startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }").endsWith(" \n");
    assertThat(bytes).hasSize(128 + 12);
    assertThat(ByteBuffer.wrap(bytes, 128, 12).order(ByteOrder.LITTLE_ENDIAN).getFloat(132)).isEqualTo(-2.5f);
    assertThat(new String(bytes(NpyArray.of(new double[6], 1, 2, 3)), StandardCharsets.ISO_8859_1))
        .contains("'<f8'").contains("(1, 2, 3)");
    assertThat(new String(bytes(NpyArray.of(new byte[1])), StandardCharsets.ISO_8859_1)).contains("'|u1'").contains("()");
    int[] extents = new int[30];
    Arrays.fill(extents, 1);
    assertThat(bytes(NpyArray.of(new double[1], extents))).hasSize(192 + 8);
  }

  @Test
  void everyTypeSurvives() throws IOException {
    assertThat(read(bytes(NpyArray.of(new float[] {1, Float.NaN, -0f}, 3))).floats()).isEqualTo(new float[] {1, Float.NaN, -0f});
    assertThat(read(bytes(NpyArray.of(new double[] {Math.PI, 2}, 2, 1))).doubles()).containsExactly(Math.PI, 2);
    assertThat(read(bytes(NpyArray.of(new int[] {1, Integer.MIN_VALUE}, 2))).ints()).containsExactly(1, Integer.MIN_VALUE);
    assertThat(read(bytes(NpyArray.of(new long[] {-1, Long.MAX_VALUE}, 2))).longs()).containsExactly(-1, Long.MAX_VALUE);
    assertThat(read(bytes(NpyArray.of(new byte[] {0, -1}, 2))).bytes()).containsExactly(0, -1);
    assertThat(read(bytes(NpyArray.of("Λ ≤ 1 𝜑"))).texts()).containsExactly("Λ ≤ 1 𝜑");
    assertThat(read(bytes(NpyArray.of(""))).texts()).containsExactly("");
    float[] large = new float[100_003];
    for (int i = 0; i < large.length; i++) {
      large[i] = i;
    }
    assertThat(read(bytes(NpyArray.of(large, large.length))).floats()).isEqualTo(large);
    assertThat(read(bytes(NpyArray.of(new float[0], 3, 0, 2))).shape()).containsExactly(3, 0, 2);
  }

  @Test
  void bigEndianAndColumnMajorAreConverted() throws IOException {
    byte[] data = ByteBuffer.allocate(24).putFloat(1).putFloat(4).putFloat(2).putFloat(5).putFloat(3).putFloat(6).array();
    NpyArray array = read(raw(1, "{'descr': '>f4', 'fortran_order': True, 'shape': (2, 3)}", data));
    assertThat(array.floats()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(array.shape()).containsExactly(2, 3);
    byte[] three = new byte[24];
    for (int i = 0; i < 24; i++) {
      three[i] = (byte) i;
    }
    byte[] rows = read(raw(2, "{'shape':(2,3,4),'fortran_order':True,\"descr\":'|u1'}\n", three)).bytes();
    for (int i = 0; i < 24; i++) {
      int a = i / 12;
      int b = i / 4 % 3;
      int c = i % 4;
      assertThat(rows[i]).isEqualTo((byte) (a + 2 * b + 6 * c));
    }
    assertThat(read(raw(3, "{'descr': '<i8', 'fortran_order': False, 'shape': (1L,), }", new byte[8])).longs())
        .containsExactly(0);
    byte[] text = ByteBuffer.allocate(8).putInt('x').putInt(0).array();
    assertThat(read(raw(1, "{'descr': '>U2', 'fortran_order': False, 'shape': ()}", text)).texts()).containsExactly("x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{}", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000, 2000000000, 2000000000)}",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2000000000,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 1000000)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1.5,)}", "{'descr': '<f4', 'fortran_order': False, 'shape': 3}",
      "{'descr': '<f4', 'fortran_order': 0, 'shape': (3,)}", "{'descr': '|O', 'fortran_order': False, 'shape': (3,)}",
      "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,)}", "{'descr': '<c8', 'fortran_order': False, 'shape': ()}",
      "{'descr': '<f2', 'fortran_order': False, 'shape': ()}", "{'descr': 'f4', 'fortran_order': False, 'shape': ()}",
      "{'descr': '<U999999999999', 'fortran_order': False, 'shape': ()}",
      "{'descr': '<U2000000000', 'fortran_order': False, 'shape': (3,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), 'x': 1}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)} junk",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (0,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)}"})
  void badHeadersAreRefused(String dictionary) {
    assertThatIOException().isThrownBy(() -> read(raw(1, dictionary, new byte[12])))
        .satisfies(e -> assertThat(e.getMessage()).isNotBlank().doesNotContain("\n"));
  }

  @Test
  void truncationAndForeignDataAreRefused() throws IOException {
    byte[] whole = bytes(NpyArray.of(new double[] {1, 2, 3}, 3));
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatIOException().isThrownBy(() -> read(part));
    }
    assertThatIOException().isThrownBy(() -> read("PK\3\4 something else".getBytes())).withMessageContaining("magic");
    byte[] future = whole.clone();
    future[6] = 9;
    assertThatIOException().isThrownBy(() -> read(future)).withMessageContaining("version 9");
    byte[] text = bytes(NpyArray.of("a"));
    text[text.length - 1] = 0x7F;
    assertThatIOException().isThrownBy(() -> read(text)).withMessageContaining("character");
  }

  @Test
  void shapesAndTypesAreChecked() throws IOException {
    assertThatIllegalArgumentException().isThrownBy(() -> NpyArray.of(new float[5], 2, 3));
    assertThatIllegalArgumentException().isThrownBy(() -> NpyArray.of(new float[5], -5));
    NpyArray array = read(bytes(NpyArray.of(new float[5], 5)));
    assertThatIllegalStateException().isThrownBy(array::doubles).withMessageContaining("<f4");
  }
}
