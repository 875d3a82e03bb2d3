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

class ExactTransportTest {
  static Stream<Named<KnownTransport>> known() {
    return Stream.of(
        Named.of("diracs", KnownTransport.diracs(new double[] {1, 2}, new double[] {4, -2})),
        Named.of("two points", KnownTransport.twoPoints()),
        Named.of("60 points, 3 dimensions", KnownTransport.convexGradient(60, 3, 1)),
        Named.of("7 points on a line", KnownTransport.convexGradient(7, 1, 2)),
        Named.of("permutation, p = 1", KnownTransport.permutation(50, 1, 3)),
        Named.of("permutation, p = 1.5", KnownTransport.permutation(50, 1.5, 4)),
        Named.of("constant cost", KnownTransport.constantCost(30)));
  }

  @ParameterizedTest
  @MethodSource("known")
  void solvesProblemsOfKnownSolution(KnownTransport known) {
    double scale = known.problem().cost().scale() + 1;
    assertThat(TransportCheck.of(known.problem(), known.solution()).isOptimal(1e-14, 1e-13 * scale)).as("generator").isTrue();
    TransportPlan plan = ExactTransport.solve(known.problem());
    TransportCheck check = TransportCheck.of(known.problem(), plan);
    assertThat(check.isOptimal(1e-14, 1e-13 * scale)).as(check.toString()).isTrue();
    assertThat(plan.cost()).isCloseTo(known.solution().cost(), within(1e-13 * scale));
    assertThat(plan.mass().length).isLessThan(plan.sourcePotential().length + plan.targetPotential().length);
  }

  /** The first example of every textbook: plan ½·diag, cost 0. */
  @Test
  void massThatIsInPlaceStays() {
    TransportPlan plan = ExactTransport.solve(KnownTransport.twoPoints().problem());
    assertThat(plan.dense()).isDeepEqualTo(new double[][] {{0.5, 0}, {0, 0.5}});
    assertThat(plan.cost()).isZero();
  }

  @Test
  void theConvexGradientIsFoundPointByPoint() {
    KnownTransport known = KnownTransport.convexGradient(60, 3, 1);
    double[][] plan = ExactTransport.solve(known.problem()).dense();
    for (int i = 0; i < 60; i++) {
      assertThat(plan[i][known.solution().target()[i]]).isCloseTo(known.problem().source()[i], within(1e-15));
    }
  }

  /** Rectangular, with empty points, integer masses (ties in every pivot) and negative costs; proof by duality. */
  @Test
  void degenerateRectangularProblemsAreProvedOptimal() {
    Random random = new Random(5);
    for (int trial = 0; trial < 200; trial++) {
      int n = 1 + random.nextInt(12);
      int m = 1 + random.nextInt(12);
      double[] a = new double[n];
      double[] b = new double[m];
      int total = 5 + random.nextInt(20);
      for (int k = 0; k < total; k++) {
        a[random.nextInt(n)]++;
        b[random.nextInt(m)]++;
      }
      double[] c = new double[n * m];
      for (int k = 0; k < c.length; k++) {
        c[k] = trial % 2 == 0 ? random.nextInt(7) - 3 : random.nextGaussian();
      }
      TransportProblem problem = new TransportProblem(a, b, new CostMatrix(n, m, c));
      TransportCheck check = TransportCheck.of(problem, ExactTransport.solve(problem));
      assertThat(check.isOptimal(1e-14 * total, 1e-12)).as("trial " + trial + ": " + check).isTrue();
    }
  }

  @Test
  void anAssignmentIsAPermutation() {
    Random random = new Random(6);
    int n = 150;
    double[] c = random.doubles(n * n).toArray();
    TransportProblem problem = TransportProblem.uniform(new CostMatrix(n, n, c));
    TransportPlan plan = ExactTransport.solve(problem);
    assertThat(TransportCheck.of(problem, plan).isOptimal(1e-15, 1e-13)).isTrue();
    assertThat(plan.target()).hasSize(n).doesNotHaveDuplicates();
    // Parisi's formula for the mean of random assignments is 1 + 1/4 + … + 1/n² (exponential costs); about 1.64
    assertThat(plan.cost() * n).isBetween(1.3, 2.0);
  }

  @Test
  void theCheckSeesEveryFault() {
    KnownTransport known = KnownTransport.convexGradient(5, 2, 8);
    TransportPlan good = known.solution();
    double[] mass = good.mass().clone();
    mass[0] += 0.1;
    assertThat(check(known, mass, good.sourcePotential(), good.cost()).marginalError()).isCloseTo(0.1, within(1e-15));
    mass[0] = -0.2;
    assertThat(check(known, mass, good.sourcePotential(), good.cost()).negativeMass()).isEqualTo(0.2);
    double[] u = good.sourcePotential().clone();
    u[2] += 0.3;
    TransportCheck raised = check(known, good.mass(), u, good.cost());
    assertThat(raised.dualViolation()).isCloseTo(0.3, within(1e-13));
    assertThat(raised.slackness()).isCloseTo(0.3, within(1e-13));
    assertThat(raised.gap()).isCloseTo(0.3 * known.problem().source()[2], within(1e-13));
    assertThat(check(known, good.mass(), good.sourcePotential(), good.cost() + 1).costError()).isCloseTo(1, within(1e-13));
  }

  private static TransportCheck check(KnownTransport known, double[] mass, double[] u, double cost) {
    TransportPlan plan = known.solution();
    return TransportCheck.of(known.problem(),
        new TransportPlan(cost, plan.source(), plan.target(), mass, u, plan.targetPotential()));
  }

  @Test
  void refusesWhatIsNoProblem() {
    CostMatrix cost = new CostMatrix(2, 2, new double[4]);
    assertThatThrownBy(() -> new TransportProblem(new double[] {1, 1}, new double[] {1, 2}, cost))
        .hasMessage("total masses differ: sources have 2.0, targets 3.0; normalise both");
    assertThatThrownBy(() -> new TransportProblem(new double[] {1, -1}, new double[] {1, 1}, cost)).hasMessageContaining("source 1");
    assertThatThrownBy(() -> new TransportProblem(new double[2], new double[2], cost)).hasMessageContaining("no mass");
    assertThatThrownBy(() -> new TransportProblem(new double[] {1}, new double[] {1}, cost)).hasMessageContaining("2x2");
    assertThatThrownBy(() -> new CostMatrix(1, 2, new double[] {0, Double.NaN})).hasMessageContaining("cost (0, 1)");
  }
}
