package org.rgflow.transport;

/**
 * A transport plan in coordinates, with dual potentials: {@code mass[k]} goes from {@code source[k]} to
 * {@code target[k]}. Potentials are fixed up to a constant, which is chosen so that Σ a u/Σ a = Σ b v/Σ b.
 *
 * @param cost Σ c_ij P_ij
 * @param source row of each entry
 * @param target column of each entry
 * @param mass P of each entry, &gt; 0
 * @param sourcePotential u
 * @param targetPotential v
 */
public record TransportPlan(
    double cost, int[] source, int[] target, double[] mass, double[] sourcePotential, double[] targetPotential) {
  /** The plan as a matrix [source][target]. */
  public double[][] dense() {
    double[][] plan = new double[sourcePotential.length][targetPotential.length];
    for (int k = 0; k < mass.length; k++) {
      plan[source[k]][target[k]] += mass[k];
    }
    return plan;
  }

  /** Moves the free constant of the potentials to Σ a u/Σ a = Σ b v/Σ b. */
  static void centre(double[] u, double[] a, double[] v, double[] b) {
    double shift = 0.5 * (mean(v, b) - mean(u, a));
    for (int i = 0; i < u.length; i++) {
      u[i] += shift;
    }
    for (int j = 0; j < v.length; j++) {
      v[j] -= shift;
    }
  }

  private static double mean(double[] value, double[] weight) {
    double sum = 0;
    double total = 0;
    for (int i = 0; i < value.length; i++) {
      sum += weight[i] * value[i];
      total += weight[i];
    }
    return sum / total;
  }
}
