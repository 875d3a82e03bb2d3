package org.rgflow.transport;

/**
 * The logarithmic mean θ(s, t) = (s − t)/(ln s − ln t) of positive numbers, θ(s, s) = s, θ(s, 0) = 0: concave,
 * homogeneous of degree one, between the geometric and the arithmetic mean. It makes the chain rule θ(s, t)(ln s −
 * ln t) = s − t exact on a graph.
 */
public final class LogarithmicMean {
  /** Below this |ln(s/t)| closed forms of derivatives cancel, and series are used. */
  private static final double SERIES = 1;
  private static final int TERMS = 20;

  private LogarithmicMean() {}

  /** θ(s, t) for s, t ≥ 0, as √(st) sinh(z)/z with z = ½ ln(s/t). */
  public static double value(double s, double t) {
    if (s == 0 || t == 0) {
      return 0;
    }
    double z = 0.5 * Math.log(s / t);
    if (Math.abs(z) < 1e-4) {
      return Math.sqrt(s) * Math.sqrt(t) * (1 + z * z / 6);
    }
    if (Math.abs(z) > 300) {
      return (s - t) / (2 * z);
    }
    return Math.sqrt(s) * Math.sqrt(t) * Math.sinh(z) / z;
  }

  /** ∂θ/∂s = (L − 1 + e^(−L))/L², L = ln(s/t), for s, t &gt; 0; ∂θ/∂t is the same with s and t exchanged. */
  public static double derivative(double s, double t) {
    double l = Math.log(s / t);
    if (Math.abs(l) > SERIES) {
      return (l + Math.expm1(-l)) / (l * l);
    }
    double sum = 0;
    double term = 0.5;
    for (int k = 0; k < TERMS; k++) {
      sum += term;
      term *= -l / (k + 3);
    }
    return sum;
  }

  /**
   * ∂²θ/∂s² ≤ 0 for s, t &gt; 0. The mean being homogeneous, θ_st = −(s/t) θ_ss and θ_tt = (s/t)² θ_ss.
   */
  public static double secondDerivative(double s, double t) {
    double l = Math.log(s / t);
    if (Math.abs(l) > SERIES) {
      return (-Math.expm1(-l) - 2 * (l + Math.expm1(-l)) / l) / (l * l) / s;
    }
    double sum = 0;
    double term = -1.0 / 6;
    for (int k = 1; k < TERMS; k++) {
      sum += k * term;
      term *= -l / (k + 3);
    }
    return sum / s;
  }
}
