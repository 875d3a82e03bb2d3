package org.rgflow.transport;

/**
 * The solution of entropic optimal transport,
 *
 * <pre>
 *   OT_ε(a, b) = min_P Σ c_ij P_ij + ε Σ P_ij ln(P_ij/(a_i b_j)) = max_{f,g} Σ a_i f_i + Σ b_j g_j,
 *   P_ij = a_i b_j exp((f_i + g_j − c_ij)/ε),
 * </pre>
 *
 * the maximum being over potentials for which P has the total mass (Cuturi 2013; Peyré &amp; Cuturi, "Computational
 * Optimal Transport", ch. 4). Potentials are extended to points without mass.
 *
 * @param epsilon ε
 * @param cost Σ c_ij P_ij
 * @param value OT_ε, from the potentials
 * @param sourcePotential f
 * @param targetPotential g
 * @param marginalError Σ_j |Σ_i P_ij − b_j|; the marginals of the sources hold to rounding
 * @param iterations passes over the matrix
 * @param converged whether the marginal error is below the tolerance that was asked for
 */
public record EntropicPlan(double epsilon, double cost, double value, double[] sourcePotential,
    double[] targetPotential, double marginalError, int iterations, boolean converged) {
  /** The plan as a matrix [source][target]. */
  public double[][] dense(TransportProblem problem) {
    double[][] plan = new double[sourcePotential.length][targetPotential.length];
    for (int i = 0; i < plan.length; i++) {
      for (int j = 0; j < targetPotential.length; j++) {
        plan[i][j] = problem.source()[i] * problem.target()[j]
            * Math.exp((sourcePotential[i] + targetPotential[j] - problem.cost().get(i, j)) / epsilon);
      }
    }
    return plan;
  }
}
