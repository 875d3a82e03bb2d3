package org.rgflow.transport;

/**
 * How far a plan and its potentials are from being a proof of their own optimality. By linear duality a plan is optimal
 * if and only if all five numbers vanish.
 *
 * @param marginalError largest |Σ_j P_ij − a_i| or |Σ_i P_ij − b_j|
 * @param negativeMass largest −P_ij, or 0
 * @param dualViolation largest u_i + v_j − c_ij, or 0
 * @param slackness largest |c_ij − u_i − v_j| where P_ij &gt; 0
 * @param gap |Σ c_ij P_ij − Σ a_i u_i − Σ b_j v_j|
 * @param costError difference of the stated cost from Σ c_ij P_ij
 */
public record TransportCheck(
    double marginalError, double negativeMass, double dualViolation, double slackness, double gap, double costError) {
  /** Checks a plan against its problem. */
  public static TransportCheck of(TransportProblem problem, TransportPlan plan) {
    CostMatrix cost = problem.cost();
    double[] row = problem.source().clone();
    double[] column = problem.target().clone();
    double[] u = plan.sourcePotential();
    double[] v = plan.targetPotential();
    if (u.length != row.length || v.length != column.length) {
      throw new IllegalArgumentException("the plan has " + u.length + "x" + v.length + " potentials, the problem is "
          + row.length + "x" + column.length);
    }
    double value = 0;
    double negative = 0;
    double slackness = 0;
    for (int k = 0; k < plan.mass().length; k++) {
      int i = plan.source()[k];
      int j = plan.target()[k];
      double mass = plan.mass()[k];
      row[i] -= mass;
      column[j] -= mass;
      value += mass * cost.get(i, j);
      negative = Math.max(negative, -mass);
      if (mass > 0) {
        slackness = Math.max(slackness, Math.abs(cost.get(i, j) - u[i] - v[j]));
      }
    }
    double marginal = 0;
    double dual = 0;
    for (int i = 0; i < row.length; i++) {
      marginal = Math.max(marginal, Math.abs(row[i]));
      dual += problem.source()[i] * u[i];
    }
    for (int j = 0; j < column.length; j++) {
      marginal = Math.max(marginal, Math.abs(column[j]));
      dual += problem.target()[j] * v[j];
    }
    double violation = 0;
    for (int i = 0; i < row.length; i++) {
      for (int j = 0; j < column.length; j++) {
        violation = Math.max(violation, u[i] + v[j] - cost.get(i, j));
      }
    }
    return new TransportCheck(
        marginal, negative, violation, slackness, Math.abs(value - dual), Math.abs(value - plan.cost()));
  }

  /** Whether masses agree to {@code massTolerance} and costs and potentials to {@code costTolerance}. */
  public boolean isOptimal(double massTolerance, double costTolerance) {
    return marginalError <= massTolerance && negativeMass <= massTolerance && dualViolation <= costTolerance
        && slackness <= costTolerance && gap <= costTolerance && costError <= costTolerance;
  }
}
