package org.rgflow.validation;

import java.util.function.DoubleBinaryOperator;
import org.rgflow.transport.CellGrid;

/**
 * A smooth density of one or two modes on a grid that is fine enough for sums over cells to be exact.
 *
 * @param density P at the centres
 * @param score ∂ ln P of each mode
 */
record Law(CellGrid grid, double[] density, double[][] score) {
  int modes() {
    return score.length;
  }

  double mean(DoubleBinaryOperator function) {
    return grid.mean(density, function);
  }

  double secondMoment(int mode) {
    return mean((x, y) -> mode == 0 ? x * x : y * y);
  }

  /** −∫ P ln P. */
  double entropy() {
    double sum = 0;
    for (double p : density) {
      sum -= p > 0 ? p * Math.log(p) : 0;
    }
    return sum * grid.volume();
  }

  /** KL(P‖N(0, V)) of independent modes. */
  double relativeEntropy(double... variance) {
    double sum = -entropy();
    for (int k = 0; k < variance.length; k++) {
      sum += secondMoment(k) / (2 * variance[k]) + 0.5 * Math.log(2 * Math.PI * variance[k]);
    }
    return sum;
  }

  /** Σ_k M_k E|∂_k ln P + stiffness_k φ_k|²: M E|∂ ln(P/Q)|² for Q = N(0, 1/stiffness), the entropy's part with 0. */
  double fisherInformation(double[] mobility, double... stiffness) {
    double total = 0;
    for (int k = 0; k < modes(); k++) {
      double sum = 0;
      for (int i = 0; i < density.length; i++) {
        double force = score[k][i] + stiffness[k] * coordinate(k, i);
        sum += density[i] * force * force;
      }
      total += mobility[k] * sum * grid.volume();
    }
    return total;
  }

  /** φ of a mode at the centre of a cell. */
  double coordinate(int mode, int cell) {
    return mode == 0 ? grid.x(cell % grid.nx()) : grid.y(cell / grid.nx());
  }
}
