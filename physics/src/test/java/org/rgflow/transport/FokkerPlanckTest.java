package org.rgflow.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FokkerPlanckTest {
  /** One and two φ⁴ modes in the broken phase, the two coupled and of different mobility. */
  static Stream<Named<FokkerPlanck>> doubleWells() {
    CellGrid line = CellGrid.line(60, -3, 3);
    CellGrid plane = CellGrid.plane(18, -3, 3, 14, -2.5, 2.5);
    return Stream.of(
        Named.of("one mode", new FokkerPlanck(line, line.values(x -> -2 * x * x + 0.5 * x * x * x * x), 0.5)),
        Named.of("two modes", new FokkerPlanck(
            plane, plane.values((x, y) -> -x * x + 0.25 * Math.pow(x * x + y * y, 2) + 0.3 * x * y), 0.5, 1.5)));
  }

  private static double[] point(CellGrid grid) {
    double[] p = new double[grid.cells()];
    p[grid.cells() / 3] = 1 / grid.volume();
    return p;
  }

  private static double total(CellGrid grid, double[] p) {
    return grid.mean(p, (x, y) -> 1);
  }

  @ParameterizedTest
  @MethodSource("doubleWells")
  void theStationaryLawIsExact(FokkerPlanck equation) {
    double[] q = equation.stationary();
    for (double rate : equation.generator(q)) {
      assertThat(rate).isCloseTo(0, within(1e-12));
    }
    assertThat(equation.implicitStep(q, 3)).containsExactly(q, within(1e-13));
    assertThat(equation.evolve(q, 0.3)).containsExactly(q, within(1e-13));
    assertThat(equation.relativeEntropy(q)).isCloseTo(0, within(1e-15));
  }

  /** From all mass in one cell, with steps from far below to far above every time scale. */
  @ParameterizedTest
  @MethodSource("doubleWells")
  void massStaysPositivityStaysFreeEnergyFalls(FokkerPlanck equation) {
    CellGrid grid = equation.grid();
    for (double step : new double[] {1e-4, 0.1, 1e4}) {
      double[] p = point(grid);
      double before = equation.relativeEntropy(p);
      for (int k = 0; k < 5; k++) {
        p = equation.implicitStep(p, step);
        double after = equation.relativeEntropy(p);
        assertThat(after).isLessThan(before + 1e-14);
        before = after;
        assertThat(total(grid, p)).isCloseTo(1, within(1e-12));
        for (double value : p) {
          assertThat(value).isNotNegative();
        }
      }
    }
    // On an interval one endless step leads to Q; on a plane it is one sweep of a Gibbs sampler.
    double[] p = point(grid);
    for (int k = 0; k < (grid.ny() == 1 ? 1 : 40); k++) {
      p = equation.implicitStep(p, 1e9);
    }
    assertThat(p).containsExactly(equation.stationary(), within(1e-5));
    p = point(grid);
    double before = equation.relativeEntropy(p);
    for (double time : new double[] {1e-3, 0.1, 0.5}) {
      p = equation.evolve(p, time);
      assertThat(total(grid, p)).isCloseTo(1, within(1e-12));
      assertThat(equation.relativeEntropy(p)).isLessThan(before);
      before = equation.relativeEntropy(p);
      for (double value : p) {
        assertThat(value).isNotNegative();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("doubleWells")
  void dissipationIsTheDerivativeOfTheRelativeEntropy(FokkerPlanck equation) {
    double[] p = equation.evolve(point(equation.grid()), 0.2);
    double h = 1e-4;
    double early = equation.relativeEntropy(p);
    double[] middle = equation.evolve(p, h);
    double late = equation.relativeEntropy(equation.evolve(p, 2 * h));
    assertThat((early - late) / (2 * h)).isCloseTo(equation.dissipation(middle), within(1e-5 * equation.dissipation(middle)));
    // and the integral of ∂_t P vanishes
    assertThat(total(equation.grid(), equation.generator(p))).isCloseTo(0, within(1e-12));
  }

  /** The same chain on a graph: rates read off from the images of the cells. */
  @Test
  void isTheMarkovChainOfTheGraph() {
    CellGrid grid = CellGrid.plane(3, -1, 1, 2, 0, 1);
    FokkerPlanck equation = new FokkerPlanck(grid, grid.values((x, y) -> x * x * y + x), 0.7, 0.2);
    double[][] rates = new double[6][6];
    for (int k = 0; k < 6; k++) {
      double[] unit = new double[6];
      unit[k] = 1;
      rates[k] = equation.generator(unit);
    }
    GraphTransport graph = new GraphTransport(rates);
    double[] q = equation.stationary();
    double[] p = new Random(1).doubles(6, 0.1, 1).toArray();
    double[] rho = new double[6];
    for (int k = 0; k < 6; k++) {
      assertThat(graph.stationary()[k]).isCloseTo(q[k] * grid.volume(), within(1e-14));
      rho[k] = p[k] / q[k];
    }
    double[] rate = graph.generator(rho);
    for (int k = 0; k < 6; k++) {
      assertThat(rate[k] * q[k]).isCloseTo(equation.generator(p)[k], within(1e-12));
    }
    assertThat(graph.dissipation(rho)).isCloseTo(equation.dissipation(p), within(1e-12));
  }

  /** U = x²/(2q): V(t) = q + (V₀ − q)e^(−2Mt/q). Second order in space, first order of the implicit step in time. */
  @Test
  void convergesToTheOrnsteinUhlenbeckProcess() {
    double q = 0.5;
    double m = 0.7;
    double time = 0.3;
    double exact = q + (1.2 - q) * Math.exp(-2 * m * time / q);
    double[] inSpace = new double[3];
    for (int level = 0; level < 3; level++) {
      CellGrid grid = CellGrid.line(24 << level, -7, 7);
      FokkerPlanck equation = new FokkerPlanck(grid, grid.values(x -> x * x / (2 * q)), m);
      double[] p = grid.gibbs(grid.values(x -> x * x / 2.4));
      inSpace[level] = grid.mean(equation.evolve(p, time), (x, y) -> x * x) - exact;
    }
    assertThat(inSpace[1] / inSpace[2]).isBetween(3.8, 4.2);
    assertThat(inSpace[2]).isCloseTo(0, within(2e-2));
    CellGrid grid = CellGrid.line(60, -6, 6);
    FokkerPlanck equation = new FokkerPlanck(grid, grid.values(x -> x * x / (2 * q)), m);
    double[] start = grid.gibbs(grid.values(x -> x * x / 2.4));
    double limit = grid.mean(equation.evolve(start, time), (x, y) -> x * x);
    double[] inTime = new double[3];
    for (int level = 0; level < 3; level++) {
      double[] p = start;
      int steps = 16 << level;
      for (int k = 0; k < steps; k++) {
        p = equation.implicitStep(p, time / steps);
      }
      inTime[level] = grid.mean(p, (x, y) -> x * x) - limit;
    }
    assertThat(inTime[0] / inTime[1]).isBetween(1.9, 2.1);
    assertThat(inTime[1] / inTime[2]).isBetween(1.95, 2.05);
  }

  /**
   * Polchinski's equation for one mode with C₀ = 1 and the interaction −0.9φ² + φ⁴/4, from K = 1 to e^(−0.7): the moving
   * Q = N(0, C/2) and M = B/2 with C = e^(−t), one equation per step. Var(φ_t) = 0.484561671180 by quadrature with the exact
   * kernel.
   */
  @Test
  void polchinskisEquationOfOneMode() {
    double[] variance = new double[2];
    for (int level = 0; level < 2; level++) {
      CellGrid grid = CellGrid.line(40 << level, -4, 4);
      double[] p = grid.gibbs(grid.values(x -> -0.4 * x * x + 0.25 * x * x * x * x));
      int steps = 14;
      double dt = 0.7 / steps;
      for (int k = 0; k < steps; k++) {
        double c = Math.exp(-(k + 0.5) * dt);
        p = new FokkerPlanck(grid, grid.values(x -> x * x / c), c / 2).evolve(p, dt);
      }
      variance[level] = grid.mean(p, (x, y) -> x * x);
    }
    // the grid's error is of second order: extrapolated
    assertThat((4 * variance[1] - variance[0]) / 3).isCloseTo(0.484561671180, within(1e-4));
    assertThat(variance[1]).isCloseTo(0.484561671180, within(4e-3));
  }

  /** With Q a product and P too, each direction goes its own way, at its own mobility. */
  @Test
  void productsStayProducts() {
    CellGrid line = CellGrid.line(16, -2, 2);
    CellGrid plane = CellGrid.plane(16, -2, 2, 16, -2, 2);
    double[] u = line.values(x -> x * x * x * x - x * x);
    FokkerPlanck both = new FokkerPlanck(plane, plane.values((x, y) -> x * x * x * x - x * x + y * y), 0.5, 2);
    FokkerPlanck alongX = new FokkerPlanck(line, u, 0.5);
    FokkerPlanck alongY = new FokkerPlanck(line, line.values(y -> y * y), 2);
    double[] px = line.gibbs(line.values(x -> 2 * (x - 1) * (x - 1)));
    double[] py = line.gibbs(line.values(y -> (y + 1) * (y + 1)));
    double[] p = new double[256];
    for (int k = 0; k < 256; k++) {
      p[k] = px[k % 16] * py[k / 16];
    }
    double[] after = both.evolve(p, 0.4);
    double[] implicit = both.implicitStep(p, 0.4);
    double[] ex = alongX.evolve(px, 0.4);
    double[] ey = alongY.evolve(py, 0.4);
    double[] ix = alongX.implicitStep(px, 0.4);
    double[] iy = alongY.implicitStep(py, 0.4);
    for (int k = 0; k < 256; k++) {
      assertThat(after[k]).isCloseTo(ex[k % 16] * ey[k / 16], within(1e-13));
      assertThat(implicit[k]).isCloseTo(ix[k % 16] * iy[k / 16], within(1e-13));
    }
  }

  @Test
  void refusesSenselessInput() {
    CellGrid grid = CellGrid.line(4, 0, 1);
    assertThatThrownBy(() -> new FokkerPlanck(grid, new double[4], -1)).hasMessageContaining("mobilities");
    assertThatThrownBy(() -> new FokkerPlanck(grid, new double[3], 1)).hasMessageContaining("3 values");
    assertThatThrownBy(() -> new FokkerPlanck(grid, new double[4], 1).implicitStep(new double[4], -1)).hasMessageContaining("time");
    assertThatThrownBy(() -> CellGrid.line(4, 1, 0)).hasMessageContaining("no grid");
  }
}
