package org.rgflow.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rgflow.spectral.ModeSchedule;

class GaussianModesTest {
  private static final double[] UNIT = {1, 1};

  @Test
  void relativeEntropyAgreesWithIntegration() {
    double v = 0.7;
    double q = 1.9;
    double sum = 0;
    double step = 0.01;
    for (double x = -12; x <= 12; x += step) {
      double p = Math.exp(-x * x / (2 * v)) / Math.sqrt(2 * Math.PI * v);
      double logRatio = -x * x / (2 * v) + x * x / (2 * q) + 0.5 * Math.log(q / v);
      sum += p * logRatio * step;
    }
    assertThat(new GaussianModes(v).relativeEntropy(new GaussianModes(q))).isCloseTo(sum, within(1e-12));
  }

  @Test
  void relativeEntropyKeepsItsDigitsNearEquality() {
    double e = 1e-7;
    // ½(r − 1 − ln r) = e²/4 − e³/6 + …
    assertThat(new GaussianModes(1 + e).relativeEntropy(new GaussianModes(1.0))).isCloseTo(e * e / 4, within(1e-21));
    assertThat(new GaussianModes(2, 3).relativeEntropy(new GaussianModes(2, 3))).isZero();
  }

  @Test
  void dissipationIsTheDerivativeOfRelativeEntropyAlongItsGradientFlow() {
    double q = 0.8;
    double m = 0.3;
    // V relaxes to q as q + (V − q) e^(−2Mt/q).
    double v = 2.5;
    double h = 1e-4;
    double after = new GaussianModes(q + (v - q) * Math.exp(-2 * m * h / q)).relativeEntropy(new GaussianModes(q));
    double before = new GaussianModes(q + (v - q) * Math.exp(2 * m * h / q)).relativeEntropy(new GaussianModes(q));
    double dissipation = new GaussianModes(v).relativeFisherInformation(new GaussianModes(q), new double[] {m});
    assertThat((before - after) / (2 * h)).isCloseTo(dissipation, within(1e-7));
  }

  @Test
  void entropyProductionOfTheHeatEquation() {
    // dV/dt = 2M: dH/dt = M/V = fisherInformation.
    double h = 1e-5;
    double m = 0.4;
    double slope = (new GaussianModes(2 + 2 * m * h).entropy() - new GaussianModes(2 - 2 * m * h).entropy()) / (2 * h);
    assertThat(new GaussianModes(2.0).fisherInformation(new double[] {m})).isCloseTo(slope, within(1e-9));
  }

  @Test
  void distanceCountsTheInverseMobility() {
    GaussianModes a = new GaussianModes(1, 4);
    GaussianModes b = new GaussianModes(9, 1);
    assertThat(a.wasserstein2Squared(b)).isCloseTo(4 + 1, within(1e-15));
    assertThat(a.wasserstein2Squared(b, new double[] {2, 0.5})).isCloseTo(4 / 2.0 + 1 / 0.5, within(1e-15));
    assertThat(a.wasserstein2Squared(b, new double[] {1, 0})).isInfinite();
    assertThat(a.wasserstein2Squared(a, new double[] {0, 0})).isZero();
  }

  @Test
  void minimisingMovementMinimises() {
    GaussianModes from = new GaussianModes(2.0, 0.3);
    GaussianModes q = new GaussianModes(0.5, 0.9);
    double[] mobility = {0.7, 1.3};
    double h = 0.4;
    GaussianModes best = from.minimisingMovement(q, mobility, h);
    double minimum = best.relativeEntropy(q) + best.wasserstein2Squared(from, mobility) / (2 * h);
    for (double shift : new double[] {-1e-3, 1e-3}) {
      for (int k = 0; k < 2; k++) {
        double[] v = {best.variance(0), best.variance(1)};
        v[k] += shift;
        GaussianModes other = new GaussianModes(v);
        assertThat(other.relativeEntropy(q) + other.wasserstein2Squared(from, mobility) / (2 * h)).isGreaterThan(minimum);
      }
    }
    // the formula as it is usually written
    double a = 1 / (h * 0.7);
    double s = Math.sqrt(2);
    double p = 1 / 0.5 + a;
    double root = (a * s + Math.sqrt(a * s * a * s + 4 * p)) / (2 * p);
    assertThat(best.variance(0)).isCloseTo(root * root, within(1e-14));
  }

  @Test
  void minimisingMovementsConvergeToTheFlowAtFirstOrder() {
    double q = 0.5;
    double exact = q + (2 - q) * Math.exp(-2 * 1.0 / q);
    double[] error = new double[4];
    for (int level = 0; level < error.length; level++) {
      int steps = 64 << level;
      GaussianModes law = new GaussianModes(2.0);
      for (int i = 0; i < steps; i++) {
        law = law.minimisingMovement(new GaussianModes(q), new double[] {1}, 1.0 / steps);
      }
      error[level] = Math.abs(law.variance(0) - exact);
    }
    for (int level = 1; level < error.length; level++) {
      assertThat(error[level - 1] / error[level]).isBetween(1.9, 2.1);
    }
  }

  @Test
  void pushIsTheTransition() {
    GaussianModes next = new GaussianModes(2, 3)
        .push(new ModeSchedule.Transition(new double[] {0.5, 1}, new double[] {0.1, 0}));
    assertThat(next.variance(0)).isCloseTo(0.51, within(1e-15));
    assertThat(next.variance(1)).isEqualTo(3);
  }

  @Test
  void refusesWhatIsNoLaw() {
    assertThatThrownBy(() -> new GaussianModes()).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new GaussianModes(1, 0)).hasMessageContaining("mode 1");
    assertThatThrownBy(() -> new GaussianModes(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new GaussianModes(1, 2).relativeEntropy(new GaussianModes(1.0))).hasMessageContaining("1 modes");
    assertThatThrownBy(() -> new GaussianModes(1.0, 1).minimisingMovement(new GaussianModes(1, 1), UNIT, 0))
        .hasMessageContaining("step");
  }
}
