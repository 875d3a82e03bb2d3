package org.rgflow.statistics;

/**
 * A Monte Carlo result with its statistical error.
 *
 * @param mean the estimate
 * @param error its standard deviation; 0 for a constant series, NaN if it cannot be estimated
 * @param errorOfError standard deviation of {@code error}; NaN if unknown
 * @param tauInt integrated autocorrelation time in measurements, ½ for independent ones; NaN if unknown
 * @param tauIntError its standard deviation; NaN if unknown
 * @param window summation window W, or the block length
 * @param consistency probability that replicas of the same distribution disagree at least as much as
 *     these (Wolff's Q); NaN with one replica
 * @param samples number of values that went in
 * @param windowFound whether the series were long enough for the window or plateau criterion to be
 *     met; if not, error and tauInt are likely too small
 */
public record Estimate(double mean, double error, double errorOfError, double tauInt, double tauIntError, int window,
    double consistency, long samples, boolean windowFound) {

  /** A result without autocorrelation analysis. */
  static Estimate of(double mean, double error, double errorOfError, int blockLength, long samples) {
    return new Estimate(mean, error, errorOfError, Double.NaN, Double.NaN, blockLength, Double.NaN, samples, true);
  }

  /** Distance from an expected value in units of the error. */
  public double sigmas(double expected) {
    double difference = mean - expected;
    return difference == 0 ? 0 : difference / error;
  }
}
