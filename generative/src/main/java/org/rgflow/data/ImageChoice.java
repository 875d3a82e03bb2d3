package org.rgflow.data;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Some pictures of a set, in any order. Shares the set's memory. */
public final class ImageChoice implements ImageSet {
  private final ImageSet images;
  private final int[] indices;

  private ImageChoice(ImageSet images, int[] indices) {
    this.images = images;
    this.indices = indices;
  }

  /**
   * {@code count} pictures spread evenly over a set: numbers ⌊i · size/count⌋.
   *
   * @throws IllegalArgumentException if there are not so many
   */
  public static ImageChoice evenly(ImageSet images, int count) {
    return new ImageChoice(images, spread(images, count));
  }

  /**
   * The others than {@link #evenly}.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static ImageChoice others(ImageSet images, int count) {
    boolean[] taken = new boolean[images.size()];
    for (int index : spread(images, count)) {
      taken[index] = true;
    }
    int[] rest = IntStream.range(0, taken.length).filter(i -> !taken[i]).toArray();
    if (rest.length == 0) {
      throw new IllegalArgumentException("no picture is left beside " + count + " of " + images.size());
    }
    return new ImageChoice(images, rest);
  }

  private static int[] spread(ImageSet images, int count) {
    if (count < 1 || count > images.size()) {
      throw new IllegalArgumentException(count + " of " + images.size() + " pictures cannot be chosen");
    }
    return IntStream.range(0, count).map(i -> (int) ((long) i * images.size() / count)).toArray();
  }

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public int colours() {
    return images.colours();
  }

  @Override
  public int height() {
    return images.height();
  }

  @Override
  public int width() {
    return images.width();
  }

  @Override
  public void copy(int index, byte[] out, int offset) {
    images.copy(indices[Objects.checkIndex(index, indices.length)], out, offset);
  }

  @Override
  public int label(int index) {
    return images.label(indices[Objects.checkIndex(index, indices.length)]);
  }

  @Override
  public List<String> classes() {
    return images.classes();
  }

  @Override
  public List<DamagedPicture> damaged() {
    return images.damaged();
  }

  /** None of its own. */
  @Override
  public long bytes() {
    return 0;
  }
}
