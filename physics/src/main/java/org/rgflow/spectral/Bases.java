package org.rgflow.spectral;

/** Real orthonormal bases of n points, as row-major n×n matrices in double: row k is the k-th basis function. */
public final class Bases {
  private Bases() {}

  /**
   * The real Fourier basis of {@link ModeTransform}: 1/√n; √(2/n) cos(2πfx/n) and √(2/n) sin(2πfx/n) in
   * rows 2f−1 and 2f; for even n the last row is (−1)^x/√n.
   */
  public static double[] realFourier(int n) {
    double[] matrix = new double[n * n];
    for (int k = 0; k < n; k++) {
      int f = (k + 1) / 2;
      double amplitude = Math.sqrt((k == 0 || 2 * f == n ? 1.0 : 2.0) / n);
      for (int x = 0; x < n; x++) {
        double angle = 2 * Math.PI * ((long) f * x % n) / n;
        matrix[k * n + x] = amplitude * (k == 0 ? 1 : (k & 1) == 1 ? Math.cos(angle) : Math.sin(angle));
      }
    }
    return matrix;
  }

  /** The orthonormal DCT-II: row 0 is 1/√n, row k is √(2/n) cos(πk(x + ½)/n). */
  public static double[] dct2(int n) {
    double[] matrix = new double[n * n];
    for (int k = 0; k < n; k++) {
      double amplitude = Math.sqrt((k == 0 ? 1.0 : 2.0) / n);
      for (int x = 0; x < n; x++) {
        matrix[k * n + x] = amplitude * Math.cos(Math.PI * (k * (2L * x + 1) % (4L * n)) / (2.0 * n));
      }
    }
    return matrix;
  }

  /** The transposed matrix, which for an orthonormal basis is the inverse. */
  public static double[] transpose(double[] matrix, int n) {
    double[] result = new double[n * n];
    for (int k = 0; k < n; k++) {
      for (int x = 0; x < n; x++) {
        result[x * n + k] = matrix[k * n + x];
      }
    }
    return result;
  }

  static float[] floats(double[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) values[i];
    }
    return result;
  }
}
