package org.rgflow.statistics;

import java.util.function.ToDoubleFunction;

/** A way to estimate means, and functions of means, with their statistical errors. */
public interface Estimator {
  /** The mean of one primary observable. */
  Estimate primary(TimeSeries series);

  /**
   * A function of the means of several primaries.
   *
   * @throws IllegalArgumentException if the series differ in shape
   */
  Estimate derived(ToDoubleFunction<double[]> f, TimeSeries... primaries);
}
