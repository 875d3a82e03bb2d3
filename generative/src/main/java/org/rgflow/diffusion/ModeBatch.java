package org.rgflow.diffusion;

/**
 * How a batch of images lies in one {@code float[]} on its way through network and sampler:
 * {@code [image][channel][position]}. In frequency space the channels are the modes (colour, k1, k2) and the
 * positions the patches; in pixel space they are the colours and the pixels.
 *
 * @param images number of images
 * @param channels numbers per position, one for each mode of the {@link NoiseSchedule}
 * @param positions height × width at which the network works
 */
public record ModeBatch(int images, int channels, int positions) {
  /** @throws IllegalArgumentException if an extent is below 1 or the batch exceeds a Java array */
  public ModeBatch {
    if (images < 1 || channels < 1 || positions < 1) {
      throw new IllegalArgumentException(
          "a batch has at least one image, channel and position, not " + images + ", " + channels + ", " + positions);
    }
    if ((long) images * channels * positions > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("a batch of " + images + " images of " + channels + "x" + positions
          + " numbers does not fit one buffer; use a smaller batch");
    }
  }

  /** Numbers of one image. */
  public int imageSize() {
    return channels * positions;
  }

  /** Numbers of the batch. */
  public int size() {
    return images * imageSize();
  }
}
