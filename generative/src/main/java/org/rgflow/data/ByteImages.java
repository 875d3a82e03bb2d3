package org.rgflow.data;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Pictures of one size in one array, for instance those that a model has drawn. Immutable. */
public final class ByteImages implements ImageSet {
  private final int colours;
  private final int height;
  private final int width;
  private final byte[] pixels;
  private final int[] labels;
  private final List<String> classes;

  /**
   * @param pixels {@code [picture][colour][y][x]}; not copied
   * @param labels class of each picture, empty for pictures without
   * @param classes names of the classes, empty for pictures without
   * @throws IllegalArgumentException if the numbers do not fit together
   */
  public ByteImages(int colours, int height, int width, byte[] pixels, int[] labels, List<String> classes) {
    if ((colours != 1 && colours != 3) || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "pictures are grey or RGB and have pixels, not " + colours + " colours of " + width + "x" + height);
    }
    long size = (long) colours * height * width;
    if (pixels.length == 0 || pixels.length % size != 0) {
      throw new IllegalArgumentException(pixels.length + " bytes are not pictures of " + size);
    }
    if (labels.length != 0 && labels.length != pixels.length / size || labels.length == 0 != classes.isEmpty()) {
      throw new IllegalArgumentException(labels.length + " labels in " + classes.size() + " classes for "
          + pixels.length / size + " pictures");
    }
    for (int label : labels) {
      Objects.checkIndex(label, classes.size());
    }
    this.colours = colours;
    this.height = height;
    this.width = width;
    this.pixels = pixels;
    this.labels = labels.clone();
    this.classes = List.copyOf(classes);
  }

  /**
   * Rounds pictures to bytes, as a file would.
   *
   * @param labels class of each picture, empty for pictures without
   * @throws IllegalArgumentException if there is none, or they differ in size
   */
  public static ByteImages of(List<ColorImage> pictures, int[] labels, List<String> classes) {
    if (pictures.isEmpty()) {
      throw new IllegalArgumentException("there are no pictures");
    }
    ColorImage first = pictures.getFirst();
    int size = first.values().length;
    byte[] pixels = new byte[Math.multiplyExact(pictures.size(), size)];
    for (int i = 0; i < pictures.size(); i++) {
      ColorImage picture = pictures.get(i);
      if (picture.colours() != first.colours() || picture.height() != first.height()
          || picture.width() != first.width()) {
        throw new IllegalArgumentException("picture " + i + " has " + picture.width() + "x" + picture.height()
            + " pixels, the first " + first.width() + "x" + first.height());
      }
      for (int p = 0; p < size; p++) {
        pixels[i * size + p] = (byte) Math.round(255 * Math.clamp(picture.values()[p], 0f, 1f));
      }
    }
    return new ByteImages(first.colours(), first.height(), first.width(), pixels, labels, classes);
  }

  /**
   * The first {@code count} pictures.
   *
   * @throws IllegalArgumentException if there are not so many
   */
  public ByteImages first(int count) {
    if (count < 1 || count > size()) {
      throw new IllegalArgumentException(count + " of " + size() + " pictures cannot be taken");
    }
    return new ByteImages(colours, height, width, Arrays.copyOf(pixels, count * imageBytes()),
        labels.length == 0 ? labels : Arrays.copyOf(labels, count), classes);
  }

  @Override
  public int size() {
    return pixels.length / imageBytes();
  }

  @Override
  public int colours() {
    return colours;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public void copy(int index, byte[] out, int offset) {
    System.arraycopy(pixels, Objects.checkIndex(index, size()) * imageBytes(), out, offset, imageBytes());
  }

  @Override
  public int label(int index) {
    Objects.checkIndex(index, size());
    return labels.length == 0 ? NO_LABEL : labels[index];
  }

  @Override
  public List<String> classes() {
    return classes;
  }
}
