package org.rgflow.data;

import java.awt.image.BufferedImage;
import java.util.Objects;

/**
 * A picture as colour planes, {@code values[(colour * height + y) * width + x]}, y downwards.
 *
 * @param colours number of planes: 1 grey, 3 RGB or Y Cb Cr
 * @param values the planes, colours × height × width numbers
 */
public record ColorImage(int colours, int height, int width, float[] values) {
  /** @throws IllegalArgumentException if the number of values does not fit */
  public ColorImage {
    Objects.requireNonNull(values, "values");
    if (colours < 1 || height < 1 || width < 1 || (long) colours * height * width != values.length) {
      throw new IllegalArgumentException(
          "an image of " + colours + " planes of " + width + "x" + height + " does not have " + values.length
          + " values");
    }
  }

  /** RGB in [0, 1] from an 8-bit picture. */
  public static ColorImage ofRgb(BufferedImage picture) {
    int height = picture.getHeight();
    int width = picture.getWidth();
    float[] values = new float[3 * height * width];
    for (int i = 0; i < height * width; i++) {
      int rgb = picture.getRGB(i % width, i / width);
      for (int c = 0; c < 3; c++) {
        values[c * height * width + i] = (rgb >> (16 - 8 * c) & 255) / 255f;
      }
    }
    return new ColorImage(3, height, width, values);
  }

  /** Every pixel becomes {@code factor} × {@code factor} pixels. */
  public ColorImage enlarged(int factor) {
    float[] large = new float[Math.multiplyExact(values.length, factor * factor)];
    for (int i = 0; i < large.length; i++) {
      int x = i % (width * factor);
      int line = i / (width * factor);
      large[i] = values[(line / (height * factor) * height + line % (height * factor) / factor) * width + x / factor];
    }
    return new ColorImage(colours, height * factor, width * factor, large);
  }

  /** An 8-bit picture from RGB in [0, 1]; values outside are clipped. */
  public BufferedImage toPicture() {
    if (colours != 3) {
      throw new IllegalArgumentException("a colour picture has 3 planes, not " + colours);
    }
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < height * width; i++) {
      int rgb = 0;
      for (int c = 0; c < 3; c++) {
        rgb = rgb << 8 | Math.round(255 * Math.clamp(values[c * height * width + i], 0f, 1f));
      }
      picture.setRGB(i % width, i / width, rgb);
    }
    return picture;
  }
}
