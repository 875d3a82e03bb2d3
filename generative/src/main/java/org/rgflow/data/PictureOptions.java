package org.rgflow.data;

/**
 * What a folder or zip of photographs is made into.
 *
 * @param colours 1 grey, 3 RGB
 * @param height of each picture
 * @param width of each picture
 * @param crop which part of a photograph is taken
 * @param maxDamaged so many damaged files are passed over; more are an error
 */
public record PictureOptions(int colours, int height, int width, Crop crop, int maxDamaged) {
  private static final int MAX_SIDE = 4096;

  /** @throws IllegalArgumentException if a number is out of its range */
  public PictureOptions {
    if (colours != 1 && colours != 3) {
      throw new IllegalArgumentException("pictures have 1 colour (grey) or 3, not " + colours);
    }
    if (height < 1 || width < 1 || height > MAX_SIDE || width > MAX_SIDE) {
      throw new IllegalArgumentException(
          "pictures have 1 to " + MAX_SIDE + " pixels a side, not " + width + "x" + height);
    }
    if (maxDamaged < 0) {
      throw new IllegalArgumentException("the number of damaged files cannot be below 0: " + maxDamaged);
    }
  }

  /** RGB, square, the paper's crop, at most 100 damaged files. */
  public static PictureOptions square(int side) {
    return new PictureOptions(3, side, side, Crop.PAPER, 100);
  }
}
