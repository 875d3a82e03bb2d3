package org.rgflow.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rgflow.transport.CellGrid;

/** Verdicts on sequences whose order and limit are known. */
class ConvergenceTest {
  private static final CellGrid GRID = CellGrid.line(2, 0, 1);

  private static Verdict order(double expected, double... errors) {
    return Convergence.order("a", "s", "r", expected, errors).verdict();
  }

  private static Verdict tending(double expected, double... levels) {
    return Convergence.tending("a", "s", "r", expected, levels).verdict();
  }

  @Test
  void orderOfAKnownError() {
    // h² + h³/4 and h + h²/4 at h = 1, 1/2, 1/4, 1/8
    double[] second = {1.25, 0.28125, 0.06640625, 0.01611328125};
    double[] first = {1.25, 0.5625, 0.265625, 0.12890625};
    assertThat(order(2, second)).isEqualTo(Verdict.PASS);
    assertThat(order(1, second)).isEqualTo(Verdict.FAIL);
    assertThat(order(1, first)).isEqualTo(Verdict.PASS);
    assertThat(order(2, first)).isEqualTo(Verdict.FAIL);
  }

  @Test
  void anOrderThatHasNotSettledIsInconclusive() {
    assertThat(order(2, 1, 0.9, 0.1, 0.03)).isEqualTo(Verdict.INCONCLUSIVE);
  }

  @Test
  void weakOrderOfAKnownError() {
    double[] first = {1.25, 0.5625, 0.265625};
    double[] exact = {1e-3, 1e-3, 1e-3};
    assertThat(weakOrder(1, first, exact)).isEqualTo(Verdict.PASS);
    assertThat(weakOrder(2, first, exact)).isEqualTo(Verdict.FAIL);
    assertThat(weakOrder(1, new double[] {1, 0.7, 0.5}, exact)).as("order ½").isEqualTo(Verdict.FAIL);
    assertThat(weakOrder(1, first, new double[] {0.2, 0.2, 0.2})).isEqualTo(Verdict.INCONCLUSIVE);
  }

  private static Verdict weakOrder(int expected, double[] error, double[] sigma) {
    double[][] contributions = new double[error.length][4];
    // of mean error and relative standard error sigma; those of the last two levels are not correlated
    double[][] signs = {{1, -1, -1, 1}, {1, 1, -1, -1}, {1, -1, 1, -1}};
    for (int l = 0; l < error.length; l++) {
      for (int i = 0; i < 4; i++) {
        contributions[l][i] = error[l] * (1 + Math.sqrt(3) * sigma[l] * signs[l][i]);
      }
    }
    return Convergence.weakOrder("a", "s", expected, contributions).verdict();
  }

  @Test
  void limitOfAKnownSequence() {
    double[] levels = new double[5];
    for (int l = 0; l < levels.length; l++) {
      levels[l] = 3 + 0.5 / (1 + Math.pow(2, l)); // 3 + (h − h² + …)/2
    }
    assertThat(tending(3, levels)).isEqualTo(Verdict.PASS);
    assertThat(tending(3.01, levels)).isEqualTo(Verdict.FAIL);
  }

  /** Levels that do not converge have a large uncertainty, which must not make them pass. */
  @Test
  void levelsThatDoNotConvergeAreInconclusive() {
    assertThat(tending(3, 4, 2, 4, 2, 3.5)).isEqualTo(Verdict.INCONCLUSIVE);
    double[][] errors = {{1, -1}, {-1, 1}, {1, -1}, {-1, 1}};
    assertThat(Convergence.vanishing("a", "s", "r", GRID, Convergence.limit(errors, 1, 1)).passed()).isFalse();
  }

  @Test
  void aVanishingErrorAndOneThatDoesNot() {
    double[][] vanishing = new double[4][];
    double[][] staying = new double[4][];
    for (int l = 0; l < 4; l++) {
      double h = Math.pow(0.5, l);
      vanishing[l] = new double[] {h * h + 0.1 * Math.pow(h, 8), -h * h};
      staying[l] = new double[] {0.01 + h * h + 0.1 * Math.pow(h, 8), -h * h};
    }
    Convergence.Limit limit = Convergence.limit(vanishing, 2, 2);
    assertThat(Convergence.vanishing("a", "s", "r", GRID, limit).verdict()).isEqualTo(Verdict.PASS);
    limit = Convergence.limit(staying, 2, 2);
    assertThat(Convergence.vanishing("a", "s", "r", GRID, limit).verdict()).isEqualTo(Verdict.FAIL);
  }

  /** A cubic is interpolated exactly where no cell is missing. */
  @Test
  void coarsening() {
    CellGrid fine = CellGrid.line(16, -1, 1);
    CellGrid coarse = CellGrid.line(8, -1, 1);
    double[] taken = Convergence.coarsen(fine, fine.values((x, y) -> x * x * x - x));
    for (int i = 2; i < 6; i++) {
      double x = coarse.x(i);
      assertThat(taken[i]).isCloseTo(x * x * x - x, within(1e-14));
    }
  }
}
