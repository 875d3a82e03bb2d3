package org.rgflow.diffusion;

import java.util.List;

/** Data of independent modes whose best denoiser and probability flow are known: test oracles in double. */
interface ModeData {
  /** E(x_0 | x_t) of a mode, ᾱ = e^logSignal. */
  double denoise(int mode, double x, double logSignal);

  /** Where the probability flow takes x from one ᾱ to another. */
  double flow(int mode, double x, double logSignal, double logSignalNext);

  /** N(mean, deviation²) in every mode. */
  record Gaussian(double[] mean, double[] deviation) implements ModeData {
    double variance(int mode, double logSignal) {
      return Math.exp(logSignal) * deviation[mode] * deviation[mode] - Math.expm1(logSignal);
    }

    @Override
    public double denoise(int mode, double x, double logSignal) {
      double a = Math.exp(0.5 * logSignal);
      return mean[mode]
          + a * deviation[mode] * deviation[mode] / variance(mode, logSignal) * (x - a * mean[mode]);
    }

    @Override
    public double flow(int mode, double x, double logSignal, double logSignalNext) {
      double stretch = Math.sqrt(variance(mode, logSignalNext) / variance(mode, logSignal));
      return Math.exp(0.5 * logSignalNext) * mean[mode] + stretch * (x - Math.exp(0.5 * logSignal) * mean[mode]);
    }
  }

  /**
   * p N(m, σ²) + (1 − p) N(−m, σ²) in every mode: the flow keeps the distribution function, whose inverse is bisected.
   */
  record Mixture(double p, double[] m, double[] deviation) implements ModeData {
    private double variance(int mode, double logSignal) {
      return Math.exp(logSignal) * deviation[mode] * deviation[mode] - Math.expm1(logSignal);
    }

    @Override
    public double denoise(int mode, double x, double logSignal) {
      double a = Math.exp(0.5 * logSignal);
      double q = variance(mode, logSignal);
      double odds = p / (1 - p) * Math.exp(2 * a * m[mode] * x / q);
      double right = Double.isInfinite(odds) ? 1 : odds / (1 + odds);
      double gain = a * deviation[mode] * deviation[mode] / q;
      return right * (m[mode] + gain * (x - a * m[mode])) + (1 - right) * (-m[mode] + gain * (x + a * m[mode]));
    }

    private double cumulative(int mode, double x, double logSignal) {
      double a = Math.exp(0.5 * logSignal);
      double root = Math.sqrt(variance(mode, logSignal));
      return p * normal((x - a * m[mode]) / root) + (1 - p) * normal((x + a * m[mode]) / root);
    }

    /** Φ(x), by the series of its Mills ratio: fine for |x| &lt; 6. */
    private static double normal(double x) {
      double sum = x;
      double term = x;
      for (int i = 1; i < 200; i++) {
        term *= x * x / (2 * i + 1);
        sum += term;
      }
      return 0.5 + sum * Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
    }

    @Override
    public double flow(int mode, double x, double logSignal, double logSignalNext) {
      double target = cumulative(mode, x, logSignal);
      double low = -20;
      double high = 20;
      for (int i = 0; i < 200; i++) {
        double middle = 0.5 * (low + high);
        if (Math.abs(middle) < 5 ? cumulative(mode, middle, logSignalNext) < target : middle < 0) {
          low = middle;
        } else {
          high = middle;
        }
      }
      return 0.5 * (low + high);
    }
  }

  /** Runs a plan without noise in double, up to but without its last stage. */
  static double[] run(NoiseSchedule schedule, List<SamplingPlan.Stage> stages, ModeData data, double[] start) {
    int modes = start.length;
    double[] x = start.clone();
    double[] kept = new double[modes];
    double[] d1 = new double[modes];
    double[] d2 = new double[modes];
    for (SamplingPlan.Stage stage : stages.subList(0, stages.size() - 1)) {
      for (int k = 0; k < modes; k++) {
        double[] w = {stage.weights()[0][k], stage.weights()[1][k], stage.weights()[2][k], stage.weights()[3][k]};
        double d = data.denoise(k, x[k], schedule.logSignal(k, stage.time()));
        switch (stage.action()) {
          case COMBINE -> {
            x[k] = w[0] * x[k] + w[1] * d + w[2] * d1[k] + w[3] * d2[k];
            d2[k] = d1[k];
            d1[k] = d;
          }
          case PREDICT -> {
            kept[k] = x[k];
            d1[k] = d;
            x[k] = w[0] * x[k] + w[1] * d;
          }
          case CORRECT -> x[k] = w[0] * kept[k] + w[1] * d1[k] + w[2] * d;
          default -> throw new AssertionError(stage.action());
        }
      }
    }
    return x;
  }

  /** Of what a sampler leaves in a mode. */
  record Moments(double mean, double variance) {}

  /** What a plan of first or second order, with noise or without, leaves of N(0, 1) in a mode of Gaussian data. */
  static Moments moments(NoiseSchedule schedule, List<SamplingPlan.Stage> stages, Gaussian data, int k) {
    // x and the last prediction: their means, variances and covariance.
    double mean = 0;
    double lastMean = 0;
    double variance = 1;
    double lastVariance = 0;
    double covariance = 0;
    for (SamplingPlan.Stage stage : stages) {
      double logSignal = schedule.logSignal(k, stage.time());
      double offset = data.denoise(k, 0, logSignal);
      double slope = data.denoise(k, 1, logSignal) - offset;
      boolean finish = stage.action() == SamplingPlan.Action.FINISH;
      double w1 = finish ? 1 : stage.weights()[1][k];
      double w2 = finish ? 0 : stage.weights()[2][k];
      double noise = stage.action() == SamplingPlan.Action.NOISE ? stage.weights()[3][k] : 0;
      double keep = (finish ? 0 : stage.weights()[0][k]) + w1 * slope;
      double nextMean = keep * mean + w1 * offset + w2 * lastMean;
      double next = keep * keep * variance + 2 * keep * w2 * covariance + w2 * w2 * lastVariance + noise * noise;
      covariance = slope * (keep * variance + w2 * covariance);
      lastMean = slope * mean + offset;
      lastVariance = slope * slope * variance;
      mean = nextMean;
      variance = next;
    }
    return new Moments(mean, variance);
  }
}
