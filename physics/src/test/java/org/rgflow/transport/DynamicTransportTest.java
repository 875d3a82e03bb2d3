package org.rgflow.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DynamicTransportTest {
  private static double[] bump(CellGrid grid, double x0, double y0, double variance) {
    return grid.gibbs(grid.values((x, y) -> ((x - x0) * (x - x0) + (y - y0) * (y - y0)) / (2 * variance)));
  }

  /** The equation of continuity at every cell and step: largest violation. */
  private static double continuity(CellGrid grid, DynamicTransport.Path path) {
    int steps = path.density().length - 1;
    double worst = 0;
    for (int k = 0; k < steps; k++) {
      for (int j = 0; j < grid.ny(); j++) {
        for (int i = 0; i < grid.nx(); i++) {
          int c = j * grid.nx() + i;
          double[] mx = path.momentumX()[k];
          double[] my = path.momentumY()[k];
          double change = (path.density()[k + 1][c] - path.density()[k][c]) * steps;
          double flux = (mx[j * (grid.nx() + 1) + i + 1] - mx[j * (grid.nx() + 1) + i]) / grid.dx()
              + (my[c + grid.nx()] - my[c]) / grid.dy();
          worst = Math.max(worst, Math.abs(change + flux));
        }
      }
    }
    return worst;
  }

  /** N(0.6, 0.02) → N(1.3, 0.04) on [0, 2]: W₂² = 0.7² + (√0.02 − √0.04)², and McCann's interpolation on the way. */
  @Test
  void gaussiansOnALine() {
    CellGrid grid = CellGrid.line(40, 0, 2);
    double[] from = bump(grid, 0.6, 0.5, 0.02);
    double[] to = bump(grid, 1.3, 0.5, 0.04);
    DynamicTransport.Path path = new DynamicTransport(grid, 16, 1e-5, 5000).path(from, to);
    assertThat(path.converged()).isTrue();
    double exact = Math.sqrt(0.49 + Math.pow(Math.sqrt(0.02) - 0.2, 2));
    assertThat(path.distance()).isCloseTo(exact, within(1e-3 * exact));
    assertThat(path.density()[0]).containsExactly(from, within(1e-12));
    assertThat(path.density()[16]).containsExactly(to, within(1e-12));
    assertThat(continuity(grid, path)).isLessThan(1e-10);
    double[] middle = path.density()[8];
    assertThat(grid.mean(middle, (x, y) -> 1)).isCloseTo(1, within(1e-12));
    assertThat(grid.mean(middle, (x, y) -> x)).isCloseTo(0.95, within(1e-3));
    double deviation = 0.5 * (Math.sqrt(0.02) + 0.2);
    assertThat(grid.mean(middle, (x, y) -> (x - 0.95) * (x - 0.95))).isCloseTo(deviation * deviation, within(2e-3));
  }

  /** Against the exact discrete distance of the same cells, which differs by the grid. */
  @Test
  void twoBumpsOnAPlane() {
    CellGrid grid = CellGrid.plane(14, 0, 1, 10, 0, 0.8);
    double[] from = bump(grid, 0.3, 0.3, 0.008);
    double[] to = new double[grid.cells()];
    double[] left = bump(grid, 0.4, 0.6, 0.008);
    double[] right = bump(grid, 0.75, 0.4, 0.008);
    double[][] point = new double[grid.cells()][];
    double[] a = new double[grid.cells()];
    double[] b = new double[grid.cells()];
    for (int c = 0; c < grid.cells(); c++) {
      to[c] = 0.5 * (left[c] + right[c]);
      point[c] = new double[] {grid.x(c % 14), grid.y(c / 14)};
      a[c] = from[c] * grid.volume();
      b[c] = to[c] * grid.volume();
    }
    DynamicTransport.Path path = new DynamicTransport(grid, 8, 1e-4, 3000).path(from, to);
    assertThat(path.converged()).isTrue();
    double exact = Math.sqrt(ExactTransport.solve(new TransportProblem(a, b, CostMatrix.distance(point, point, 2))).cost());
    assertThat(path.distance()).isCloseTo(exact, within(0.01 * exact));
    assertThat(continuity(grid, path)).isLessThan(1e-10);
  }

  @Test
  void restCostsNothing() {
    CellGrid grid = CellGrid.line(10, -1, 1);
    double[] p = bump(grid, 0, 0.5, 0.3);
    DynamicTransport.Path path = new DynamicTransport(grid, 4).path(p, p);
    assertThat(path.distance()).isCloseTo(0, within(1e-12));
    assertThat(path.iterations()).isEqualTo(1);
  }

  @Test
  void refusesSenselessInput() {
    CellGrid grid = CellGrid.line(4, 0, 1);
    double[] p = {1, 1, 1, 1};
    assertThatThrownBy(() -> new DynamicTransport(grid, 0)).hasMessageContaining("positive");
    assertThatThrownBy(() -> new DynamicTransport(grid, 2).path(p, new double[] {1, 1, 1, 2})).hasMessageContaining("integral 1");
    assertThatThrownBy(() -> new DynamicTransport(grid, 2).path(p, new double[3])).hasMessageContaining("3 values");
  }
}
