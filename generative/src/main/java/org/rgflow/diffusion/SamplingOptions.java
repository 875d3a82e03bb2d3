package org.rgflow.diffusion;

import java.util.Objects;
import java.util.function.DoubleUnaryOperator;

/**
 * What a {@link DiffusionSampler} does.
 *
 * @param method the solver
 * @param eta η of {@link SamplingMethod#DDIM} and {@link SamplingMethod#DPM2M}: 1 draws from the model's reverse
 *     process, 0 follows the probability flow; 0 with the other methods
 * @param times time steps at which x̂_0 is predicted, falling; see {@link #rounded}, {@link #even} and {@link
 *     #evenInLogSnr}
 * @param mean mean of the data by mode, √ᾱ_T of which the start has; null to start from N(0, 1)
 * @param deviation standard deviation of the data by mode, for a start from
 *     N(√ᾱ_T mean, ᾱ_T σ² + 1 − ᾱ_T), which matters where √ᾱ_T is not small; null with {@code mean}
 */
public record SamplingOptions(SamplingMethod method, double eta, double[] times, double[] mean, double[] deviation) {
  /** log-SNR below which nothing is seen of the data. */
  private static final double BLIND = -10;
  private static final int BISECTIONS = 50;

  /** @throws IllegalArgumentException if η is negative or without use, or times do not fall */
  public SamplingOptions {
    Objects.requireNonNull(method, "method");
    if (!(eta >= 0) || Double.isInfinite(eta)) {
      throw new IllegalArgumentException("eta must be a number >= 0, not " + eta);
    }
    if (eta > 0 && method != SamplingMethod.DDIM && method != SamplingMethod.DPM2M) {
      throw new IllegalArgumentException("only DDIM and DPM2M make noise; " + method + " takes eta 0, not " + eta);
    }
    if (times.length < 1) {
      throw new IllegalArgumentException("a sampler needs at least one step");
    }
    for (int i = 0; i < times.length; i++) {
      if (!(times[i] >= 0) || Double.isInfinite(times[i]) || i > 0 && !(times[i] < times[i - 1])) {
        throw new IllegalArgumentException("the time steps must fall to no less than 0, but number " + i + " is "
            + times[i]);
      }
    }
    if ((mean == null) != (deviation == null)) {
      throw new IllegalArgumentException("the start needs both mean and deviation of the data, or neither");
    }
  }

  /** The published sampler: η = 1, started from white noise. */
  public static SamplingOptions ancestral(int scheduleSteps, int steps) {
    return new SamplingOptions(SamplingMethod.DDIM, 1, rounded(scheduleSteps, steps), null, null);
  }

  /** A deterministic sampler, started from white noise. */
  public static SamplingOptions deterministic(SamplingMethod method, int scheduleSteps, int steps) {
    return new SamplingOptions(method, 0, rounded(scheduleSteps, steps), null, null);
  }

  /** The same, started from the moments of the data at the last time step. */
  public SamplingOptions startedFrom(double[] mean, double[] deviation) {
    return new SamplingOptions(method, eta, times, Objects.requireNonNull(mean), Objects.requireNonNull(deviation));
  }

  /**
   * round(linspace(0, T−1, I)) downwards, the published time steps. One step stands at T−1.
   *
   * @throws IllegalArgumentException unless 1 ≤ I ≤ T
   */
  public static double[] rounded(int scheduleSteps, int steps) {
    requirePossible(scheduleSteps, steps);
    double[] times = even(scheduleSteps, steps);
    for (int i = 0; i < steps; i++) {
      times[i] = Math.rint(times[i]);
    }
    return times;
  }

  /**
   * T−1 to 0 in I evenly spaced times, not rounded.
   *
   * @throws IllegalArgumentException if I &lt; 1
   */
  public static double[] even(int scheduleSteps, int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("a sampler takes at least one step, not " + steps);
    }
    double[] times = new double[steps];
    for (int i = 0; i < steps; i++) {
      times[i] = steps == 1 ? scheduleSteps - 1 : (double) (scheduleSteps - 1) * (steps - 1 - i) / (steps - 1);
    }
    return times;
  }

  /**
   * From the first time at which no mode of the data shows (log-SNR −10) down to 0, evenly in log-SNR, which is the
   * natural time of the multistep solvers (2211.01095); where modes differ, in its mean over them. Not rounded.
   *
   * @param deviation σ_k, the data's standard deviation of each mode
   * @throws IllegalArgumentException unless 1 ≤ I ≤ T
   */
  public static double[] evenInLogSnr(NoiseSchedule schedule, double[] deviation, int steps) {
    requirePossible(schedule.steps(), steps);
    double[] times = new double[steps];
    times[0] = timeOf(t -> SnrLimits.of(schedule, deviation, t).highest(), BLIND, schedule.steps() - 1);
    double from = meanLogSnr(schedule, times[0]);
    double to = meanLogSnr(schedule, 0);
    for (int i = 1; i < steps - 1; i++) {
      times[i] = timeOf(t -> meanLogSnr(schedule, t), from + (to - from) * i / (steps - 1), times[i - 1]);
    }
    return times;
  }

  private static double meanLogSnr(NoiseSchedule schedule, double t) {
    double sum = 0;
    for (int k = 0; k < schedule.modes(); k++) {
      sum += schedule.logSnr(k, t);
    }
    return sum / schedule.modes();
  }

  /** Where a falling function of the time has a value, at most {@code last}. */
  private static double timeOf(DoubleUnaryOperator falling, double value, double last) {
    if (falling.applyAsDouble(last) >= value) {
      return last;
    }
    double low = 0;
    double high = last;
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = 0.5 * (low + high);
      if (falling.applyAsDouble(middle) > value) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  private static void requirePossible(int scheduleSteps, int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("a sampler takes at least one step, not " + steps);
    }
    if (steps > scheduleSteps) {
      throw new IllegalArgumentException("a schedule of " + scheduleSteps + " steps cannot be sampled in " + steps);
    }
  }
}
