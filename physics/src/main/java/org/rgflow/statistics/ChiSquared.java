package org.rgflow.statistics;

/** The χ² distribution, for goodness-of-fit probabilities. */
public final class ChiSquared {
  private static final double EPSILON = 0x1p-52;
  private static final int MAX_TERMS = 100_000;

  private ChiSquared() {}

  /**
   * The probability of a χ² of at least {@code x}: the regularised incomplete gamma function
   * Q(k/2, x/2), by the power series (x &lt; k + 2) or Lentz's continued fraction (Press et al.,
   * Numerical Recipes, 3rd ed., sec. 6.2); relative accuracy about 1e-12.
   *
   * @param x χ² ≥ 0; NaN gives NaN
   * @param degreesOfFreedom k ≥ 1
   */
  public static double survival(double x, int degreesOfFreedom) {
    if (degreesOfFreedom < 1) {
      throw new IllegalArgumentException("degrees of freedom = " + degreesOfFreedom + ": must be at least 1");
    }
    if (Double.isNaN(x) || x < 0) {
      return Double.NaN;
    }
    if (x == 0 || x == Double.POSITIVE_INFINITY) {
      return x == 0 ? 1 : 0;
    }
    double a = 0.5 * degreesOfFreedom;
    double z = 0.5 * x;
    double prefactor = Math.exp(a * Math.log(z) - z - logGammaHalf(degreesOfFreedom));
    if (z < a + 1) {
      double term = 1 / a;
      double sum = term;
      for (int n = 1; n < MAX_TERMS && Math.abs(term) > Math.abs(sum) * EPSILON; n++) {
        term *= z / (a + n);
        sum += term;
      }
      return 1 - prefactor * sum;
    }
    double b = z + 1 - a;
    double c = 1 / Double.MIN_NORMAL;
    double d = 1 / b;
    double h = d;
    double factor = 0;
    for (int n = 1; n < MAX_TERMS && Math.abs(factor - 1) > EPSILON; n++) {
      double an = -n * (n - a);
      b += 2;
      d = an * d + b;
      d = 1 / (Math.abs(d) < Double.MIN_NORMAL ? Double.MIN_NORMAL : d);
      c = b + an / c;
      c = Math.abs(c) < Double.MIN_NORMAL ? Double.MIN_NORMAL : c;
      factor = d * c;
      h *= factor;
    }
    return prefactor * h;
  }

  /** ln Γ(k/2) by the recurrence from Γ(½) = √π or Γ(1) = 1. */
  private static double logGammaHalf(int k) {
    double log = (k & 1) == 0 ? 0 : 0.5 * Math.log(Math.PI);
    for (double a = (k & 1) == 0 ? 1 : 0.5; a < 0.5 * k; a++) {
      log += Math.log(a);
    }
    return log;
  }
}
