package org.rgflow.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rgflow.kernels.TransportKernels;

class SinkhornTest {
  /** POT's example, regularisation 1: a = b = (½, ½), cost (0 1; 1 0): P = ½ (1, e⁻¹)/(1 + e⁻¹). */
  @Test
  void twoPoints() {
    TransportProblem problem = KnownTransport.twoPoints().problem();
    EntropicPlan plan = new Sinkhorn(1).solve(problem);
    double[][] p = plan.dense(problem);
    assertThat(p[0][0]).isCloseTo(0.36552929, within(5e-9));
    assertThat(p[0][1]).isCloseTo(0.13447071, within(5e-9));
    assertThat(plan.cost()).isCloseTo(0.26894142137, within(5e-12));
    double entropy = 2 * (p[0][0] * Math.log(4 * p[0][0]) + p[0][1] * Math.log(4 * p[0][1]));
    assertThat(plan.value()).isCloseTo(plan.cost() + entropy, within(1e-14));
    assertThat(plan.converged()).isTrue();
  }

  @Test
  void marginalsHoldAndValueIsPrimalAndDual() {
    KnownTransport known = KnownTransport.convexGradient(50, 2, 3);
    double[] a = known.problem().source().clone();
    a[4] = 0; // points without mass are carried along
    double[] b = known.problem().target().clone();
    b[known.solution().target()[4]] = 0;
    TransportProblem problem = new TransportProblem(a, b, known.problem().cost());
    for (double epsilon : new double[] {3, 0.3}) {
      EntropicPlan plan = new Sinkhorn(epsilon, 1e-11, 100_000).solve(problem);
      assertThat(plan.converged()).isTrue();
      double[][] p = plan.dense(problem);
      double[] column = new double[b.length];
      double value = 0;
      for (int i = 0; i < a.length; i++) {
        double row = 0;
        for (int j = 0; j < b.length; j++) {
          row += p[i][j];
          column[j] += p[i][j];
          value += p[i][j] * problem.cost().get(i, j);
          if (p[i][j] > 0) {
            value += epsilon * p[i][j] * Math.log(p[i][j] / a[i] / b[j]);
          }
        }
        assertThat(row).isCloseTo(a[i], within(1e-13));
      }
      assertThat(column).containsExactly(b, within(1e-11));
      assertThat(plan.value()).isCloseTo(value, within(1e-10));
    }
  }

  /** OT_ε decreases to OT, between OT and OT + ε H(b), and its potentials become those of OT. */
  @Test
  void smallRegularisationApproachesTheExactCost() {
    KnownTransport known = KnownTransport.convexGradient(30, 2, 5);
    double exact = known.solution().cost();
    double previous = Double.POSITIVE_INFINITY;
    for (double epsilon : new double[] {1, 0.1, 0.01}) {
      EntropicPlan plan = new Sinkhorn(epsilon, 1e-6, 20_000).solve(known.problem());
      assertThat(plan.value()).isBetween(exact, exact + epsilon * Math.log(60)).isLessThan(previous);
      assertThat(plan.cost()).isGreaterThan(exact - 1e-5);
      previous = plan.value();
    }
    assertThat(previous).isCloseTo(exact, within(0.04));
  }

  /** Against the bare iteration in the log domain, which needs more than twice as many steps. */
  @Test
  void theAccelerationLeadsToTheSamePotentialsSooner() {
    KnownTransport known = KnownTransport.convexGradient(40, 2, 6);
    TransportProblem problem = known.problem();
    double epsilon = 1;
    EntropicPlan plan = new Sinkhorn(epsilon, 1e-12, 100_000).solve(problem);
    assertThat(plan.converged()).isTrue();
    double[] f = new double[40];
    double[] g = new double[40];
    double[] h = new double[40];
    int steps = 0;
    for (double error = 1; error > 1e-12; steps++) {
      for (int i = 0; i < 40; i++) {
        h[i] = f[i] + epsilon * Math.log(problem.source()[i]);
      }
      double[] before = g.clone();
      for (int j = 0; j < 40; j++) {
        TransportKernels.softMinimumOfColumn(j, problem.cost().value(), h, g, 40, 40, epsilon);
      }
      error = 0;
      for (int j = 0; j < 40; j++) {
        error += problem.target()[j] * Math.abs(Math.expm1((before[j] - g[j]) / epsilon));
        h[j] = g[j] + epsilon * Math.log(problem.target()[j]);
      }
      for (int i = 0; i < 40; i++) {
        TransportKernels.softMinimum(i, problem.cost().value(), h, f, 40, epsilon);
      }
    }
    assertThat(plan.iterations()).isLessThan(steps / 2);
    double shift = plan.sourcePotential()[0] - f[0];
    for (int i = 0; i < 40; i++) {
      assertThat(plan.sourcePotential()[i] - f[i]).isCloseTo(shift, within(1e-8));
      assertThat(plan.targetPotential()[i] - g[i]).isCloseTo(-shift, within(1e-8));
    }
  }

  /** Far below the smallest cost over 700, where exp(−c/ε) is nothing but zeros. */
  @Test
  void tinyRegularisationsDoNotUnderflow() {
    TransportProblem problem = TransportProblem.uniform(
        CostMatrix.distance(new double[][] {{0}, {1}, {2.5}}, new double[][] {{10}, {11.2}, {14}}, 2));
    EntropicPlan plan = new Sinkhorn(0.01, 1e-9, 10_000).solve(problem);
    assertThat(plan.converged()).isTrue();
    assertThat(plan.cost()).isCloseTo(ExactTransport.solve(problem).cost(), within(1e-9));
  }

  /**
   * Entropic transport between N(0, s²) and N(m, t²) has a closed form (Janati, Muzellec, Peyré &amp; Cuturi, 2006.02572,
   * theorem 1; here in one dimension and for the cost |x − y|² with ε). On a grid on which sums of Gaussians are exact to
   * 1e-10.
   */
  @Test
  void gaussiansHaveAClosedForm() {
    double s = 1;
    double t = 0.7;
    double m = 0.5;
    double epsilon = 0.8;
    int n = 57;
    double[][] x = new double[n][1];
    double[] a = new double[n];
    double[] b = new double[n];
    double za = 0;
    double zb = 0;
    for (int i = 0; i < n; i++) {
      x[i][0] = -7 + 14.0 * i / (n - 1);
      a[i] = Math.exp(-x[i][0] * x[i][0] / (2 * s * s));
      b[i] = Math.exp(-(x[i][0] - m) * (x[i][0] - m) / (2 * t * t));
      za += a[i];
      zb += b[i];
    }
    for (int i = 0; i < n; i++) {
      a[i] /= za;
      b[i] /= zb;
    }
    CostMatrix cost = CostMatrix.distance(x, x, 2);
    Sinkhorn sinkhorn = new Sinkhorn(epsilon, 1e-12, 10_000);
    assertThat(sinkhorn.solve(new TransportProblem(a, b, cost)).value())
        .isCloseTo(m * m + gaussian(s, t, epsilon), within(1e-9));
    assertThat(sinkhorn.selfTransport(a, cost)).isCloseTo(gaussian(s, s, epsilon), within(1e-9));
    assertThat(sinkhorn.divergence(a, b, cost, cost, cost)).isCloseTo(
        m * m + gaussian(s, t, epsilon) - 0.5 * gaussian(s, s, epsilon) - 0.5 * gaussian(t, t, epsilon), within(1e-9));
  }

  /**
   * Gaussian plans are optimal: the minimum over the covariance c of s² + t² − 2c and ε times the mutual information
   * −½ ln(1 − c²/(s²t²)), where c² + (ε/2)c − s²t² = 0.
   */
  private static double gaussian(double s, double t, double epsilon) {
    double c = -0.25 * epsilon + Math.sqrt(epsilon * epsilon / 16 + s * s * t * t);
    return s * s + t * t - 2 * c - 0.5 * epsilon * Math.log1p(-c * c / (s * s * t * t));
  }

  @Test
  void theDivergenceVanishesOnlyAtEquality() {
    Random random = new Random(4);
    double[][] x = new double[20][2];
    double[][] y = new double[25][2];
    for (double[] point : x) {
      point[0] = random.nextGaussian();
      point[1] = random.nextGaussian();
    }
    for (double[] point : y) {
      point[0] = random.nextGaussian();
      point[1] = random.nextGaussian();
    }
    double[] a = TransportProblem.uniform(20);
    double[] b = TransportProblem.uniform(25);
    CostMatrix xx = CostMatrix.distance(x, x, 2);
    CostMatrix yy = CostMatrix.distance(y, y, 2);
    CostMatrix xy = CostMatrix.distance(x, y, 2);
    for (double epsilon : new double[] {0.5, 5}) {
      Sinkhorn sinkhorn = new Sinkhorn(epsilon, 1e-11, 10_000);
      assertThat(sinkhorn.divergence(a, a, xx, xx, xx)).isCloseTo(0, within(1e-9));
      assertThat(sinkhorn.divergence(a, b, xy, xx, yy)).isGreaterThan(0.01);
    }
  }

  /** ∂OT_ε/∂a is f: by central differences along a direction that keeps the mass. */
  @Test
  void thePotentialIsTheDerivative() {
    KnownTransport known = KnownTransport.convexGradient(12, 2, 9);
    Sinkhorn sinkhorn = new Sinkhorn(0.5, 1e-13, 100_000);
    double h = 1e-4;
    double[] value = new double[2];
    for (int k = 0; k < 2; k++) {
      double[] a = known.problem().source().clone();
      a[0] += k == 0 ? h : -h;
      a[1] -= k == 0 ? h : -h;
      value[k] = sinkhorn.solve(new TransportProblem(a, known.problem().target(), known.problem().cost())).value();
    }
    double[] f = sinkhorn.solve(known.problem()).sourcePotential();
    assertThat((value[0] - value[1]) / (2 * h)).isCloseTo(f[0] - f[1], within(1e-5));
  }

  @Test
  void saysWhenItHasNotConverged() {
    EntropicPlan plan = new Sinkhorn(0.01, 1e-12, 3).solve(KnownTransport.convexGradient(20, 2, 1).problem());
    assertThat(plan.converged()).isFalse();
    assertThat(plan.marginalError()).isGreaterThan(1e-12);
    assertThat(plan.iterations()).isLessThanOrEqualTo(20);
  }

  @Test
  void refusesSenselessSettings() {
    assertThatThrownBy(() -> new Sinkhorn(0)).hasMessageContaining("epsilon");
    assertThatThrownBy(() -> new Sinkhorn(1, 0, 1)).hasMessageContaining("tolerance");
    assertThatThrownBy(() -> new Sinkhorn(1, 1, 0)).hasMessageContaining("iteration");
  }
}
