package org.rgflow.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MinimisingMovementTest {
  private static FokkerPlanck doubleWell(int cells) {
    CellGrid grid = CellGrid.line(cells, -3, 3);
    return new FokkerPlanck(grid, grid.values(x -> -2 * x * x + 0.5 * x * x * x * x), 0.5);
  }

  private static FokkerPlanck twoModes(int nx, int ny) {
    CellGrid grid = CellGrid.plane(nx, -2.5, 2.5, ny, -2, 2);
    return new FokkerPlanck(grid, grid.values((x, y) -> -x * x + 0.25 * Math.pow(x * x + y * y, 2) + 0.3 * x * y), 0.5, 1.5);
  }

  @Test
  void everyStepPaysForItsDistance() {
    for (FokkerPlanck equation : new FokkerPlanck[] {doubleWell(60), twoModes(10, 14), twoModes(14, 10)}) {
      MinimisingMovement movement = new MinimisingMovement(equation);
      CellGrid grid = equation.grid();
      double[] p = new double[grid.cells()];
      p[grid.cells() / 3] = 1 / grid.volume(); // all mass in one cell
      double before = equation.relativeEntropy(p);
      for (double h : new double[] {0.01, 0.03, 0.1, 0.3, 1, 3}) {
        MinimisingMovement.Step step = movement.step(p, h);
        assertThat(step.relativeEntropy() + step.distanceSquared() / (2 * h)).isLessThanOrEqualTo(before + 1e-12);
        assertThat(step.relativeEntropy()).isGreaterThanOrEqualTo(0);
        assertThat(grid.mean(step.density(), (x, y) -> 1)).isCloseTo(1, within(1e-11));
        before = step.relativeEntropy();
        p = step.density();
      }
      assertThat(movement.step(equation.stationary(), 1).density()).containsExactly(equation.stationary(), within(1e-10));
    }
  }

  /** No neighbouring density is better, with the distance from {@link GraphTransport} on the same chain. */
  @Test
  void theStepIsTheMinimum() {
    FokkerPlanck equation = twoModes(4, 3);
    CellGrid grid = equation.grid();
    double[][] rates = new double[12][12];
    for (int k = 0; k < 12; k++) {
      double[] unit = new double[12];
      unit[k] = 1;
      rates[k] = equation.generator(unit);
    }
    GraphTransport graph = new GraphTransport(rates);
    double[] q = equation.stationary();
    double[] p = grid.gibbs(new Random(1).doubles(12, 0, 2).toArray());
    double h = 0.4;
    MinimisingMovement.Step step = new MinimisingMovement(equation).step(p, h);
    double distance = graph.geodesic(ratio(p, q), ratio(step.density(), q), 1).distance();
    assertThat(step.distanceSquared()).isCloseTo(distance * distance, within(1e-11));
    double least = step.relativeEntropy() + distance * distance / (2 * h);
    Random random = new Random(2);
    for (int trial = 0; trial < 30; trial++) {
      double[] other = step.density().clone();
      int a = random.nextInt(12);
      int b = (a + 1 + random.nextInt(11)) % 12;
      double move = 0.02 * Math.min(other[a], other[b]);
      other[a] += move;
      other[b] -= move;
      double d = graph.geodesic(ratio(p, q), ratio(other, q), 1).distance();
      assertThat(equation.relativeEntropy(other) + d * d / (2 * h)).isGreaterThan(least);
    }
  }

  private static double[] ratio(double[] p, double[] q) {
    double[] rho = new double[p.length];
    for (int k = 0; k < p.length; k++) {
      rho[k] = p[k] / q[k];
    }
    return rho;
  }

  @Test
  void convergesToTheFokkerPlanckEquationAtFirstOrder() {
    for (FokkerPlanck equation : new FokkerPlanck[] {doubleWell(40), twoModes(9, 8)}) {
      CellGrid grid = equation.grid();
      MinimisingMovement movement = new MinimisingMovement(equation);
      double[] start = grid.gibbs(grid.values((x, y) -> 2 * (x - 0.5) * (x - 0.5) + y * y));
      double exact = grid.mean(equation.evolve(start, 0.4), (x, y) -> x * x);
      double[] error = new double[3];
      for (int level = 0; level < 3; level++) {
        double[] p = start;
        int steps = 8 << level;
        for (int k = 0; k < steps; k++) {
          p = movement.step(p, 0.4 / steps).density();
        }
        error[level] = grid.mean(p, (x, y) -> x * x) - exact;
      }
      assertThat(error[0] / error[1]).isBetween(1.8, 2.2);
      assertThat(error[1] / error[2]).isBetween(1.9, 2.1);
    }
  }

  /** The closed form for Gaussians (Jordan, Kinderlehrer &amp; Otto 1998), up to the grid and to W² at the middle of a step. */
  @Test
  void gaussianStepAgreesWithTheClosedForm() {
    double[] error = new double[2];
    for (int level = 0; level < 2; level++) {
      CellGrid grid = CellGrid.line(60 << level, -6, 6);
      FokkerPlanck equation = new FokkerPlanck(grid, grid.values(x -> x * x), 0.7);
      MinimisingMovement.Step step =
          new MinimisingMovement(equation).step(grid.gibbs(grid.values(x -> x * x / 2)), 0.05);
      GaussianModes from = new GaussianModes(1.0);
      GaussianModes to = from.minimisingMovement(new GaussianModes(0.5), new double[] {0.7}, 0.05);
      error[level] = grid.mean(step.density(), (x, y) -> x * x) - to.variance(0);
      assertThat(step.distanceSquared()).isCloseTo(from.wasserstein2Squared(to, new double[] {0.7}), within(0.03 * step.distanceSquared()));
    }
    assertThat(error[1]).isCloseTo(0, within(2e-3));
    assertThat(Math.abs(error[1])).isLessThan(Math.abs(error[0]));
  }

  @Test
  void refusesSenselessInput() {
    MinimisingMovement movement = new MinimisingMovement(doubleWell(10));
    assertThatThrownBy(() -> movement.step(new double[10], 1)).hasMessageContaining("integral 1");
    double[] p = doubleWell(10).stationary();
    assertThatThrownBy(() -> movement.step(p, 0)).hasMessageContaining("step");
    p[0] = -1;
    assertThatThrownBy(() -> movement.step(p, 1)).hasMessageContaining("cell 0");
  }
}
