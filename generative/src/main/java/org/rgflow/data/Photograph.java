package org.rgflow.data;

/**
 * A decoded photograph, {@code samples[(y * width + x) * bands + band]}.
 *
 * @param bands 1 grey or 3 RGB
 */
record Photograph(int width, int height, int bands, byte[] samples) {
  /** Grey by ITU-R BT.601, Y = 0.299 R + 0.587 G + 0.114 B, rounded in 16-bit fixed point. */
  Photograph toGrey() {
    if (bands == 1) {
      return this;
    }
    byte[] grey = new byte[width * height];
    for (int i = 0; i < grey.length; i++) {
      int r = samples[3 * i] & 0xFF;
      int g = samples[3 * i + 1] & 0xFF;
      int b = samples[3 * i + 2] & 0xFF;
      grey[i] = (byte) (19595 * r + 38470 * g + 7471 * b + 0x8000 >> 16);
    }
    return new Photograph(width, height, 1, grey);
  }

  /**
   * Crops and scales to planes {@code [colour][y][x]} by a triangle filter as wide as the reduction, which
   * neither aliases nor moves the picture (as Pillow's BILINEAR does); a factor of 1 copies.
   *
   * @throws IllegalArgumentException if the photograph is too small for the crop
   */
  byte[] toPlanes(Crop crop, int colours, int targetHeight, int targetWidth) {
    Crop.Plan plan = crop.plan(width, height, targetWidth, targetHeight);
    Photograph source = colours == 1 ? toGrey() : this;
    Taps across = Taps.of(plan.width(), plan.scaledWidth(), plan.left(), targetWidth);
    Taps down = Taps.of(plan.height(), plan.scaledHeight(), plan.top(), targetHeight);
    int firstRow = down.begin[0];
    int rows = down.begin[targetHeight - 1] + down.count[targetHeight - 1] - firstRow;
    int n = source.bands;
    float[] narrow = new float[rows * targetWidth * n];
    for (int row = 0; row < rows; row++) {
      int line = ((plan.y() + firstRow + row) * width + plan.x()) * n;
      for (int x = 0; x < targetWidth; x++) {
        for (int band = 0; band < n; band++) {
          float sum = 0;
          for (int k = 0; k < across.count[x]; k++) {
            int sample = source.samples[line + (across.begin[x] + k) * n + band] & 0xFF;
            sum += across.weights[x * across.most + k] * sample;
          }
          narrow[(row * targetWidth + x) * n + band] = sum;
        }
      }
    }
    byte[] planes = new byte[colours * targetHeight * targetWidth];
    for (int colour = 0; colour < colours; colour++) {
      int band = Math.min(colour, n - 1);
      for (int y = 0; y < targetHeight; y++) {
        for (int x = 0; x < targetWidth; x++) {
          float sum = 0;
          for (int k = 0; k < down.count[y]; k++) {
            int row = down.begin[y] - firstRow + k;
            sum += down.weights[y * down.most + k] * narrow[(row * targetWidth + x) * n + band];
          }
          planes[(colour * targetHeight + y) * targetWidth + x] = (byte) Math.clamp(Math.round(sum), 0, 255);
        }
      }
    }
    return planes;
  }

  /** For each output position: first input position, number of them, and their weights, which sum to 1. */
  private record Taps(int[] begin, int[] count, float[] weights, int most) {
    static Taps of(int length, int scaled, int offset, int outputs) {
      double scale = (double) length / scaled;
      double support = Math.max(scale, 1);
      int most = (int) Math.ceil(support) * 2 + 1;
      int[] begin = new int[outputs];
      int[] count = new int[outputs];
      float[] weights = new float[outputs * most];
      for (int i = 0; i < outputs; i++) {
        double centre = (offset + i + 0.5) * scale;
        int first = Math.max(0, (int) (centre - support + 0.5));
        int end = Math.min(length, (int) (centre + support + 0.5));
        double sum = 0;
        for (int j = first; j < end; j++) {
          sum += Math.max(0, 1 - Math.abs(j + 0.5 - centre) / support);
        }
        for (int j = first; j < end; j++) {
          weights[i * most + j - first] = (float) (Math.max(0, 1 - Math.abs(j + 0.5 - centre) / support) / sum);
        }
        begin[i] = first;
        count[i] = end - first;
      }
      return new Taps(begin, count, weights, most);
    }
  }
}
