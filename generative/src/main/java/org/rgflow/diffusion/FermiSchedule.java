package org.rgflow.diffusion;

import java.util.Arrays;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.Regulators;

/**
 * The noise schedule of the frequency-domain image model (2402.17090): mode k of a d×d patch has
 * ᾱ_t(k) = 1/(e^((ε(k)−μ_t)/T') + 1) with the dispersion ε = −cos πk₁ − cos πk₂, k_i = i/(d−1), and the
 * chemical potential μ_t falls linearly over the time steps t = 0 … T−1.
 *
 * <p>The Fermi function is a {@link org.rgflow.spectral.Regulator}: ᾱ is the K of a Polchinski flow with C₀ = 1 at
 * scale μ, and the diffusion is that flow in the variable y = φ/√K
 * ({@link ModeSchedule.Variable#VARIANCE_PRESERVING}).
 *
 * @param side d, at least 2
 * @param temperature T' &gt; 0
 * @param first μ_0
 * @param last μ_(T−1) &lt; μ_0
 * @param steps T, at least 2
 */
public record FermiSchedule(int side, double temperature, double first, double last, int steps) {
  /** @throws IllegalArgumentException if a parameter is impossible */
  public FermiSchedule {
    new Regulators.Fermi(temperature);
    if (side < 2 || steps < 2) {
      throw new IllegalArgumentException("a schedule needs patches of at least 2x2 and 2 steps, not " + side + " and "
          + steps);
    }
    if (!(last < first) || Double.isInfinite(first) || Double.isInfinite(last)) {
      throw new IllegalArgumentException("the chemical potential must fall, not go from " + first + " to " + last);
    }
  }

  /** The published schedule: T' = 0.5, μ from 4 to −4 in 1000 steps. */
  public static FermiSchedule published(int side) {
    return new FermiSchedule(side, 0.5, 4, -4, 1000);
  }

  /** μ_t. */
  public double mu(int t) {
    if (t < 0 || t >= steps) {
      throw new IllegalArgumentException("time step " + t + " is not one of 0 to " + (steps - 1));
    }
    return first + (last - first) * t / (steps - 1);
  }

  /** ε of mode {@code k1 * d + k2}. */
  public double energy(int mode) {
    return -Math.cos(Math.PI * (mode / side) / (side - 1)) - Math.cos(Math.PI * (mode % side) / (side - 1));
  }

  /** ᾱ_t of mode {@code k1 * d + k2}. */
  public double alphaBar(int mode, int t) {
    return modes().cutoff(mode, mu(t));
  }

  /** The flow of the modes, C₀ = 1. */
  public ModeSchedule modes() {
    double[] energies = new double[side * side];
    Arrays.setAll(energies, this::energy);
    double[] covariance = new double[side * side];
    Arrays.fill(covariance, 1);
    return new ModeSchedule(covariance, energies, new Regulators.Fermi(temperature));
  }
}
