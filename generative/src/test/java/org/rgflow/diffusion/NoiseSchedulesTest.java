package org.rgflow.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.ModeSchedule.Variable;
import org.rgflow.spectral.Regulator;

class NoiseSchedulesTest {
  private static final int SIDE = 4;
  private static final int COLOURS = 3;

  private static double[] deviation() {
    double[] deviation = new double[COLOURS * SIDE * SIDE];
    for (int k = 0; k < deviation.length; k++) {
      deviation[k] = 1.7 / (1 + 0.6 * k);
    }
    return deviation;
  }

  static Stream<NoiseSchedule> schedules() {
    return NoiseSchedules.NAMES.stream().map(name -> NoiseSchedules.named(name, SIDE, COLOURS, deviation(), 1000));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void signalOnlyFallsAndStaysBetweenZeroAndOne(NoiseSchedule schedule) {
    double[][] table = schedule.alphaBars();
    assertThat(table).hasDimensions(1000, 48);
    for (int t = 1; t < 1000; t++) {
      for (int k = 0; k < 48; k++) {
        assertThat(table[t][k]).isLessThanOrEqualTo(table[t - 1][k]).isStrictlyBetween(0.0, 1.0);
        assertThat(schedule.logSnr(k, t)).isLessThan(schedule.logSnr(k, t - 1));
        assertThat(schedule.logSnr(k, t - 0.5)).isStrictlyBetween(schedule.logSnr(k, t), schedule.logSnr(k, t - 1));
      }
    }
    for (int k = 0; k < 48; k++) {
      assertThat(Math.exp(schedule.logNoise(k, 300)) + schedule.alphaBar(k, 300)).isCloseTo(1, within(1e-14));
    }
  }

  /** The derivative of every regulator against a difference quotient, and its order in energy and scale. */
  @ParameterizedTest
  @MethodSource("schedules")
  void regulatorsAreRegulators(NoiseSchedule schedule) {
    Regulator regulator = schedule.flow().regulator();
    for (double energy : new double[] {0, 0.3, 2, 6}) {
      for (double scale : new double[] {-9, -3.1, -0.2, 0.9, 4, 9}) {
        double h = 1e-5;
        double slope = (regulator.value(energy, scale + h) - regulator.value(energy, scale - h)) / (2 * h);
        assertThat(regulator.derivative(energy, scale)).isCloseTo(slope, within(1e-9 + 1e-6 * Math.abs(slope)));
        assertThat(regulator.value(energy + 0.5, scale)).isLessThanOrEqualTo(regulator.value(energy, scale));
      }
      assertThat(regulator.logValue(energy, Double.POSITIVE_INFINITY)).isZero();
    }
  }

  @Test
  void theFermiScheduleIsThePolchinskiFlow() {
    FermiSchedule published = FermiSchedule.published(SIDE);
    NoiseSchedule schedule = NoiseSchedules.fermi(published, COLOURS);
    ModeSchedule flow = published.modes();
    for (int t : new int[] {0, 1, 400, 999}) {
      ModeSchedule.Transition field = flow.transition(Double.POSITIVE_INFINITY, published.mu(t), Variable.FIELD);
      for (int k = 0; k < 48; k++) {
        assertThat(schedule.alphaBar(k, t)).isEqualTo(published.alphaBar(k % 16, t));
        assertThat(schedule.alphaBar(k, t)).as("Polchinski's decay from the bare field")
            .isEqualTo(field.decay()[k % 16]);
        assertThat(schedule.logSnr(k, t))
            .isCloseTo((published.mu(t) - published.energy(k % 16)) / 0.5, within(1e-11));
      }
    }
  }

  @Test
  void theTerminalRangeIsTheNarrowestThatMeetsTheLimits() {
    double[] deviation = deviation();
    NoiseSchedule schedule = NoiseSchedules.fermiBetween(SIDE, COLOURS, 0.5, deviation, 13, -7, 1000);
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < 48; k++) {
      double logVariance = 2 * Math.log(deviation[k]);
      least = Math.min(least, schedule.logSnr(k, 0) + logVariance);
      most = Math.max(most, schedule.logSnr(k, 999) + logVariance);
    }
    assertThat(least).isCloseTo(13, within(1e-9));
    assertThat(most).isCloseTo(-7, within(1e-9));
  }

  /** The published formula at every step, and the cap on the last β. */
  @Test
  void theCosineScheduleIsWhite() {
    NoiseSchedule schedule = NoiseSchedules.cosine(48, 1000);
    for (int t = 0; t < 998; t++) {
      double angle = ((t + 1) / 1000.0 + 0.008) / 1.008 * Math.PI / 2;
      double expected = Math.pow(Math.cos(angle) / Math.cos(0.008 / 1.008 * Math.PI / 2), 2);
      assertThat(schedule.alphaBar(17, t)).isCloseTo(expected, within(1e-14));
      assertThat(schedule.alphaBar(0, t)).isEqualTo(schedule.alphaBar(47, t));
    }
    assertThat(1 - schedule.alphaBar(0, 999) / schedule.alphaBar(0, 998)).as("last β").isCloseTo(0.999, within(1e-12));
    assertThat(1 - schedule.alphaBar(0, 0)).as("first β").isCloseTo(4.128422482e-5, within(1e-9));
  }

  /** The product of 1 − β in double precision by numpy: np.prod(1 - np.linspace(1e-4, 0.02, 1000)). */
  @Test
  void theLinearScheduleIsThatOfDdpm() {
    NoiseSchedule schedule = NoiseSchedules.linear(3, 1000);
    assertThat(schedule.alphaBar(0, 0)).isCloseTo(0.9999, within(1e-14));
    assertThat(schedule.alphaBar(1, 499)).isCloseTo(0.07858724288177824, within(1e-13));
    assertThat(schedule.alphaBar(2, 999)).isCloseTo(4.035829765375676e-05, within(1e-16));
    assertThat(NoiseSchedules.linear(3, 100).alphaBar(0, 99)).as("about as dark in fewer steps")
        .isBetween(1e-5, 1e-4);
  }

  /** 4/T' between the lowest and the highest frequency of a patch. */
  @Test
  void temperatureSpreadsTheModes() {
    double[] deviation = deviation();
    NoiseSchedule warm = NoiseSchedules.named(
        "fermi-terminal", SIDE, COLOURS, deviation, 100, new NoiseSchedules.FermiShape(2, 5, -4));
    assertThat(warm.logSnr(0, 40) - warm.logSnr(15, 40)).isCloseTo(4 / 2.0, within(1e-9));
    assertThat(warm.logSnr(47, 0) + 2 * Math.log(deviation[47])).isCloseTo(5, within(1e-9));
    assertThatThrownBy(() -> new NoiseSchedules.FermiShape(0, 5, -4)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new NoiseSchedules.FermiShape(1, -4, 5)).hasMessageContaining("must fall");
  }

  @Test
  void weightsOfTheLoss() {
    double[] deviation = deviation();
    NoiseSchedule schedule = NoiseSchedules.named("cosine", SIDE, COLOURS, deviation, 100);
    float[] weights = new float[50];
    for (int t : new int[] {0, 30, 60, 99}) {
      LossWeights.minimumSnr(schedule, deviation, 5, t, weights, 1);
      LossWeights.velocity(schedule, deviation, 5, t, weights, 2);
      double snr = schedule.alphaBar(47, t) / (1 - schedule.alphaBar(47, t)) * deviation[47] * deviation[47];
      double variance = deviation[47] * deviation[47];
      assertThat((double) weights[49]).isCloseTo(Math.min(snr + 1, 5) / variance, withinPercentage(1e-4));
      LossWeights.minimumSnr(schedule, deviation, 5, t, weights, 2);
      assertThat((double) weights[49]).isCloseTo(Math.min(snr, 5) / variance, withinPercentage(1e-4));
      assertThat(weights[0]).isZero();
    }
    assertThatThrownBy(() -> LossWeights.velocity(schedule, deviation, 0, 3, weights, 0)).hasMessageContaining("positive");
  }

  @Test
  void equalSnrHasOneRatioForTheDataOfAllModes() {
    NoiseSchedule schedule = NoiseSchedules.equalSnr(deviation(), 1000);
    NoiseSchedule white = NoiseSchedules.cosine(1, 1000);
    for (int t : new int[] {0, 333, 999}) {
      for (int k = 0; k < 48; k++) {
        assertThat(schedule.logSnr(k, t) + 2 * Math.log(deviation()[k])).isCloseTo(white.logSnr(0, t), within(1e-9));
      }
    }
  }

  /** log-SNR = log-SNR of the noise + 2 ln d, d the Gaussian blur with its floor 0.001. */
  @Test
  void blurringDimsModesByTheHeatEquation() {
    NoiseSchedule schedule = NoiseSchedules.blurring(8, 1, 20, 101);
    for (int t : new int[] {0, 20, 50, 77, 100}) {
      double time = t / 100.0;
      double begin = Math.atan(Math.exp(-5));
      double angle = begin + time * (Math.atan(Math.exp(5)) - begin);
      double white = -2 * Math.log(Math.tan(angle));
      for (int k1 = 0; k1 < 8; k1++) {
        double blur = 20 * Math.pow(Math.sin(time * Math.PI / 2), 2);
        double d = 0.999 * Math.exp(-Math.pow(Math.PI * k1 / 8, 2) * blur * blur / 2) + 0.001;
        assertThat(schedule.logSnr(8 * k1, t)).isCloseTo(white + 2 * Math.log(d), within(1e-9));
      }
    }
    assertThat(schedule.logSnr(0, 0)).isCloseTo(10, within(1e-9));
    assertThat(schedule.logSnr(0, 100)).isCloseTo(-10, within(1e-9));
  }

  @Test
  void mistakesAreNamed() {
    double[] deviation = deviation();
    assertThatThrownBy(() -> NoiseSchedules.named("equalsnr", SIDE, COLOURS, deviation, 1000))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("equal-snr");
    assertThatThrownBy(() -> NoiseSchedules.fermiBetween(SIDE, COLOURS, 0.5, deviation, -7, 13, 1000))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("fall");
    deviation[5] = 0;
    assertThatThrownBy(() -> NoiseSchedules.equalSnr(deviation, 1000))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("mode 5");
    assertThatThrownBy(() -> NoiseSchedules.cosine(4, 1)).isInstanceOf(IllegalArgumentException.class);
    NoiseSchedule schedule = NoiseSchedules.cosine(4, 10);
    for (double t : List.of(-0.1, 9.1, Double.NaN)) {
      assertThatThrownBy(() -> schedule.mu(t)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void lossWeightsAreCapped() {
    NoiseSchedule schedule = NoiseSchedules.fermi(FermiSchedule.published(2), 1);
    float[] weights = new float[5];
    LossWeights.minimumSnr(schedule, new double[] {1, 1, 1, 1}, 5, 400, weights, 1);
    for (int k = 0; k < 4; k++) {
      assertThat(weights[k + 1]).isCloseTo((float) Math.min(5, Math.exp(schedule.logSnr(k, 400))), within(1e-5f));
    }
    LossWeights.minimumSnr(schedule, new double[] {2, 2, 2, 2}, 5, 0, weights, 1);
    assertThat(weights[1]).isEqualTo(1.25f);
    assertThat(weights[0]).isZero();
  }
}
