package org.rgflow.data;

/**
 * Colours as the image model sees them: RGB in [0, 1] to luma and chroma by ITU-R BT.601 in JPEG's full
 * range (JFIF 1.02), Y = 0.299 R + 0.587 G + 0.114 B, Cb = ½ + (B−Y)/1.772, Cr = ½ + (R−Y)/1.402, and
 * then v ↦ 2v − 1, so that all three lie in [−1, 1] and grey has no chroma (2402.17090).
 */
public final class YCbCr {
  private static final double RED = 0.299;
  private static final double BLUE = 0.114;
  private static final double GREEN = 1 - RED - BLUE;
  private static final double CB = 2 * (1 - BLUE);
  private static final double CR = 2 * (1 - RED);

  private YCbCr() {}

  /** RGB in [0, 1] to Y Cb Cr in [−1, 1]. */
  public static ColorImage ofRgb(ColorImage rgb) {
    int n = requireThree(rgb);
    float[] out = rgb.values().clone();
    encode(out, 0, n);
    return new ColorImage(3, rgb.height(), rgb.width(), out);
  }

  /** Three planes of {@code n} numbers each from {@code offset} on, RGB in [0, 1] to Y Cb Cr in their place. */
  static void encode(float[] planes, int offset, int n) {
    for (int i = offset; i < offset + n; i++) {
      float r = planes[i];
      float b = planes[2 * n + i];
      double y = RED * r + GREEN * planes[n + i] + BLUE * b;
      planes[i] = (float) (2 * y - 1);
      planes[n + i] = (float) (2 * (b - y) / CB);
      planes[2 * n + i] = (float) (2 * (r - y) / CR);
    }
  }

  /** Y Cb Cr in [−1, 1] to RGB; not clipped. */
  public static ColorImage toRgb(ColorImage yCbCr) {
    int n = requireThree(yCbCr);
    float[] in = yCbCr.values();
    float[] out = new float[3 * n];
    for (int i = 0; i < n; i++) {
      double y = 0.5 * (in[i] + 1);
      double r = y + 0.5 * CR * in[2 * n + i];
      double b = y + 0.5 * CB * in[n + i];
      out[i] = (float) r;
      out[n + i] = (float) ((y - RED * r - BLUE * b) / GREEN);
      out[2 * n + i] = (float) b;
    }
    return new ColorImage(3, yCbCr.height(), yCbCr.width(), out);
  }

  private static int requireThree(ColorImage image) {
    if (image.colours() != 3) {
      throw new IllegalArgumentException("a colour image has 3 planes, not " + image.colours());
    }
    return image.height() * image.width();
  }
}
