package org.rgflow.data;

import java.util.List;
import java.util.Objects;

/** Some consecutive pictures of a set, for instance those kept back for testing. Shares the set's memory. */
public final class ImageRange implements ImageSet {
  private final ImageSet images;
  private final int begin;
  private final int size;

  /**
   * The pictures {@code begin <= index < end}.
   *
   * @throws IllegalArgumentException if that is no range of at least one picture
   */
  public ImageRange(ImageSet images, int begin, int end) {
    if (begin < 0 || end <= begin || end > images.size()) {
      throw new IllegalArgumentException(
          "pictures " + begin + " to " + end + " are no range of a set of " + images.size());
    }
    this.images = images;
    this.begin = begin;
    this.size = end - begin;
  }

  @Override
  public int size() {
    return size;
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
    images.copy(begin + Objects.checkIndex(index, size), out, offset);
  }

  @Override
  public int label(int index) {
    return images.label(begin + Objects.checkIndex(index, size));
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
