package org.rgflow.validation;

import org.rgflow.transport.CellGrid;
import org.rgflow.transport.FokkerPlanck;

/**
 * The density of a {@link ModeTheory} along the flow as a gradient flow on a grid,
 * ∂_τ P = ∂·(M P ∂ ln(P/Q)), M = B/2, Q ∝ e^(−2Ŝ), with M and Q of the subject under test held fixed over each step at
 * their values in its middle.
 */
final class GridFlow {
  private final ModeTheory theory;
  private final Subject subject;

  GridFlow(ModeTheory theory, Subject subject) {
    this.theory = theory;
    this.subject = subject;
  }

  /** P_0. */
  double[] start(CellGrid grid) {
    return grid.gibbs(grid.values(theory::action));
  }

  /** M and Q at a time. */
  FokkerPlanck equation(CellGrid grid, double time) {
    double[] drift = theory.driftRates(subject, time);
    double[] noise = theory.noiseRates(subject, time);
    double w = subject.targetWeight();
    double[] potential = grid.values((x, y) -> {
      double free = 0.5 * drift[0] / noise[0] * x * x + (theory.modes() == 1 ? 0 : 0.5 * drift[1] / noise[1] * y * y);
      return w * (free + theory.seed(x, y));
    });
    return new FokkerPlanck(grid, potential, subject.mobility(noise[0]), subject.mobility(noise[theory.modes() - 1]));
  }

  /** P at a time by the Fokker–Planck scheme, exact over each step. */
  double[] fokkerPlanck(CellGrid grid, double time, int steps) {
    double[] p = start(grid);
    double h = time / steps;
    for (int i = 0; i < steps; i++) {
      p = subject.fokkerPlanck(equation(grid, (i + 0.5) * h), p, h);
    }
    return p;
  }

  /** P at a time by minimising movements. */
  double[] minimisingMovements(CellGrid grid, double time, int steps) {
    double[] p = start(grid);
    double h = time / steps;
    for (int i = 0; i < steps; i++) {
      p = subject.minimisingMovement(equation(grid, (i + 0.5) * h), p, h).density();
    }
    return p;
  }
}
