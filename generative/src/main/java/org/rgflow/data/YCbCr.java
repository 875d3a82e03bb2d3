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
    float[] in = rgb.values();
    float[] out = new float[3 * n];
    for (int i = 0; i < n; i++) {
      double y = RED * in[i] + GREEN * in[n + i] + BLUE * in[2 * n + i];
      out[i] = (float) (2 * y - 1);
      out[n + i] = (float) (2 * (in[2 * n + i] - y) / CB);
      out[2 * n + i] = (float) (2 * (in[i] - y) / CR);
    }
    return new ColorImage(3, rgb.height(), rgb.width(), out);
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
