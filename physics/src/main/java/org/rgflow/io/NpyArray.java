package org.rgflow.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * An array of the NPY format in memory, the last index running fastest.
 *
 * <p>The data is a {@code float[]}, {@code double[]}, {@code int[]}, {@code long[]}, {@code byte[]} or
 * {@code String[]}, by {@link NpyType}. Reading converts big-endian numbers and column-major (Fortran)
 * order; writing is always little-endian and row-major.
 */
public final class NpyArray {
  private static final int BUFFER = 1 << 16;

  private final NpyHeader header;
  private final Object data;

  private NpyArray(NpyHeader header, Object data) {
    this.header = header;
    this.data = data;
    if (header.elements() != Array.getLength(data)) {
      throw new IllegalArgumentException(
          "shape " + header.shape() + " has " + header.elements() + " elements, the data " + Array.getLength(data));
    }
  }

  public static NpyArray of(float[] data, int... shape) {
    return new NpyArray(NpyHeader.of(NpyType.FLOAT32, boxed(shape)), data);
  }

  public static NpyArray of(double[] data, int... shape) {
    return new NpyArray(NpyHeader.of(NpyType.FLOAT64, boxed(shape)), data);
  }

  public static NpyArray of(int[] data, int... shape) {
    return new NpyArray(NpyHeader.of(NpyType.INT32, boxed(shape)), data);
  }

  public static NpyArray of(long[] data, int... shape) {
    return new NpyArray(NpyHeader.of(NpyType.INT64, boxed(shape)), data);
  }

  public static NpyArray of(byte[] data, int... shape) {
    return new NpyArray(NpyHeader.of(NpyType.UINT8, boxed(shape)), data);
  }

  /** A single text: an array without extents. */
  public static NpyArray of(String text) {
    int length = Math.max(text.codePointCount(0, text.length()), 1);
    NpyHeader header = new NpyHeader(NpyType.TEXT, length, ByteOrder.LITTLE_ENDIAN, false, java.util.List.of());
    return new NpyArray(header, new String[] {text});
  }

  private static Integer[] boxed(int[] shape) {
    return Arrays.stream(shape).boxed().toArray(Integer[]::new);
  }

  public NpyHeader header() {
    return header;
  }

  /** Extents, empty for a single value. */
  public int[] shape() {
    return header.shape().stream().mapToInt(Integer::intValue).toArray();
  }

  /** @throws IllegalStateException if the elements are of another type; so for the methods below */
  public float[] floats() {
    return as(float[].class);
  }

  public double[] doubles() {
    return as(double[].class);
  }

  public int[] ints() {
    return as(int[].class);
  }

  public long[] longs() {
    return as(long[].class);
  }

  /** Unsigned bytes. */
  public byte[] bytes() {
    return as(byte[].class);
  }

  public String[] texts() {
    return as(String[].class);
  }

  private <T> T as(Class<T> type) {
    if (!type.isInstance(data)) {
      throw new IllegalStateException("the array holds " + header.descriptor() + ", not " + type.getSimpleName());
    }
    return type.cast(data);
  }

  /** Writes header and elements. */
  public void write(OutputStream out) throws IOException {
    out.write(header.toBytes());
    writeElements(out, data, 0, Array.getLength(data), header.textLength());
  }

  /** Writes part of an array as little-endian elements. */
  static void writeElements(OutputStream out, Object data, int offset, int count, int textLength) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = offset; i < offset + count; i++) {
      if (buffer.remaining() < Long.BYTES) {
        flush(out, buffer);
      }
      switch (data) {
        case float[] a -> buffer.putFloat(a[i]);
        case double[] a -> buffer.putDouble(a[i]);
        case int[] a -> buffer.putInt(a[i]);
        case long[] a -> buffer.putLong(a[i]);
        case byte[] a -> buffer.put(a[i]);
        case String[] a -> writeText(out, buffer, a[i], textLength);
        default -> throw new IllegalArgumentException("not an NPY element type: " + data.getClass());
      }
    }
    flush(out, buffer);
  }

  private static void writeText(OutputStream out, ByteBuffer buffer, String text, int textLength) throws IOException {
    int written = 0;
    for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
      if (buffer.remaining() < Integer.BYTES) {
        flush(out, buffer);
      }
      buffer.putInt(text.codePointAt(at));
      written++;
    }
    for (; written < textLength; written++) {
      if (buffer.remaining() < Integer.BYTES) {
        flush(out, buffer);
      }
      buffer.putInt(0);
    }
  }

  private static void flush(OutputStream out, ByteBuffer buffer) throws IOException {
    out.write(buffer.array(), 0, buffer.position());
    buffer.clear();
  }

  /**
   * Reads header and elements. Memory is taken only after the header's size was found credible.
   *
   * @throws IOException if the array is malformed, truncated, of an unsupported type, or too large
   */
  public static NpyArray read(InputStream in) throws IOException {
    return readElements(in, NpyHeader.read(in));
  }

  /** Reads all elements after a header. */
  static NpyArray readElements(InputStream in, NpyHeader header) throws IOException {
    long elements = header.elements();
    if (elements > Integer.MAX_VALUE - 8) {
      throw new IOException("an array of shape " + header.shape() + " does not fit a Java array");
    }
    Heap.require(header.dataBytes(), "an array of shape " + header.shape());
    int n = (int) elements;
    Object data = switch (header.type()) {
      case FLOAT32 -> new float[n];
      case FLOAT64 -> new double[n];
      case INT32 -> new int[n];
      case INT64 -> new long[n];
      case UINT8 -> new byte[n];
      case TEXT -> new String[n];
    };
    readElements(in, header, data, 0, n);
    NpyHeader rows = new NpyHeader(header.type(), header.textLength(), ByteOrder.LITTLE_ENDIAN, false, header.shape());
    return new NpyArray(rows, header.fortranOrder() ? rowMajor(header, data) : data);
  }

  /** Reads the next {@code count} elements of the header's type, in file order. */
  static void readElements(InputStream in, NpyHeader header, Object data, int offset, int count) throws IOException {
    long elementBytes = (long) header.type().bytes() * header.textLength();
    if (header.type() == NpyType.TEXT) {
      readTexts(in, header, (String[]) data, offset, count);
      return;
    }
    byte[] bytes = new byte[(int) Math.min(BUFFER, Math.max(count * elementBytes, 1))];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(header.byteOrder());
    int done = 0;
    while (done < count) {
      int now = (int) Math.min(count - done, bytes.length / elementBytes);
      int length = (int) (now * elementBytes);
      if (in.readNBytes(bytes, 0, length) < length) {
        throw new EOFException("truncated: the array ends before its last element");
      }
      buffer.clear();
      int to = offset + done;
      switch (data) {
        case float[] a -> buffer.asFloatBuffer().get(a, to, now);
        case double[] a -> buffer.asDoubleBuffer().get(a, to, now);
        case int[] a -> buffer.asIntBuffer().get(a, to, now);
        case long[] a -> buffer.asLongBuffer().get(a, to, now);
        case byte[] a -> buffer.get(a, to, now);
        default -> throw new IllegalArgumentException("not an NPY element type: " + data.getClass());
      }
      done += now;
    }
  }

  private static void readTexts(InputStream in, NpyHeader header, String[] data, int offset, int count)
      throws IOException {
    for (int i = offset; i < offset + count; i++) {
      StringBuilder text = new StringBuilder();
      int trailing = 0;
      for (int c = 0; c < header.textLength(); c++) {
        byte[] four = in.readNBytes(Integer.BYTES);
        if (four.length < Integer.BYTES) {
          throw new EOFException("truncated: the array ends before its last element");
        }
        int codePoint = ByteBuffer.wrap(four).order(header.byteOrder()).getInt();
        if (!Character.isValidCodePoint(codePoint)) {
          throw new IOException("a text holds an impossible character");
        }
        text.appendCodePoint(codePoint);
        trailing = codePoint == 0 ? trailing + 1 : 0;
      }
      text.setLength(text.length() - trailing);
      data[i] = text.toString();
    }
  }

  private static Object rowMajor(NpyHeader header, Object data) {
    int[] shape = header.shape().stream().mapToInt(Integer::intValue).toArray();
    int n = Array.getLength(data);
    Object rows = Array.newInstance(data.getClass().getComponentType(), n);
    int[] stride = new int[shape.length];
    for (int d = 0, s = 1; d < shape.length; d++) {
      stride[d] = s;
      s *= Math.max(shape[d], 1);
    }
    int[] index = new int[shape.length];
    int column = 0;
    for (int row = 0; row < n; row++) {
      System.arraycopy(data, column, rows, row, 1);
      for (int d = shape.length - 1; d >= 0; d--) {
        column += stride[d];
        if (++index[d] < shape[d]) {
          break;
        }
        column -= stride[d] * shape[d];
        index[d] = 0;
      }
    }
    return rows;
  }

  @Override
  public String toString() {
    return Objects.toString(header);
  }
}
