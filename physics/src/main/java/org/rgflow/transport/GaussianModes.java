package org.rgflow.transport;

import java.util.Arrays;
import org.rgflow.spectral.ModeSchedule;

/**
 * A centred Gaussian whose modes are independent, N(0, V_k) in mode k: the law of a free field in
 * momentum space. Entropies, relative entropies, Fisher informations and Wasserstein distances of two
 * such laws are sums over modes in closed form, because their covariances commute.
 *
 * <p>Distances and dissipations take a <em>mobility</em> M_k &gt; 0 per mode: the cost of transport is
 * |v|²/M, and the gradient flow of KL(P‖Q) is
 *
 * <pre>  ∂_t P = ∂·(M P ∂ log(P/Q)),   d/dt KL = −Σ_k M_k E_P|∂_k log(P/Q)|².</pre>
 *
 * Polchinski's equation has M = B/2, B = −∂_t C, and Q = N(0, C/2) (Cotler &amp; Rezchikov, 2202.11737).
 * With the cost B⁻¹ in place of M⁻¹ the same equation reads ∂_t P = −½ ∇_W2 KL(P‖Q).
 */
public final class GaussianModes {
  private final double[] variance;

  /**
   * @param variance V of each mode; cloned
   * @throws IllegalArgumentException if there is no mode or a variance is not positive and finite
   */
  public GaussianModes(double... variance) {
    if (variance.length == 0) {
      throw new IllegalArgumentException("a Gaussian law needs at least one mode");
    }
    for (int k = 0; k < variance.length; k++) {
      if (!(variance[k] > 0) || Double.isInfinite(variance[k])) {
        throw new IllegalArgumentException("mode " + k + ": a variance must be positive and finite, not "
            + variance[k]);
      }
    }
    this.variance = variance.clone();
  }

  public int modes() {
    return variance.length;
  }

  /** V of a mode. */
  public double variance(int mode) {
    return variance[mode];
  }

  /** The law of a x + √n ξ for x of this law: V ← a²V + n, mode by mode. */
  public GaussianModes push(ModeSchedule.Transition transition) {
    requireModes(transition.decay().length);
    double[] next = new double[variance.length];
    for (int k = 0; k < next.length; k++) {
      double a = transition.decay()[k];
      double b = transition.noise()[k];
      next[k] = a * a * variance[k] + b * b;
    }
    return new GaussianModes(next);
  }

  /** Differential entropy −E ln P = ½ Σ ln(2πe V). */
  public double entropy() {
    double sum = 0;
    for (double v : variance) {
      sum += Math.log(2 * Math.PI * Math.E * v);
    }
    return 0.5 * sum;
  }

  /** KL(this ‖ q) = ½ Σ (r − 1 − ln r), r = V/V_q, accurate also where r is close to 1. */
  public double relativeEntropy(GaussianModes q) {
    requireModes(q.modes());
    double sum = 0;
    for (int k = 0; k < variance.length; k++) {
      double excess = (variance[k] - q.variance[k]) / q.variance[k];
      sum += excess - Math.log1p(excess);
    }
    return 0.5 * sum;
  }

  /** Σ M E|∂ ln P|² = Σ M/V. */
  public double fisherInformation(double[] mobility) {
    requireModes(mobility.length);
    double sum = 0;
    for (int k = 0; k < variance.length; k++) {
      sum += mobility[k] / variance[k];
    }
    return sum;
  }

  /**
   * The dissipation Σ M E_P|∂ ln(P/Q)|² = Σ M (r − 1)²/V, r = V/V_q: the rate at which the gradient
   * flow with this mobility lowers KL(P‖Q).
   */
  public double relativeFisherInformation(GaussianModes q, double[] mobility) {
    requireModes(q.modes());
    requireModes(mobility.length);
    double sum = 0;
    for (int k = 0; k < variance.length; k++) {
      double excess = (variance[k] - q.variance[k]) / q.variance[k];
      sum += mobility[k] * excess * excess / variance[k];
    }
    return sum;
  }

  /**
   * Squared 2-Wasserstein distance W₂² = Σ (√V₁ − √V₂)²/M at cost |x − y|²/M; modes of zero mobility
   * cannot move, and count 0 if their variances agree and ∞ otherwise.
   */
  public double wasserstein2Squared(GaussianModes other, double[] mobility) {
    requireModes(other.modes());
    requireModes(mobility.length);
    double sum = 0;
    for (int k = 0; k < variance.length; k++) {
      double distance = Math.sqrt(variance[k]) - Math.sqrt(other.variance[k]);
      if (distance != 0) {
        sum += distance * distance / mobility[k];
      }
    }
    return sum;
  }

  /** Squared 2-Wasserstein distance at unit cost |x − y|². */
  public double wasserstein2Squared(GaussianModes other) {
    double[] unit = new double[variance.length];
    Arrays.fill(unit, 1);
    return wasserstein2Squared(other, unit);
  }

  /**
   * One minimising-movement step (Jordan, Kinderlehrer &amp; Otto 1998): the minimiser over P of
   * KL(P‖q) + W₂²(P, this)/(2h). A minimiser is again Gaussian; with A = 1/(hM) the standard deviation
   * s of a mode goes to the positive root of (1/V_q + A)s'² − A s s' − 1 = 0,
   *
   * <pre>  s' = [A s + √((A s)² + 4(1/V_q + A))] / (2(1/V_q + A)),</pre>
   *
   * which follows the gradient flow to first order in h.
   *
   * @param step h &gt; 0
   * @throws IllegalArgumentException if h is not positive
   */
  public GaussianModes minimisingMovement(GaussianModes q, double[] mobility, double step) {
    requireModes(q.modes());
    requireModes(mobility.length);
    if (!(step > 0)) {
      throw new IllegalArgumentException("the step of a minimising movement must be > 0, not " + step);
    }
    double[] next = new double[variance.length];
    for (int k = 0; k < next.length; k++) {
      // Multiplied through by hM, so that a mode of zero mobility stays.
      double hm = step * mobility[k];
      double s = Math.sqrt(variance[k]);
      double p = hm / q.variance[k] + 1;
      double root = (s + Math.sqrt(variance[k] + 4 * hm * p)) / (2 * p);
      next[k] = root * root;
    }
    return new GaussianModes(next);
  }

  private void requireModes(int modes) {
    if (modes != variance.length) {
      throw new IllegalArgumentException(modes + " modes where this law has " + variance.length);
    }
  }
}
