package org.rgflow.statistics;

import java.util.SplittableRandom;

/** Synthetic chains of known autocorrelation. */
final class MarkovChains {
  private MarkovChains() {}

  /** The coefficient for which an AR(1) process has the given integrated autocorrelation time. */
  static double coefficient(double tau) {
    return (2 * tau - 1) / (2 * tau + 1);
  }

  /** x' = a x + √(1−a²) ξ in equilibrium: mean 0, variance 1, ρ(t) = a^t, τ_int = ½ (1+a)/(1−a). */
  static double[] ar1(double tau, int n, SplittableRandom random) {
    double a = coefficient(tau);
    double[] x = new double[n];
    double value = random.nextGaussian();
    for (int i = 0; i < n; i++) {
      x[i] = value;
      value = a * value + Math.sqrt(1 - a * a) * random.nextGaussian();
    }
    return x;
  }

  /** The exact variance of the mean of n values of that process. */
  static double varianceOfMean(double tau, int n) {
    double a = coefficient(tau);
    double sum = n;
    for (int t = 1; t < n; t++) {
      sum += 2 * (n - t) * Math.pow(a, t);
    }
    return sum / n / n;
  }
}
