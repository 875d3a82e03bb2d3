package org.rgflow.diffusion;

/** Ways between two starts of a sampler. */
public final class Interpolation {
  private Interpolation() {}

  /**
   * Spherical interpolation of white noise (Shoemake 1985), which keeps its length, as the straight line does not:
   * out = (sin((1−u)θ) a + sin(uθ) b)/sin θ, θ the angle between a and b.
   *
   * @param u 0 gives a, 1 gives b
   * @param out written, from {@code offset} on
   * @throws IllegalArgumentException if the lengths differ or one of the vectors is zero
   */
  public static void spherical(float[] a, float[] b, double u, float[] out, int offset) {
    if (a.length != b.length) {
      throw new IllegalArgumentException("no way from " + a.length + " numbers to " + b.length);
    }
    double aa = 0;
    double bb = 0;
    double ab = 0;
    for (int i = 0; i < a.length; i++) {
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
      ab += (double) a[i] * b[i];
    }
    if (!(aa > 0) || !(bb > 0)) {
      throw new IllegalArgumentException("no angle with a vector of length zero");
    }
    double angle = Math.acos(Math.clamp(ab / Math.sqrt(aa * bb), -1.0, 1.0));
    double sine = Math.sin(angle);
    // Nearly parallel vectors: the straight line.
    double left = sine < 1e-6 ? 1 - u : Math.sin((1 - u) * angle) / sine;
    double right = sine < 1e-6 ? u : Math.sin(u * angle) / sine;
    for (int i = 0; i < a.length; i++) {
      out[offset + i] = (float) (left * a[i] + right * b[i]);
    }
  }
}
