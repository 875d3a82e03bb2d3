package org.rgflow.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class GraphTransportTest {
  private static GraphTransport twoPoints(double p) {
    return new GraphTransport(new double[][] {{0, p}, {p, 0}});
  }

  /** A random reversible chain on a complete graph. */
  private static GraphTransport chain(int n, Random random) {
    double[] pi = random.doubles(n, 0.5, 2).toArray();
    double[][] rates = new double[n][n];
    for (int x = 0; x < n; x++) {
      for (int y = 0; y < x; y++) {
        double c = random.nextDouble(0.2, 1);
        rates[x][y] = c / pi[x];
        rates[y][x] = c / pi[y];
      }
    }
    return new GraphTransport(rates);
  }

  private static double[] density(GraphTransport graph, Random random) {
    double[] pi = graph.stationary();
    double[] rho = random.doubles(pi.length, 0.2, 2).toArray();
    double sum = 0;
    for (int x = 0; x < pi.length; x++) {
      sum += pi[x] * rho[x];
    }
    for (int x = 0; x < pi.length; x++) {
      rho[x] /= sum;
    }
    return rho;
  }

  @Test
  void logarithmicMeanAndItsDerivatives() {
    assertThat(LogarithmicMean.value(2, 2)).isCloseTo(2, within(1e-15));
    assertThat(LogarithmicMean.value(1, Math.E)).isCloseTo(Math.E - 1, within(1e-15));
    assertThat(LogarithmicMean.value(3, 0)).isZero();
    assertThat(LogarithmicMean.value(1e-300, 1)).isCloseTo(1 / (300 * Math.log(10)), within(1e-15));
    for (double s : new double[] {0.01, 0.3, 0.9999, 1.00001, 1.5, 2.7, 2.8, 40}) {
      double h = 1e-4 * s;
      double t = 1;
      double first = (LogarithmicMean.value(s + h, t) - LogarithmicMean.value(s - h, t)) / (2 * h);
      double second = (LogarithmicMean.derivative(s + h, t) - LogarithmicMean.derivative(s - h, t)) / (2 * h);
      assertThat(LogarithmicMean.derivative(s, t)).isCloseTo(first, within(1e-7 * first));
      assertThat(LogarithmicMean.secondDerivative(s, t)).isCloseTo(second, within(-1e-6 * second));
      double mixed = (LogarithmicMean.derivative(s, t + 1e-4) - LogarithmicMean.derivative(s, t - 1e-4)) / 2e-4;
      assertThat(-s / t * LogarithmicMean.secondDerivative(s, t)).isCloseTo(mixed, within(1e-6 * Math.abs(mixed)));
    }
  }

  /** The integral over √(artanh r / r), p = ½, to twelve and ten digits. */
  @Test
  void twoPointDistance() {
    assertThat(GraphTransport.twoPointDistance(0.5, 0, 0.5)).isCloseTo(0.507557332506, within(6e-13));
    assertThat(GraphTransport.twoPointDistance(0.5, -1, 1)).isCloseTo(2.204345218, within(6e-10));
    assertThat(GraphTransport.twoPointDistance(2, 0.5, 0)).isCloseTo(0.507557332506 / 2, within(6e-13));
  }

  @Test
  void geodesicsOfTwoPointsConvergeAtSecondOrder() {
    double exact = GraphTransport.twoPointDistance(0.7, -0.3, 0.8);
    double[] error = new double[3];
    for (int level = 0; level < 3; level++) {
      GraphTransport.Geodesic geodesic =
          twoPoints(0.7).geodesic(new double[] {1.3, 0.7}, new double[] {0.2, 1.8}, 8 << level);
      error[level] = geodesic.distance() - exact;
    }
    assertThat(error[0] / error[1]).isBetween(3.8, 4.2);
    assertThat(error[1] / error[2]).isBetween(3.9, 4.1);
    assertThat(error[2]).isCloseTo(0, within(1e-4));
    double extrapolated = exact + (4 * error[2] - error[1]) / 3;
    assertThat(extrapolated).isCloseTo(exact, within(2e-7));
  }

  /** All mass from one point to the other: the densities vanish at the ends, and the distance is finite. */
  @Test
  void massCanBeMovedOffAPoint() {
    double exact = GraphTransport.twoPointDistance(0.5, -1, 1);
    double coarse = twoPoints(0.5).geodesic(new double[] {2, 0}, new double[] {0, 2}, 16).distance() - exact;
    double fine = twoPoints(0.5).geodesic(new double[] {2, 0}, new double[] {0, 2}, 64).distance() - exact;
    assertThat(Math.abs(fine)).isLessThan(0.4 * Math.abs(coarse)).isLessThan(0.02);
  }

  @Test
  void geodesicsHaveConstantSpeedAndSatisfyTheTriangle() {
    Random random = new Random(3);
    GraphTransport graph = chain(5, random);
    double[] a = density(graph, random);
    double[] b = density(graph, random);
    double[] c = density(graph, random);
    GraphTransport.Geodesic ab = graph.geodesic(a, b, 16);
    assertThat(graph.geodesic(a, ab.density()[8], 8).distance()).isCloseTo(0.5 * ab.distance(), within(2e-4 * ab.distance()));
    assertThat(graph.geodesic(b, a, 16).distance()).isCloseTo(ab.distance(), within(1e-9));
    assertThat(graph.geodesic(a, c, 16).distance() + graph.geodesic(c, b, 16).distance()).isGreaterThan(ab.distance());
    // any other path is longer: the straight one, by its own action
    double straight = 0;
    double[] rate = new double[5];
    for (int k = 0; k < 64; k++) {
      double[] rho = new double[5];
      for (int x = 0; x < 5; x++) {
        rate[x] = b[x] - a[x];
        rho[x] = a[x] + (k + 0.5) / 64 * rate[x];
      }
      straight += graph.speedSquared(rho, rate) / 64;
    }
    assertThat(straight).isGreaterThan(ab.distance() * ab.distance());
  }

  /** Maas' main theorem: the gradient flow of the entropy is the chain's equation ρ̇ = (K − I)ρ. */
  @Test
  void theGradientFlowOfTheEntropyIsTheChain() {
    Random random = new Random(4);
    GraphTransport graph = chain(6, random);
    double[] pi = graph.stationary();
    double[] rho = density(graph, random);
    double[] derivative = new double[6];
    for (int x = 0; x < 6; x++) {
      double h = 1e-5;
      double[] plus = rho.clone();
      double[] minus = rho.clone();
      plus[x] += h;
      minus[x] -= h;
      derivative[x] = (graph.entropy(plus) - graph.entropy(minus)) / (2 * h) / pi[x];
    }
    double[] chain = graph.generator(rho);
    assertThat(graph.steepestDescent(rho, derivative)).containsExactly(chain, within(1e-8));
    // its speed² is the dissipation, and it is the steepest of all directions: dH(v) ≥ −|v| √dissipation
    assertThat(graph.speedSquared(rho, chain)).isCloseTo(graph.dissipation(rho), within(1e-12));
    for (int trial = 0; trial < 20; trial++) {
      double[] psi = random.doubles(6, -1, 1).toArray();
      double[] v = graph.steepestDescent(rho, psi);
      double slope = 0;
      for (int x = 0; x < 6; x++) {
        slope += pi[x] * (Math.log(rho[x]) + 1) * v[x];
      }
      assertThat(slope).isGreaterThan(-Math.sqrt(graph.speedSquared(rho, v) * graph.dissipation(rho)));
    }
  }

  /** The stationary law of the chain is found from detailed balance, and does not move. */
  @Test
  void theStationaryLawRests() {
    GraphTransport graph = new GraphTransport(new double[][] {{0, 1, 0}, {0.5, 0, 0.25}, {0, 1, 0}});
    assertThat(graph.stationary()).containsExactly(new double[] {1 / 3.5, 2 / 3.5, 0.5 / 3.5}, within(1e-15));
    assertThat(graph.generator(new double[] {1, 1, 1})).containsExactly(0, 0, 0);
  }

  @Test
  void refusesWhatIsNoReversibleChain() {
    assertThatThrownBy(() -> new GraphTransport(new double[][] {{0, 1, 2}, {2, 0, 1}, {1, 2, 0}})).hasMessageContaining("not reversible");
    assertThatThrownBy(() -> new GraphTransport(new double[3][3])).hasMessageContaining("not connected");
    assertThatThrownBy(() -> new GraphTransport(new double[][] {{0, -1}, {1, 0}})).hasMessageContaining("rate (0, 1)");
    assertThatThrownBy(() -> twoPoints(1).geodesic(new double[] {1, 2}, new double[] {1, 1}, 4)).hasMessageContaining("total mass 1");
  }
}
