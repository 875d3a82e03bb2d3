package org.rgflow.diffusion;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A sampler as a list of stages, each one prediction D = x̂_0(x, t) followed by a linear combination with
 * coefficients by mode. With a = √ᾱ, s = √(1−ᾱ), λ = ln(a/s), at the present time step and, primed, at the next, and
 * h = λ' − λ:
 *
 * <pre>
 *  DDIM      x' = (r/s) x + (a' − a r/s) D + σ z,   σ = η √((1−ᾱ')/(1−ᾱ)) √(1 − ᾱ/ᾱ'),   r² = 1 − ᾱ' − σ²
 *  Heun      y = x/a, σ̃ = s/a, dy/dσ̃ = (y − D)/σ̃ by the trapezoidal rule, predicted by DDIM
 *  2M, 3M    x' = (s'/s) e^(−ηh) x + s' (1+η) ∫ e^(λ−η(λ'−λ)) D dλ + s' √(1 − e^(−2ηh)) z,
 *            D interpolated in λ through the last 2 or 3 predictions
 * </pre>
 *
 * (2010.02502 eq. 12; 2206.00364 algorithm 1; 2211.01095, with η = 1 its SDE solver.) The coefficients are by mode,
 * because h is in general; with the Fermi function log-SNR is linear in t with one slope, and h is one number. The
 * integral of the interpolating parabola is exact, so that the order is three.
 * The first step of 3M is corrected by the trapezoidal rule in λ (one more prediction), since a step of first order
 * would cost the third order. The last stage returns D.
 *
 * <p>σ and r come from exponentials of log-ratios, not from differences of nearly equal numbers: 1 − ᾱ/ᾱ' =
 * −expm1(ln ᾱ − ln ᾱ') and r² = (1−ᾱ')(1 − η² + η² (ᾱ/ᾱ')(1−ᾱ')/(1−ᾱ)).
 */
final class SamplingPlan {
  /** What happens after the prediction D. */
  enum Action {
    /** x ← w₀ x + w₁ D + w₂ D₋₁ + w₃ D₋₂; D becomes D₋₁. */
    COMBINE,
    /** x ← w₀ x + w₁ D + w₂ D₋₁ + w₃ z; D becomes D₋₁. */
    NOISE,
    /** Keeps x and D; x ← w₀ x + w₁ D; D becomes D₋₁. */
    PREDICT,
    /** x ← w₀ (kept x) + w₁ (kept D) + w₂ D. */
    CORRECT,
    /** x ← D. */
    FINISH
  }

  /**
   * @param time t of the prediction
   * @param next t that x has reached after the stage; of PREDICT the time of the next prediction
   * @param weights {@code [4][modes]}
   */
  record Stage(Action action, double time, double next, double[][] weights) {}

  private final NoiseSchedule schedule;
  private final List<Stage> stages = new ArrayList<>();

  private SamplingPlan(NoiseSchedule schedule) {
    this.schedule = schedule;
  }

  /** @throws IllegalArgumentException if a time step lies outside the schedule or η is too large for the steps */
  static List<Stage> of(NoiseSchedule schedule, SamplingOptions options) {
    SamplingPlan plan = new SamplingPlan(schedule);
    double[] times = options.times();
    for (int i = 0; i + 1 < times.length; i++) {
      double from = times[i];
      double to = times[i + 1];
      switch (options.method()) {
        case DDIM -> plan.ddim(from, to, options.eta());
        case HEUN -> plan.heun(from, to);
        case DPM2M -> plan.multistep(from, to, i > 0 ? times[i - 1] : Double.NaN, Double.NaN, options.eta());
        case DPM3M -> {
          if (i == 0) {
            plan.trapezoidal(from, to);
          } else {
            plan.multistep(from, to, times[i - 1], i > 1 ? times[i - 2] : Double.NaN, 0);
          }
        }
      }
    }
    double last = times[times.length - 1];
    schedule.mu(last); // checks the range
    plan.stages.add(new Stage(Action.FINISH, last, last, new double[4][schedule.modes()]));
    return Collections.unmodifiableList(plan.stages);
  }

  private void ddim(double from, double to, double eta) {
    double[][] w = new double[4][schedule.modes()];
    for (int k = 0; k < schedule.modes(); k++) {
      double logSignal = schedule.logSignal(k, from);
      double logSignalNext = schedule.logSignal(k, to);
      double logNoise = schedule.logNoise(k, from);
      double logNoiseNext = schedule.logNoise(k, to);
      double logRatio = logSignal - logSignalNext;
      double sigma = eta * Math.exp(0.5 * (logNoiseNext - logNoise)) * Math.sqrt(-Math.expm1(logRatio));
      double left = (1 - eta * eta) + eta * eta * Math.exp(logRatio + logNoiseNext - logNoise);
      if (!(left >= 0)) {
        throw new IllegalArgumentException("eta " + eta + " asks for more noise at time step " + to
            + " than there is; take at most 1");
      }
      double turn = Math.exp(0.5 * (logNoiseNext - logNoise)) * Math.sqrt(left); // r/s
      w[0][k] = turn;
      w[1][k] = Math.exp(0.5 * logSignalNext) - Math.exp(0.5 * logSignal) * turn;
      w[3][k] = sigma;
    }
    stages.add(new Stage(eta > 0 ? Action.NOISE : Action.COMBINE, from, to, w));
  }

  /** λ = ½ log-SNR. */
  private double lambda(int mode, double t) {
    return 0.5 * schedule.logSnr(mode, t);
  }

  private double[][] euler(double from, double to) {
    double[][] w = new double[4][schedule.modes()];
    for (int k = 0; k < schedule.modes(); k++) {
      double h = lambda(k, to) - lambda(k, from);
      w[0][k] = Math.exp(0.5 * (schedule.logNoise(k, to) - schedule.logNoise(k, from)));
      w[1][k] = Math.exp(0.5 * schedule.logSignal(k, to)) * -Math.expm1(-h);
    }
    return w;
  }

  private void heun(double from, double to) {
    stages.add(new Stage(Action.PREDICT, from, to, euler(from, to)));
    double[][] w = new double[4][schedule.modes()];
    for (int k = 0; k < schedule.modes(); k++) {
      double h = lambda(k, to) - lambda(k, from);
      double a = Math.exp(0.5 * schedule.logSignal(k, to));
      w[0][k] = Math.exp(0.5 * (schedule.logNoise(k, to) - schedule.logNoise(k, from)));
      w[1][k] = a * -Math.expm1(-h) * (1 - 0.5 * Math.exp(h));
      w[2][k] = a * 0.5 * Math.expm1(h);
    }
    stages.add(new Stage(Action.CORRECT, to, to, w));
  }

  private void trapezoidal(double from, double to) {
    stages.add(new Stage(Action.PREDICT, from, to, euler(from, to)));
    double[][] w = new double[4][schedule.modes()];
    for (int k = 0; k < schedule.modes(); k++) {
      double h = lambda(k, to) - lambda(k, from);
      double a = Math.exp(0.5 * schedule.logSignal(k, to));
      double slope = moment(1, h);
      w[0][k] = Math.exp(0.5 * (schedule.logNoise(k, to) - schedule.logNoise(k, from)));
      w[1][k] = a * (moment(0, h) - slope);
      w[2][k] = a * slope;
    }
    stages.add(new Stage(Action.CORRECT, to, to, w));
  }

  /** {@code earlier}, and then {@code before}, is NaN where there was no such step; η only with second order. */
  private void multistep(double from, double to, double before, double earlier, double eta) {
    double[][] w = new double[4][schedule.modes()];
    for (int k = 0; k < schedule.modes(); k++) {
      double step = lambda(k, to) - lambda(k, from);
      double h = (1 + eta) * step;
      double a = Math.exp(0.5 * schedule.logSignal(k, to));
      w[0][k] = Math.exp(0.5 * (schedule.logNoise(k, to) - schedule.logNoise(k, from)) - eta * step);
      w[1][k] = a * moment(0, h);
      w[3][k] = Math.exp(0.5 * schedule.logNoise(k, to)) * Math.sqrt(-Math.expm1(-2 * eta * step));
      if (Double.isNaN(before)) {
        continue;
      }
      double r0 = (lambda(k, from) - lambda(k, before)) / step;
      if (Double.isNaN(earlier)) {
        // D₀ + u (D₀ − D₁)/r0, u = 0 … 1 along the step
        double slope = a * moment(1, h) / r0;
        w[1][k] += slope;
        w[2][k] -= slope;
      } else {
        double r1 = (lambda(k, before) - lambda(k, earlier)) / step;
        // Newton's form: D₀ + u f₀₁ + u (u + r0) f₀₁₂
        double first = a * moment(1, h);
        double second = a * (moment(2, h) + r0 * moment(1, h)) / (r0 + r1);
        w[1][k] += first / r0 + second / r0;
        w[2][k] -= first / r0 + second * (1 / r0 + 1 / r1);
        w[3][k] += second / r1;
      }
    }
    stages.add(new Stage(eta > 0 ? Action.NOISE : Action.COMBINE, from, to, w));
  }

  /** ∫₀¹ h e^(−h(1−u)) uⁿ du, n = 0, 1, 2. */
  static double moment(int n, double h) {
    if (n > 0 && Math.abs(h) < 0.05) {
      // Σ_j (−h)^j n!/(n + 1 + j)! · h, the series of the incomplete gamma function
      double term = h / (n + 1);
      double sum = term;
      for (int j = 1; j < 12; j++) {
        term *= -h / (n + 1 + j);
        sum += term;
      }
      return sum;
    }
    double value = -Math.expm1(-h);
    for (int i = 1; i <= n; i++) {
      value = 1 - i * value / h;
    }
    return value;
  }
}
