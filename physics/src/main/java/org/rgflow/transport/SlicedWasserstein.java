package org.rgflow.transport;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;

/**
 * The sliced Wasserstein distance of two samples (Rabin, Peyré, Delon &amp; Bernot 2011): the mean over directions θ of
 * the squared distance on the line of the projected samples,
 *
 * <pre>  SW₂² = E_θ W₂²(θ·x, θ·y),   |θ| = 1 uniform.</pre>
 *
 * The mean is estimated by independent random directions, with its error. SW₂² ≤ W₂²/d, with equality for translations.
 *
 * @param squared SW₂²
 * @param error standard error of the mean over directions; that of the samples is not counted
 */
public record SlicedWasserstein(double squared, double error) {
  /**
   * @param x sample [point][coordinate], of equal weights
   * @param y sample; the numbers of points may differ
   * @param directions at least 2
   * @param seed of the directions
   * @throws IllegalArgumentException if a sample is empty or the coordinates differ in number
   */
  public static SlicedWasserstein between(double[][] x, double[][] y, int directions, long seed) {
    if (directions < 2) {
      throw new IllegalArgumentException("at least 2 directions are needed, not " + directions);
    }
    if (x.length == 0 || y.length == 0) {
      throw new IllegalArgumentException("there are no points to transport");
    }
    int dimension = x[0].length;
    UniformRandomProvider random = new RandomStream(seed).provider(Streams.SLICES);
    double[] direction = new double[dimension];
    double[] from = new double[x.length];
    double[] to = new double[y.length];
    double mean = 0;
    double squares = 0;
    for (int k = 0; k < directions; k++) {
      double norm = 0;
      for (int d = 0; d < dimension; d++) {
        direction[d] = Math.sqrt(-2 * Math.log1p(-random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
        norm += direction[d] * direction[d];
      }
      norm = Math.sqrt(norm);
      for (int d = 0; d < dimension; d++) {
        direction[d] /= norm;
      }
      project(x, direction, from);
      project(y, direction, to);
      double distance = sorted(from, to);
      double step = distance - mean;
      mean += step / (k + 1);
      squares += step * (distance - mean);
    }
    return new SlicedWasserstein(mean, Math.sqrt(squares / (directions - 1) / directions));
  }

  private static void project(double[][] points, double[] direction, double[] result) {
    for (int i = 0; i < points.length; i++) {
      if (points[i].length != direction.length) {
        throw new IllegalArgumentException(
            "a point has " + points[i].length + " coordinates where the first has " + direction.length);
      }
      double sum = 0;
      for (int d = 0; d < direction.length; d++) {
        sum += direction[d] * points[i][d];
      }
      result[i] = sum;
    }
  }

  /** W₂² of two samples on the line; sorts them. */
  private static double sorted(double[] x, double[] y) {
    Arrays.sort(x);
    Arrays.sort(y);
    // Between two jumps of either quantile function, at i/n and j/m, both are constant.
    double sum = 0;
    long n = x.length;
    long m = y.length;
    int i = 0;
    int j = 0;
    long position = 0;
    while (i < n && j < m) {
      long next = Math.min((i + 1) * m, (j + 1) * n);
      double difference = x[i] - y[j];
      sum += (next - position) * difference * difference;
      position = next;
      if (next == (i + 1) * m) {
        i++;
      }
      if (next == (j + 1) * n) {
        j++;
      }
    }
    return sum / n / m;
  }
}
