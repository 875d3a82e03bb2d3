package org.rgflow.model;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.List;

/** A tensor to be written: a name, a type, a shape, and a part of an array that is read while writing. */
public final class Tensor {
  private static final int BUFFER = 1 << 20;

  private final String name;
  private final TensorType type;
  private final List<Integer> shape;
  private final Object values;
  private final int offset;

  private Tensor(String name, TensorType type, List<Integer> shape, Object values, int offset, int length) {
    this.name = name;
    this.type = type;
    this.shape = List.copyOf(shape);
    this.values = values;
    this.offset = offset;
    if (shape.stream().anyMatch(extent -> extent < 0)) {
      throw new IllegalArgumentException("tensor " + name + " has a negative extent in its shape " + shape);
    }
    if (offset < 0 || TensorEntry.elements(this.shape) > length - offset) {
      throw new IllegalArgumentException("tensor " + name + " of shape " + shape + " does not fit " + length
          + " values from " + offset + " on");
    }
  }

  /**
   * A part of a float array, which is rounded to the nearest where the type is a short one.
   *
   * @param type {@link TensorType#F32}, {@link TensorType#F16} or {@link TensorType#BF16}
   * @throws IllegalArgumentException if the part does not fit, or if half precision cannot hold a value
   */
  public static Tensor of(String name, TensorType type, List<Integer> shape, float[] values, int offset) {
    if (!type.holdsFloats()) {
      throw new IllegalArgumentException("tensor " + name + ": floats are not written as " + type);
    }
    Tensor tensor = new Tensor(name, type, shape, values, offset, values.length);
    if (type == TensorType.F16) {
      int end = offset + tensor.elements();
      for (int i = offset; i < end; i++) {
        if (Math.abs(values[i]) >= 65520 && Float.isFinite(values[i])) {
          throw new IllegalArgumentException(
              "tensor " + name + " holds " + values[i] + ", which half precision (F16) cannot; use BF16 or F32");
        }
      }
    }
    return tensor;
  }

  /** A vector of 64-bit integers. */
  public static Tensor of(String name, long[] values) {
    return new Tensor(name, TensorType.I64, List.of(values.length), values, 0, values.length);
  }

  /** A vector of 32-bit integers. */
  public static Tensor of(String name, int[] values) {
    return new Tensor(name, TensorType.I32, List.of(values.length), values, 0, values.length);
  }

  /** A vector of doubles. */
  public static Tensor of(String name, double[] values) {
    return new Tensor(name, TensorType.F64, List.of(values.length), values, 0, values.length);
  }

  /** Bytes of any shape. */
  public static Tensor of(String name, List<Integer> shape, byte[] values) {
    return new Tensor(name, TensorType.U8, shape, values, 0, values.length);
  }

  public String name() {
    return name;
  }

  public TensorType type() {
    return type;
  }

  public List<Integer> shape() {
    return shape;
  }

  int elements() {
    return (int) TensorEntry.elements(shape);
  }

  long bytes() {
    return (long) elements() * type.bytes();
  }

  /** A buffer for {@link #writeTo}. */
  static ByteBuffer buffer() {
    return ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
  }

  void writeTo(OutputStream out, ByteBuffer buffer) throws IOException {
    int elements = elements();
    int block = buffer.capacity() / type.bytes();
    for (int done = 0; done < elements; done += block) {
      int at = offset + done;
      int count = Math.min(block, elements - done);
      buffer.clear();
      switch (values) {
        case float[] floats when type == TensorType.F32 -> buffer.asFloatBuffer().put(floats, at, count);
        case float[] floats -> putShort(floats, at, count, buffer.asShortBuffer());
        case double[] doubles -> buffer.asDoubleBuffer().put(doubles, at, count);
        case long[] longs -> buffer.asLongBuffer().put(longs, at, count);
        case int[] ints -> buffer.asIntBuffer().put(ints, at, count);
        case byte[] bytes -> buffer.put(bytes, at, count);
        default -> throw new IllegalStateException(values.getClass().getName());
      }
      out.write(buffer.array(), 0, count * type.bytes());
    }
  }

  private void putShort(float[] floats, int at, int count, ShortBuffer shorts) {
    if (type == TensorType.F16) {
      for (int i = 0; i < count; i++) {
        shorts.put(i, Float.floatToFloat16(floats[at + i]));
      }
    } else {
      for (int i = 0; i < count; i++) {
        shorts.put(i, TensorType.toBfloat16(floats[at + i]));
      }
    }
  }
}
