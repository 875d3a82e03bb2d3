package org.rgflow.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.diffusion.SamplingPlan.Action;
import org.rgflow.diffusion.SamplingPlan.Stage;

/** The coefficients of the samplers, in double, against solutions in closed form. */
class SamplingPlanTest {
  private static final int T = 1000;
  private static final double[] MEAN = {0.7, -0.2, 0.1, 0};
  private static final double[] DEVIATION = {1.3, 0.4, 0.5, 0.15};
  private static final ModeData.Gaussian GAUSSIAN = new ModeData.Gaussian(MEAN, DEVIATION);
  private static final ModeData.Mixture MIXTURE =
      new ModeData.Mixture(0.3, new double[] {1.1, 0.6, 0.8, 0.3}, new double[] {0.5, 0.4, 0.3, 0.2});

  private static NoiseSchedule schedule(String name) {
    return switch (name) {
      case "fermi" -> NoiseSchedules.fermiBetween(2, 1, 0.5, DEVIATION, 4, -4, T);
      case "equal-snr" -> {
        // A range without the singular ends of the cosine, on which asymptotic orders show late.
        NoiseSchedule cosine = NoiseSchedules.equalSnr(DEVIATION, T);
        double[] mu = new double[T];
        for (int t = 0; t < T; t++) {
          double s = t / (T - 1.0);
          mu[t] = 5 - 10 * s - 2 * s * s;
        }
        yield new NoiseSchedule("equal-snr, quadratic", cosine.flow(), mu);
      }
      default -> throw new AssertionError(name);
    };
  }

  private static double error(NoiseSchedule schedule, ModeData data, SamplingMethod method, int steps) {
    double[] times = SamplingOptions.even(T, steps + 1);
    List<Stage> stages = SamplingPlan.of(schedule, new SamplingOptions(method, 0, times, null, null));
    double error = 0;
    for (double start : new double[] {-1.6, -0.4, 0.3, 1.2}) {
      double[] from = {start, 0.8 * start, -start, 0.5 * start};
      double[] reached = ModeData.run(schedule, stages, data, from);
      for (int k = 0; k < 4; k++) {
        double exact = data.flow(k, from[k], schedule.logSignal(k, T - 1), schedule.logSignal(k, 0));
        error = Math.max(error, Math.abs(reached[k] - exact));
      }
    }
    return error;
  }

  static Stream<Arguments> orders() {
    return Stream.of("fermi", "equal-snr").flatMap(schedule -> Stream.of(SamplingMethod.values()).flatMap(
        method -> Stream.of(Arguments.of(schedule, GAUSSIAN, method), Arguments.of(schedule, MIXTURE, method))));
  }

  /**
   * Least-squares slope of ln error against ln steps. On time tables with kinks (tabulated μ) steps fall on the table.
   */
  @ParameterizedTest
  @MethodSource("orders")
  void solversConvergeInTheirOrder(String name, ModeData data, SamplingMethod method) {
    NoiseSchedule schedule = schedule(name);
    int[] steps = {111, 333, 999};
    double[] logSteps = new double[steps.length];
    double[] logError = new double[steps.length];
    for (int i = 0; i < steps.length; i++) {
      logSteps[i] = Math.log(steps[i]);
      logError[i] = Math.log(error(schedule, data, method, steps[i]));
    }
    double slope = slope(logSteps, logError);
    assertThat(slope).as("errors e^%s", Arrays.toString(logError))
        .isCloseTo(-method.order(), within(0.12 * method.order()));
  }

  private static double slope(double[] x, double[] y) {
    double sx = 0;
    double sy = 0;
    double sxx = 0;
    double sxy = 0;
    for (int i = 0; i < x.length; i++) {
      sx += x[i];
      sy += y[i];
      sxx += x[i] * x[i];
      sxy += x[i] * y[i];
    }
    return (x.length * sxy - sx * sy) / (x.length * sxx - sx * sx);
  }

  /** The formulas of DDIM as they are written, with differences; the plan avoids these. */
  @ParameterizedTest
  @MethodSource("org.rgflow.diffusion.NoiseSchedulesTest#schedules")
  void ddimIsThePublishedFormula(NoiseSchedule schedule) {
    for (double eta : new double[] {0, 0.5, 1}) {
      double[] times = SamplingOptions.rounded(schedule.steps(), 11);
      List<Stage> stages = SamplingPlan.of(schedule, new SamplingOptions(SamplingMethod.DDIM, eta, times, null, null));
      assertThat(stages).hasSize(11);
      for (int i = 0; i < 10; i++) {
        for (int k = 0; k < schedule.modes(); k++) {
          double now = schedule.alphaBar(k, times[i]);
          double next = schedule.alphaBar(k, times[i + 1]);
          double sigma = eta * Math.sqrt((1 - next) / (1 - now)) * Math.sqrt(1 - now / next);
          double r = Math.sqrt(Math.max(0, 1 - next - sigma * sigma));
          double[][] w = stages.get(i).weights();
          double x = 0.37;
          double clean = -0.81;
          double z = (x - Math.sqrt(now) * clean) / Math.sqrt(1 - now);
          // What the differences lose where 1 − ᾱ' is small.
          double loss = 1e-15 / (1 - next) + 1e-12;
          assertThat(w[0][k] * x + w[1][k] * clean).isCloseTo(Math.sqrt(next) * clean + r * z, within(loss));
          assertThat(w[2][k]).isZero();
          assertThat(w[3][k]).isCloseTo(sigma, within(loss));
        }
      }
    }
  }

  /** The first step has no history; with η = 1 it is the ancestral step, the exact one for a constant prediction. */
  @Test
  void theSolverWithNoiseBeginsWithAnAncestralStep() {
    NoiseSchedule schedule = NoiseSchedules.fermi(FermiSchedule.published(2), 1);
    double[] times = SamplingOptions.rounded(T, 5);
    double[][] ancestral =
        SamplingPlan.of(schedule, new SamplingOptions(SamplingMethod.DDIM, 1, times, null, null)).getFirst().weights();
    double[][] multistep =
        SamplingPlan.of(schedule, new SamplingOptions(SamplingMethod.DPM2M, 1, times, null, null)).getFirst().weights();
    for (int i = 0; i < 4; i++) {
      assertThat(multistep[i]).containsExactly(ancestral[i], within(1e-12));
    }
  }

  /**
   * On Gaussian data the noise must make up for what the solver forgets: mean and variance of a mode are those of the
   * data, of second order in the step where the ancestral sampler is of first.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0.5, 1})
  void theSolverWithNoiseIsOfSecondOrder(double eta) {
    NoiseSchedule schedule = schedule("fermi");
    double[] logSteps = new double[3];
    double[] logError = new double[3];
    int[] steps = {50, 100, 200};
    for (int i = 0; i < steps.length; i++) {
      SamplingOptions options =
          new SamplingOptions(SamplingMethod.DPM2M, eta, SamplingOptions.even(T, steps[i] + 1), null, null);
      List<Stage> stages = SamplingPlan.of(schedule, options);
      SamplingOptions fine = new SamplingOptions(SamplingMethod.DPM2M, eta, SamplingOptions.even(T, 16_001), null, null);
      double error = 0;
      for (int k = 0; k < 4; k++) {
        ModeData.Moments found = ModeData.moments(schedule, stages, GAUSSIAN, k);
        ModeData.Moments exact = ModeData.moments(schedule, SamplingPlan.of(schedule, fine), GAUSSIAN, k);
        error = Math.max(error, Math.abs(found.variance() - exact.variance()));
      }
      logSteps[i] = Math.log(steps[i]);
      logError[i] = Math.log(error);
    }
    assertThat(slope(logSteps, logError)).as("errors e^%s", Arrays.toString(logError)).isCloseTo(-2, within(0.25));
  }

  @Test
  void timesEvenInLogSnrBeginWhereNothingShows() {
    double[] one = {1};
    NoiseSchedule cosine = NoiseSchedules.cosine(1, 1000);
    double[] times = SamplingOptions.evenInLogSnr(cosine, one, 11);
    assertThat(cosine.logSnr(0, times[0])).isCloseTo(-10, within(1e-6));
    assertThat(times[10]).isZero();
    double step = (cosine.logSnr(0, 0) + 10) / 10;
    for (int i = 0; i < 10; i++) {
      assertThat(cosine.logSnr(0, times[i + 1]) - cosine.logSnr(0, times[i])).isCloseTo(step, within(1e-6));
    }
    // Data of a tenth of the deviation show later.
    assertThat(cosine.logSnr(0, SamplingOptions.evenInLogSnr(cosine, new double[] {0.1}, 3)[0]))
        .isCloseTo(-10 + 2 * Math.log(10), within(1e-6));
    // The Fermi function's log-SNR is linear in time, and at its end the data still show.
    double[] fermi = SamplingOptions.evenInLogSnr(
        NoiseSchedules.fermi(FermiSchedule.published(4), 1), DoubleStream.generate(() -> 1).limit(16).toArray(), 4);
    assertThat(fermi).containsExactly(new double[] {999, 666, 333, 0}, within(1e-6));
    assertThat(SamplingOptions.evenInLogSnr(cosine, one, 1)).hasSize(1);
    assertThatThrownBy(() -> SamplingOptions.evenInLogSnr(cosine, one, 1001)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a schedule of 1000 steps cannot be sampled in 1001");
  }

  @Test
  void theSolverStepOfTheFermiScheduleIsOneNumber() {
    NoiseSchedule schedule = NoiseSchedules.fermi(FermiSchedule.published(4), 3);
    for (int t = 100; t < 1000; t += 100) {
      double h = 0.5 * (schedule.logSnr(0, t - 100) - schedule.logSnr(0, t));
      for (int k = 0; k < 48; k++) {
        assertThat(0.5 * (schedule.logSnr(k, t - 100) - schedule.logSnr(k, t))).isCloseTo(h, within(1e-10));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aConstantPredictionIsReachedExactly(SamplingMethod method) {
    NoiseSchedule schedule = NoiseSchedules.fermi(FermiSchedule.published(2), 1);
    List<Stage> stages = SamplingPlan.of(schedule,
        new SamplingOptions(method, 0, SamplingOptions.rounded(T, 7), null, null));
    ModeData constant = new ModeData.Gaussian(new double[] {0.3, 0.4, 0.5, 0.6}, new double[4]);
    double[] reached = ModeData.run(schedule, stages, constant, new double[] {1, -1, 0.5, 2});
    for (int k = 0; k < 4; k++) {
      double exact = constant.flow(k, new double[] {1, -1, 0.5, 2}[k], schedule.logSignal(k, T - 1),
          schedule.logSignal(k, 0));
      assertThat(reached[k]).isCloseTo(exact, within(1e-12));
    }
    assertThat(stages.getLast().action()).isEqualTo(Action.FINISH);
  }

  @Test
  void momentsOfTheExponential() {
    for (double h : new double[] {1e-9, 0.01, 0.049999, 0.050001, 1, 9}) {
      for (int n = 0; n < 3; n++) {
        int intervals = 2000;
        double sum = 0;
        for (int i = 0; i <= intervals; i++) {
          double u = (double) i / intervals;
          double weight = i == 0 || i == intervals ? 1 : i % 2 == 1 ? 4 : 2;
          sum += weight * h * Math.exp(-h * (1 - u)) * Math.pow(u, n);
        }
        double simpson = sum / (3 * intervals);
        assertThat(SamplingPlan.moment(n, h)).isCloseTo(simpson, within(1e-11 * h + 1e-10 * simpson));
      }
    }
  }

  @Test
  void timesAreThePublishedOnes() {
    assertThat(SamplingOptions.rounded(1000, 1000)).startsWith(999, 998).endsWith(1, 0).hasSize(1000);
    assertThat(SamplingOptions.rounded(1000, 4)).containsExactly(999, 666, 333, 0);
    assertThat(SamplingOptions.rounded(1000, 7)).containsExactly(999, 832, 666, 500, 333, 166, 0);
    assertThat(SamplingOptions.rounded(1000, 1)).containsExactly(999);
    assertThatThrownBy(() -> SamplingOptions.rounded(10, 11)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SamplingOptions.rounded(10, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SamplingOptions(SamplingMethod.HEUN, 1, new double[] {1, 0}, null, null))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("DDIM");
    NoiseSchedule schedule = NoiseSchedules.cosine(1, 10);
    assertThatThrownBy(() -> SamplingPlan.of(schedule, SamplingOptions.ancestral(1000, 5)))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("999");
    assertThatThrownBy(() -> SamplingPlan.of(NoiseSchedules.cosine(1, 1000),
        new SamplingOptions(SamplingMethod.DDIM, 4, SamplingOptions.rounded(1000, 5), null, null)))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("eta 4");
  }
}
