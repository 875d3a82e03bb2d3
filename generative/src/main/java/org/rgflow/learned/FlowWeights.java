package org.rgflow.learned;

import org.rgflow.lattice.Lattice;

/** Likelihoods and importance weights of the fields that a flow has just generated. */
final class FlowWeights {
  private final ContinuousFlow flow;
  private final double[] rows;
  private final double[] logLikelihood;
  private final double[] action;
  private final double[] logWeights;

  /** @param rows the action of each row of sites, [block][y][lane] */
  FlowWeights(ContinuousFlow flow, double[] rows) {
    this.flow = flow;
    this.rows = rows;
    int batch = flow.layout().replicas();
    logLikelihood = new double[batch];
    action = new double[batch];
    logWeights = new double[batch];
  }

  /** Evaluates all fields. */
  void evaluate() {
    Lattice lattice = flow.shape().lattice();
    int lanes = flow.layout().lanes();
    flow.logPrior(logLikelihood);
    for (int replica = 0; replica < logWeights.length; replica++) {
      logLikelihood[replica] -= flow.logJacobian()[replica];
      double sum = 0;
      for (int y = 0; y < lattice.ly(); y++) {
        sum += rows[(replica / lanes * lattice.ly() + y) * lanes + replica % lanes];
      }
      action[replica] = sum;
      logWeights[replica] = -sum - logLikelihood[replica];
    }
  }

  /** Mean of S + ln q. */
  double loss() {
    double sum = 0;
    for (double log : logWeights) {
      sum -= log;
    }
    return sum / logWeights.length;
  }

  /** (Σw)²/(N Σw²), without the memory that {@link org.rgflow.statistics.ImportanceWeights} takes. */
  double effectiveFraction() {
    double largest = Double.NEGATIVE_INFINITY;
    for (double log : logWeights) {
      largest = Math.max(largest, log);
    }
    double sum = 0;
    double squares = 0;
    for (double log : logWeights) {
      double w = Math.exp(log - largest);
      sum += w;
      squares += w * w;
    }
    return sum * sum / (logWeights.length * squares);
  }

  /** ln q of each field. */
  double[] logLikelihood() {
    return logLikelihood;
  }

  /** S of each field. */
  double[] action() {
    return action;
  }

  /** ln w = −S − ln q of each field. */
  double[] logWeights() {
    return logWeights;
  }
}
