package org.rgflow.diffusion;

import java.util.Objects;
import org.rgflow.spectral.ModeSchedule;

/**
 * How noise enters the modes of an image over the time steps t = 0 … T−1: a flow of the modes with C₀ = 1,
 * that is, a {@link org.rgflow.spectral.Regulator} with an energy for each mode, and the scale μ_t at which it
 * stands at step t. ᾱ_t(k) = K(ε(k), μ_t), and
 *
 * <pre>  x_t = √ᾱ_t x_0 + √(1 − ᾱ_t) z,   log-SNR_t = ln ᾱ_t − ln(1 − ᾱ_t)   (of data of unit variance)</pre>
 *
 * <p>Between two steps μ is interpolated linearly, so that solvers may stop at any t in [0, T−1]. Modes are
 * the channels of the network: colour, k1, k2. See {@link NoiseSchedules} for those that there are.
 */
public final class NoiseSchedule {
  private final String label;
  private final ModeSchedule flow;
  private final double[] mu;

  /**
   * @param flow one mode for each channel, C₀ = 1
   * @param mu μ_t, strictly falling, at least two
   * @throws IllegalArgumentException if μ does not fall, C₀ is not 1, or an ᾱ is not strictly between 0 and 1
   */
  public NoiseSchedule(String label, ModeSchedule flow, double[] mu) {
    this.label = Objects.requireNonNull(label, "label");
    this.flow = flow;
    this.mu = mu.clone();
    if (mu.length < 2) {
      throw new IllegalArgumentException("a schedule needs at least 2 steps, not " + mu.length);
    }
    for (int t = 0; t < mu.length; t++) {
      if (!Double.isFinite(mu[t]) || t > 0 && !(mu[t] < mu[t - 1])) {
        throw new IllegalArgumentException("schedule " + label + ": the scale must fall, but is " + mu[t]
            + " at step " + t);
      }
    }
    for (int k = 0; k < flow.modes(); k++) {
      if (flow.referenceCovariance(k) != 1) {
        throw new IllegalArgumentException("a schedule of images needs modes of covariance 1");
      }
      for (int t = 0; t < mu.length; t += mu.length - 1) {
        if (!Double.isFinite(logSnr(k, t))) {
          throw new IllegalArgumentException("schedule " + label + ": mode " + k + " has signal-to-noise ratio exp("
              + logSnr(k, t) + ") at step " + t + "; it must be finite");
        }
      }
    }
  }

  /** Name and parameters. */
  public String label() {
    return label;
  }

  /** T. */
  public int steps() {
    return mu.length;
  }

  /** Number of modes, the channels of the network. */
  public int modes() {
    return flow.modes();
  }

  /** The flow of the modes: the same object that drives lattice fields and {@link ForwardProcess}. */
  public ModeSchedule flow() {
    return flow;
  }

  /**
   * μ_t.
   *
   * @param t from 0 to T−1, not necessarily an integer
   * @throws IllegalArgumentException if t lies outside
   */
  public double mu(double t) {
    if (!(t >= 0 && t <= mu.length - 1)) {
      throw new IllegalArgumentException("time step " + t + " does not lie between 0 and " + (mu.length - 1));
    }
    int at = (int) t;
    double fraction = t - at;
    return fraction == 0 ? mu[at] : mu[at] + fraction * (mu[at + 1] - mu[at]);
  }

  /** ln ᾱ_t of a mode. */
  public double logSignal(int mode, double t) {
    return flow.regulator().logValue(flow.energy(mode), mu(t));
  }

  /** ln(1 − ᾱ_t) of a mode. */
  public double logNoise(int mode, double t) {
    return logComplement(logSignal(mode, t));
  }

  /** ln(1 − eˣ), x &lt; 0. */
  static double logComplement(double x) {
    return x > -0.6931471805599453 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
  }

  /** ln ᾱ_t − ln(1 − ᾱ_t) of a mode. */
  public double logSnr(int mode, double t) {
    double logSignal = logSignal(mode, t);
    return logSignal - logComplement(logSignal);
  }

  /** ᾱ_t of a mode. */
  public double alphaBar(int mode, double t) {
    return Math.exp(logSignal(mode, t));
  }

  /** All ᾱ, {@code [T][modes]}. */
  public double[][] alphaBars() {
    double[][] table = new double[steps()][modes()];
    for (int t = 0; t < steps(); t++) {
      for (int k = 0; k < modes(); k++) {
        table[t][k] = alphaBar(k, t);
      }
    }
    return table;
  }

  @Override
  public String toString() {
    return label;
  }
}
