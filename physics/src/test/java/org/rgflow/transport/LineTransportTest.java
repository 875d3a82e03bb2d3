package org.rgflow.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class LineTransportTest {
  @Test
  void agreesWithTheSimplexMethodAndProvesItself() {
    Random random = new Random(1);
    DoubleUnaryOperator[] costs = {Math::abs, z -> z * z, z -> Math.pow(Math.abs(z), 3), z -> Math.exp(z) + Math.exp(-2 * z)};
    for (int trial = 0; trial < 80; trial++) {
      int n = 1 + random.nextInt(9);
      int m = 1 + random.nextInt(9);
      double[] x = new double[n];
      double[] y = new double[m];
      double[] a = new double[n];
      double[] b = new double[m];
      // few distinct places and whole masses, so that points coincide and both sides run out at once
      for (int i = 0; i < n; i++) {
        x[i] = random.nextInt(5) * 0.5;
      }
      for (int j = 0; j < m; j++) {
        y[j] = trial % 2 == 0 ? random.nextInt(5) * 0.5 : random.nextGaussian();
      }
      for (int k = 0; k < 12; k++) {
        a[random.nextInt(n)]++;
        b[random.nextInt(m)]++;
      }
      DoubleUnaryOperator h = costs[trial % costs.length];
      double[] c = new double[n * m];
      for (int k = 0; k < c.length; k++) {
        c[k] = h.applyAsDouble(x[k / m] - y[k % m]);
      }
      TransportProblem problem = new TransportProblem(a, b, new CostMatrix(n, m, c));
      TransportPlan plan = LineTransport.plan(x, a, y, b, h);
      TransportCheck check = TransportCheck.of(problem, plan);
      assertThat(check.isOptimal(1e-13, 1e-11)).as("trial " + trial + ": " + check).isTrue();
      assertThat(plan.cost()).isCloseTo(ExactTransport.solve(problem).cost(), within(1e-11));
    }
  }

  /** N(0,1) → N(10,1): W₂ = 10, by quantiles; a translation is exact for every p and any discretisation. */
  @Test
  void translationsAreExact() {
    double[] x = new Random(2).doubles(500, -1, 1).toArray();
    double[] y = new double[500];
    for (int i = 0; i < 500; i++) {
      y[(i * 7) % 500] = x[i] + 10;
    }
    for (double p : new double[] {1, 2, 3.5}) {
      assertThat(LineTransport.distance(x, y, p)).isCloseTo(10, within(1e-12));
    }
  }

  /** Half of the mass at 0 and 1 each against all of it at 0: W_p = 2^(−1/p). */
  @Test
  void samplesOfDifferentSizeAreWeighted() {
    for (double p : new double[] {1, 2, 3}) {
      assertThat(LineTransport.distance(new double[] {1, 0}, new double[] {0}, p)).isCloseTo(Math.pow(2, -1 / p), within(1e-15));
    }
  }

  /** POT's example: the barycentre of δ₀ and δ₂ on {0, 1, 2} is (0, 1, 0). */
  @Test
  void barycentresAverageQuantiles() {
    double[] grid = {0, 1, 2};
    LineTransport.Atoms middle = LineTransport.barycentre(new LineTransport.Atoms[] {
      new LineTransport.Atoms(grid, new double[] {1, 0, 0}), new LineTransport.Atoms(grid, new double[] {0, 0, 1})
    }, new double[] {0.5, 0.5});
    assertThat(middle.point()).containsExactly(1);
    assertThat(middle.mass()).containsExactly(1);
    // ½δ₁ + ½δ₃ and ¼δ₀ + ¾δ₄ with weights 1 and 3
    LineTransport.Atoms mixed = LineTransport.barycentre(new LineTransport.Atoms[] {
      new LineTransport.Atoms(new double[] {3, 1}, new double[] {0.5, 0.5}),
      new LineTransport.Atoms(new double[] {0, 4}, new double[] {0.25, 0.75})
    }, new double[] {1, 3});
    assertThat(mixed.point()).containsExactly(0.25, 3.25, 3.75);
    assertThat(mixed.mass()).containsExactly(0.25, 0.25, 0.5);
  }

  @Test
  void refusesConcaveCostsAndUnequalMasses() {
    assertThatThrownBy(() -> LineTransport.distance(new double[1], new double[1], 0.5)).hasMessageContaining("p >= 1");
    assertThatThrownBy(() -> LineTransport.distance(new double[] {}, new double[] {}, 1)).hasMessageContaining("no points");
    assertThatThrownBy(() -> LineTransport.distance(new double[1], new double[] {1}, new double[1], new double[] {2}, 1))
        .hasMessageContaining("total masses differ");
    assertThatThrownBy(() -> LineTransport.distance(new double[1], new double[] {1, 1}, new double[1], new double[] {2}, 1))
        .hasMessageContaining("differ in number");
  }
}
