package org.rgflow.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Correlations of a periodic series, on the Vector API. */
public final class CorrelationVector {
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  private static final int D = DOUBLES.length();

  private CorrelationVector() {}

  /**
   * Σ_s x(s) x(s+t) for t = 0 … {@code separations} − 1 ≤ n, added up in the order of s.
   *
   * @param x the n values, and then the same once more
   */
  public static void correlate(double[] x, int n, double[] sums, int separations) {
    int t = 0;
    for (; t <= separations - D; t += D) {
      DoubleVector sum = DoubleVector.zero(DOUBLES);
      for (int s = 0; s < n; s++) {
        sum = sum.add(DoubleVector.fromArray(DOUBLES, x, s + t).mul(x[s]));
      }
      sum.intoArray(sums, t);
    }
    for (; t < separations; t++) {
      double sum = 0;
      for (int s = 0; s < n; s++) {
        sum += x[s] * x[s + t];
      }
      sums[t] = sum;
    }
  }
}
