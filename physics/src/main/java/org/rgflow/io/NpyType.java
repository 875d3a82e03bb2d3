package org.rgflow.io;

/** Element types of the NPY format that are read and written. */
public enum NpyType {
  FLOAT32('f', 4),
  FLOAT64('f', 8),
  INT32('i', 4),
  INT64('i', 8),
  /** Unsigned bytes. */
  UINT8('u', 1),
  /** Strings of a fixed number of UTF-32 characters, 4 bytes each. */
  TEXT('U', 4);

  private final char kind;
  private final int bytes;

  NpyType(char kind, int bytes) {
    this.kind = kind;
    this.bytes = bytes;
  }

  /** The letter of NumPy's type string. */
  public char kind() {
    return kind;
  }

  /** Bytes of one number, or of one character of a text. */
  public int bytes() {
    return bytes;
  }
}
