package org.rgflow.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.rgflow.io.AtomicFile;

/**
 * Images side by side in one picture, row by row, with a gap between them and, if wanted, a label under each. Values
 * are grey or RGB in [0, 1], clipped; every pixel becomes {@code zoom} × {@code zoom} pixels.
 *
 * @param columns images in a row
 * @param zoom at least 1
 * @param gap pixels between images and around them
 */
public record ImageGrid(int columns, int zoom, int gap) {
  private static final int PAPER = 0xFFFFFF;
  private static final int INK = 0x202020;
  /** Largest side of a picture. */
  private static final int LIMIT = 32_768;

  /** @throws IllegalArgumentException if a number is impossible */
  public ImageGrid {
    if (columns < 1 || zoom < 1 || zoom > 64 || gap < 0 || gap > 1024) {
      throw new IllegalArgumentException("a grid needs at least one column, zoom 1 to 64 and a gap of 0 to 1024, not "
          + columns
          + ", " + zoom + " and " + gap);
    }
  }

  /** As square as it gets, at the images' own size or, if they are smaller than 48 pixels, twice that. */
  public static ImageGrid square(List<ColorImage> images) {
    return images.isEmpty() ? new ImageGrid(1, 1, 2)
        : square(images.getFirst().height(), images.getFirst().width(), images.size());
  }

  /** The same by their size and number. */
  public static ImageGrid square(int height, int width, int count) {
    int columns = (int) Math.ceil(Math.sqrt(Math.max(1, count)));
    return new ImageGrid(columns, Math.max(width, height) < 48 ? 2 : 1, 2);
  }

  /**
   * Whether so many images without labels make a picture that can be drawn.
   *
   * @throws IllegalArgumentException if it would be too large
   */
  public void require(int height, int width, int count) {
    require(height, width, count, 0);
  }

  /**
   * Whether so many images with labels make a picture that can be drawn.
   *
   * @throws IllegalArgumentException if it would be too large
   */
  public void requireLabelled(int height, int width, long count) {
    require(height, width, count, strip());
  }

  /** Height of a label. */
  private int strip() {
    return (PixelLettering.HEIGHT + 2) * zoom;
  }

  private void require(int height, int width, long count, int strip) {
    long across = Math.min(columns, count);
    long rows = (count + columns - 1) / columns;
    long fullWidth = gap + across * (width * (long) zoom + gap);
    long fullHeight = gap + rows * (height * (long) zoom + strip + gap);
    if (fullWidth > LIMIT || fullHeight > LIMIT) {
      throw new IllegalArgumentException("a picture of " + fullWidth + "x" + fullHeight
          + " pixels is too large (at most " + LIMIT + " a side); draw fewer images");
    }
  }

  /** The picture without labels. */
  public BufferedImage draw(List<ColorImage> images) {
    return draw(images, List.of());
  }

  /**
   * The picture.
   *
   * @param labels one for each image, or none at all; capitals, digits and . - = + / : % are legible
   * @throws IllegalArgumentException if the images differ in size, are none, or the picture would be too large
   */
  public BufferedImage draw(List<ColorImage> images, List<String> labels) {
    if (images.isEmpty()) {
      throw new IllegalArgumentException("a grid needs at least one image");
    }
    if (!labels.isEmpty() && labels.size() != images.size()) {
      throw new IllegalArgumentException(labels.size() + " labels for " + images.size() + " images");
    }
    int height = images.getFirst().height();
    int width = images.getFirst().width();
    int strip = labels.isEmpty() ? 0 : strip();
    int rows = (images.size() + columns - 1) / columns;
    int across = Math.min(columns, images.size());
    long fullWidth = gap + (long) across * (width * (long) zoom + gap);
    long fullHeight = gap + (long) rows * (height * (long) zoom + strip + gap);
    require(height, width, images.size(), strip);
    BufferedImage picture = new BufferedImage((int) fullWidth, (int) fullHeight, BufferedImage.TYPE_INT_RGB);
    int[] paper = new int[picture.getWidth()];
    Arrays.fill(paper, PAPER);
    for (int y = 0; y < picture.getHeight(); y++) {
      picture.setRGB(0, y, paper.length, 1, paper, 0, paper.length);
    }
    for (int i = 0; i < images.size(); i++) {
      ColorImage image = images.get(i);
      if (image.height() != height || image.width() != width) {
        throw new IllegalArgumentException("image " + i + " has " + image.width() + "x" + image.height()
            + " pixels, the first "
            + width + "x" + height);
      }
      int left = gap + i % columns * (width * zoom + gap);
      int top = gap + i / columns * (height * zoom + strip + gap);
      for (int y = 0; y < height * zoom; y++) {
        for (int x = 0; x < width * zoom; x++) {
          picture.setRGB(left + x, top + y, rgb(image, y / zoom * width + x / zoom));
        }
      }
      if (!labels.isEmpty()) {
        int letters = Math.max(1, width / PixelLettering.ADVANCE);
        String label = Objects.requireNonNull(labels.get(i), "label");
        PixelLettering.write(picture, label.length() > letters ? label.substring(0, letters) : label, left,
            top + height * zoom + zoom, zoom, INK);
      }
    }
    return picture;
  }

  private static int rgb(ColorImage image, int at) {
    int plane = image.height() * image.width();
    int rgb = 0;
    for (int c = 0; c < 3; c++) {
      float value = image.values()[(image.colours() == 3 ? c * plane : 0) + at];
      rgb = rgb << 8 | Math.round(255 * Math.clamp(value, 0f, 1f)); // NaN is black
    }
    return rgb;
  }

  /**
   * Writes a picture as PNG, atomically.
   *
   * @throws IOException with one line for the user
   */
  public static void write(Path file, BufferedImage picture) throws IOException {
    AtomicFile.write(file, out -> {
      if (!ImageIO.write(picture, "png", out)) {
        throw new IOException("this Java runtime cannot write PNG");
      }
    });
  }
}
