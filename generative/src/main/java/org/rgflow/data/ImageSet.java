package org.rgflow.data;

import java.util.List;

/**
 * A set of pictures of one size in memory, as bytes 0 … 255. Immutable, and may be read by many threads.
 */
public interface ImageSet {
  /** Label of a picture without one. */
  int NO_LABEL = -1;

  /** Number of pictures, at least 1. */
  int size();

  /** Planes of each picture: 1 grey, 3 RGB. */
  int colours();

  int height();

  int width();

  /**
   * Copies picture {@code index}: byte {@code [(colour * height + y) * width + x]}, y downwards, to {@code out}
   * from {@code offset} on.
   *
   * @throws IndexOutOfBoundsException if there is no such picture or no room for it
   */
  void copy(int index, byte[] out, int offset);

  /** Class of a picture, an index into {@link #classes}, or {@link #NO_LABEL}. */
  int label(int index);

  /** Names of the classes, empty if the pictures have no labels. */
  List<String> classes();

  /** Files that were passed over when the set was read. */
  default List<DamagedPicture> damaged() {
    return List.of();
  }

  /** Bytes of one picture. */
  default int imageBytes() {
    return colours() * height() * width();
  }

  /** Bytes of memory that the pictures take. */
  default long bytes() {
    return (long) size() * imageBytes();
  }

  /** One picture, grey or RGB in [0, 1]. */
  default ColorImage image(int index) {
    byte[] bytes = new byte[imageBytes()];
    copy(index, bytes, 0);
    float[] values = new float[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (bytes[i] & 0xFF) / 255f;
    }
    return new ColorImage(colours(), height(), width(), values);
  }
}
