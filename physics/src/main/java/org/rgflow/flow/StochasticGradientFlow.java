package org.rgflow.flow;

import org.rgflow.device.Device;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.ModeTransform;

/**
 * Stochastic gradient flow (A. Carosso, "Stochastic renormalization group and gradient flow",
 * 1904.13057): ∂_t ϕ = Δϕ + η with ⟨η(x,t)η(y,s)⟩ = σ² δ_xy δ(t−s), in the canonical normalisation. Solved exactly,
 *
 * <pre>
 *   φ_t(p) = e^(−p̂²t) φ_0(p) + √v ξ,   v = z (σ²/2) (1 − e^(−2p̂²t))/p̂²   (z σ² t at p = 0),
 * </pre>
 *
 * where z ({@link Phi4Action#covarianceFactor}) takes the noise to the convention of the field. Flow
 * time and scale are related by t = 1/Λ², so that the decay e^(−p̂²/Λ²) is Polchinski's exponential
 * cutoff; a step from Λ_s to Λ_t lasts 1/Λ_t² − 1/Λ_s². σ is an amplitude: the noise's variance goes
 * with σ². Preserved: (G_t − v)/e^(−2p̂²t) = G_0. The zero mode diffuses without bound.
 */
public final class StochasticGradientFlow extends LinearFlow {
  private final double factor;
  private final double sigma;

  /**
   * @param transform the modes, with the layout of the fields
   * @param factor z of the fields' convention, positive
   * @param sigma σ &gt; 0; for σ = 0 use {@link GradientFlow}
   * @param stream seed and position of the noise
   * @throws IllegalArgumentException if z or σ is not positive and finite
   */
  public StochasticGradientFlow(
      Device device, ModeTransform transform, double factor, double sigma, RandomStream stream) {
    if (!(factor > 0) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException("the covariance factor must be positive and finite, not " + factor);
    }
    if (!(sigma > 0) || Double.isInfinite(sigma)) {
      throw new IllegalArgumentException("sigma = " + sigma
          + ": the noise must be > 0 (without noise, use gradient-flow)");
    }
    super(device, transform, stream, Noise.WHITE);
    this.factor = factor;
    this.sigma = sigma;
  }

  @Override
  public String name() {
    return "stochastic-gradient-flow";
  }

  /** Flow time 1/Λ_t² − 1/Λ_s² of a step between two scales. */
  public static double time(double from, double to) {
    return 1 / (to * to) - 1 / (from * from);
  }

  @Override
  void transition(double from, double to, ModeSchedule.Transition result) {
    fill(momentum2(), time(from, to), factor * sigma * sigma, result);
  }

  @Override
  public ModeSchedule.Transition transition(double[] momentum2, double from, double to) {
    Scales.requireDescending(from, to);
    ModeSchedule.Transition result =
        new ModeSchedule.Transition(new double[momentum2.length], new double[momentum2.length]);
    fill(momentum2, time(from, to), factor * sigma * sigma, result);
    return result;
  }

  /** @param strength variance of the noise per unit of time */
  static void fill(double[] momentum2, double time, double strength, ModeSchedule.Transition result) {
    for (int k = 0; k < momentum2.length; k++) {
      double p2 = momentum2[k];
      double spread = p2 == 0 ? time : -Math.expm1(-2 * p2 * time) / (2 * p2);
      result.decay()[k] = Math.exp(-p2 * time);
      result.noise()[k] = Math.sqrt(strength * spread);
    }
  }

  @Override
  public double subtraction(double momentum2) {
    return 0;
  }
}
