package org.rgflow.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class QuantileFlowTest {
  private static double[] spread(int n, double width) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = width * (2 * (i + 0.5) / n - 1);
    }
    return x;
  }

  /** e^(−U), U = −0.4x² + x⁴/4: one mode of φ⁴ in the broken phase. */
  private static QuantileFlow quartic(double[] x) {
    return new QuantileFlow(x, y -> y * y * (-0.4 + 0.25 * y * y), y -> -0.8 * y + y * y * y, y -> -0.8 + 3 * y * y, 0.5);
  }

  @Test
  void everyStepPaysForItsDistance() {
    QuantileFlow flow = quartic(spread(200, 0.5));
    double before = flow.energy();
    for (int i = 0; i < 20; i++) {
      double distance = flow.step(0.1);
      double after = flow.energy();
      assertThat(after + distance / 0.2).isLessThan(before);
      before = after;
    }
  }

  @Test
  void theErrorOfTheStepIsOfFirstOrder() {
    double[] result = new double[4];
    for (int level = 0; level < 4; level++) {
      QuantileFlow flow = quartic(spread(100, 0.5));
      int steps = 10 << level;
      for (int i = 0; i < steps; i++) {
        flow.step(0.5 / steps);
      }
      result[level] = flow.moment(2);
    }
    double first = (result[0] - result[1]) / (result[1] - result[2]);
    double second = (result[1] - result[2]) / (result[2] - result[3]);
    assertThat(second).isBetween(1.85, 2.15);
    assertThat(Math.abs(second - 2)).isLessThan(Math.abs(first - 2) + 0.02);
  }

  @Test
  void endsInTheTargetDensity() {
    double[] second = new double[2];
    for (int level = 0; level < 2; level++) {
      QuantileFlow flow = quartic(spread(200 << level, 0.5));
      for (int i = 0; i < 200; i++) {
        flow.step(1);
      }
      second[level] = flow.moment(2);
    }
    double z = 0;
    double m = 0;
    for (double x = -6; x <= 6; x += 0.01) {
      double w = Math.exp(-x * x * (-0.4 + 0.25 * x * x));
      z += w;
      m += w * x * x;
    }
    double exact = m / z;
    // the tails carry an error of order 1/n
    assertThat(second[1]).isCloseTo(exact, within(0.02 * exact));
    assertThat(Math.abs(second[1] - exact)).isLessThan(0.7 * Math.abs(second[0] - exact));
  }

  @Test
  void gaussianStepAgreesWithTheClosedForm() {
    // A Gaussian's quantiles stay affine images of each other; compare the scale of the central half.
    int n = 4000;
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = normalQuantile((i + 0.5) / n);
    }
    QuantileFlow flow = new QuantileFlow(x, y -> y * y, y -> 2 * y, y -> 2, 0.7); // target variance ½
    flow.step(0.3);
    double expected = Math.sqrt(
        new GaussianModes(1.0).minimisingMovement(new GaussianModes(0.5), new double[] {0.7}, 0.3).variance(0));
    double[] after = flow.quantiles();
    assertThat(after[3 * n / 4] / x[3 * n / 4]).isCloseTo(expected, within(2e-3));
  }

  @Test
  void refusesCrossedParticles() {
    assertThatThrownBy(() -> quartic(new double[] {0, 0, 1})).hasMessageContaining("increase");
    assertThatThrownBy(() -> quartic(spread(10, 1)).step(-1)).hasMessageContaining("step");
  }

  private static double normalQuantile(double u) {
    double low = -10;
    double high = 10;
    for (int i = 0; i < 80; i++) {
      double mid = 0.5 * (low + high);
      double sum = 0;
      int steps = 400;
      double h = mid / steps;
      for (int k = 0; k <= steps; k++) {
        double y = k * h;
        double w = k == 0 || k == steps ? 1 : k % 2 == 1 ? 4 : 2;
        sum += w * Math.exp(-0.5 * y * y);
      }
      double cdf = 0.5 + sum * h / 3 / Math.sqrt(2 * Math.PI);
      if (cdf < u) {
        low = mid;
      } else {
        high = mid;
      }
    }
    return 0.5 * (low + high);
  }
}
