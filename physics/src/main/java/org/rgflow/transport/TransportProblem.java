package org.rgflow.transport;

import java.util.Arrays;

/**
 * Kantorovich's problem (1942): over P ≥ 0 with Σ_j P_ij = a_i and Σ_i P_ij = b_j minimise Σ c_ij P_ij. Its dual is to
 * maximise Σ a_i u_i + Σ b_j v_j subject to u_i + v_j ≤ c_ij.
 *
 * @param source a, not negative; not copied
 * @param target b, not negative; not copied
 * @param cost c
 */
public record TransportProblem(double[] source, double[] target, CostMatrix cost) {
  /** Relative difference of the total masses that is taken for rounding. */
  private static final double ROUNDING = 1e-10;

  /**
   * @throws IllegalArgumentException if a mass is negative or not finite, there is no mass, the total masses differ, or
   *     the sizes do not agree with the cost
   */
  public TransportProblem {
    if (source.length != cost.rows() || target.length != cost.columns()) {
      throw new IllegalArgumentException("the cost is " + cost.rows() + "x" + cost.columns() + " but there are "
          + source.length + " sources and " + target.length + " targets");
    }
    requireBalance(source, target);
  }

  /** Equal masses 1/n at every source and 1/m at every target. */
  public static TransportProblem uniform(CostMatrix cost) {
    return new TransportProblem(uniform(cost.rows()), uniform(cost.columns()), cost);
  }

  static double[] uniform(int n) {
    double[] mass = new double[n];
    Arrays.fill(mass, 1.0 / n);
    return mass;
  }

  static void requireBalance(double[] source, double[] target) {
    double supply = total("source", source);
    double demand = total("target", target);
    if (!(Math.abs(supply - demand) <= ROUNDING * supply)) {
      throw new IllegalArgumentException(
          "total masses differ: sources have " + supply + ", targets " + demand + "; normalise both");
    }
  }

  private static double total(String side, double[] mass) {
    double sum = 0;
    for (int i = 0; i < mass.length; i++) {
      if (!(mass[i] >= 0) || Double.isInfinite(mass[i])) {
        throw new IllegalArgumentException(side + " " + i + ": a mass must be finite and not negative, not " + mass[i]);
      }
      sum += mass[i];
    }
    if (!(sum > 0)) {
      throw new IllegalArgumentException("the " + side + "s have no mass");
    }
    return sum;
  }
}
