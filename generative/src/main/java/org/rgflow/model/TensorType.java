package org.rgflow.model;

import java.util.Optional;

/** Element types of the safetensors format, all little-endian; constants are named as in the file. */
public enum TensorType {
  F64(8), I64(8), U64(8), F32(4), I32(4), U32(4), F16(2), BF16(2), I16(2), U16(2), F8_E4M3(1), F8_E5M2(1), I8(1), U8(1),
  BOOL(1);

  private final int bytes;

  TensorType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Whether this is one of the types that {@code float} arrays are read from and written to. */
  public boolean holdsFloats() {
    return this == F32 || this == F16 || this == BF16;
  }

  static Optional<TensorType> named(String name) {
    for (TensorType type : values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The nearest bfloat16, ties to even. */
  static short toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >> 16 | 0x40);
    }
    return (short) (bits + 0x7FFF + (bits >> 16 & 1) >> 16);
  }

  static float ofBfloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
