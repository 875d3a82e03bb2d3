package org.rgflow.statistics;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * The values of one primary observable along one or several independent Markov chains (replicas), of
 * equal or different length. Immutable by convention: arrays are kept, not copied.
 */
public final class TimeSeries {
  private final double[][] replicas;
  private final int size;

  private TimeSeries(double[][] replicas) {
    long total = 0;
    for (double[] replica : replicas) {
      total += replica.length;
    }
    if (total == 0) {
      throw new IllegalArgumentException("a time series needs at least one value");
    }
    if (total > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a time series has at most 2^31 - 1 values, not " + total);
    }
    this.replicas = replicas;
    this.size = (int) total;
  }

  /**
   * @param replicas one array of values per replica
   * @throws IllegalArgumentException if there is no value at all
   */
  public static TimeSeries of(double[]... replicas) {
    return new TimeSeries(Arrays.stream(replicas).filter(r -> r.length > 0).toArray(double[][]::new));
  }

  /**
   * Reads {@code values[measurement * replicas + replica]}, the order of {@link
   * org.rgflow.lattice.Ensemble#series}.
   *
   * @throws IllegalArgumentException if there is no value, or their number is not a multiple of {@code replicas}
   */
  public static TimeSeries interleaved(double[] values, int replicas) {
    if (replicas < 1 || values.length % replicas != 0) {
      throw new IllegalArgumentException(values.length + " values are not a multiple of " + replicas + " replicas");
    }
    int n = values.length / replicas;
    double[][] split = new double[replicas][n];
    for (int i = 0; i < n; i++) {
      for (int r = 0; r < replicas; r++) {
        split[r][i] = values[i * replicas + r];
      }
    }
    return of(split);
  }

  /** Number of replicas. */
  public int replicas() {
    return replicas.length;
  }

  /** The values of one replica: the array itself, not to be changed. */
  public double[] replica(int r) {
    return replicas[r];
  }

  /** Number of values in all replicas together. */
  public int size() {
    return size;
  }

  /** The mean over all values of all replicas; two passes, so exact for a constant series. */
  public double mean() {
    double first = replicas[0][0];
    double sum = 0;
    for (double[] replica : replicas) {
      for (double value : replica) {
        sum += value - first;
      }
    }
    return first + sum / size;
  }

  /** The series of f(value). */
  public TimeSeries map(DoubleUnaryOperator f) {
    return new TimeSeries(Arrays.stream(replicas).map(r -> Arrays.stream(r).map(f).toArray()).toArray(double[][]::new));
  }

  /** Σ_k c_k series_k, all of the same shape. */
  static TimeSeries combination(double[] c, TimeSeries... series) {
    requireSameShape(series);
    double[][] sum = new double[series[0].replicas()][];
    for (int r = 0; r < sum.length; r++) {
      sum[r] = new double[series[0].replicas[r].length];
      for (int k = 0; k < series.length; k++) {
        double[] x = series[k].replicas[r];
        for (int i = 0; i < x.length; i++) {
          sum[r][i] += c[k] * x[i];
        }
      }
    }
    return new TimeSeries(sum);
  }

  static void requireSameShape(TimeSeries... series) {
    if (series.length == 0) {
      throw new IllegalArgumentException("at least one time series is needed");
    }
    for (TimeSeries s : series) {
      boolean same = s.replicas() == series[0].replicas();
      for (int r = 0; same && r < s.replicas(); r++) {
        same = s.replicas[r].length == series[0].replicas[r].length;
      }
      if (!same) {
        throw new IllegalArgumentException("the time series have different numbers of replicas or values");
      }
    }
  }
}
