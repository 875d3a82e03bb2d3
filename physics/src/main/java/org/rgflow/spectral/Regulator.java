package org.rgflow.spectral;

/**
 * A regulator (cutoff function): how much of a mode of energy ε survives at scale μ, 0 ≤ K(ε, μ) ≤ 1,
 * non-increasing in ε and non-decreasing in μ, K → 1 as μ → ∞.
 *
 * <p>On the lattice ε = p̂² and μ = Λ², the running cutoff squared (Polchinski 1984). In the image
 * model ε = −cos πk₁ − cos πk₂ is the dispersion of a DCT mode and μ its chemical potential
 * (2402.17090): K is then the ᾱ of the diffusion. Everything that distinguishes an exact RG flow from
 * an image diffusion is the choice of ε, μ and K.
 */
public interface Regulator {
  /** ln K(ε, μ): −∞ where the mode is cut off, 0 for μ = ∞. */
  double logValue(double energy, double scale);

  /** K(ε, μ). */
  default double value(double energy, double scale) {
    return Math.exp(logValue(energy, scale));
  }

  /** ∂K/∂μ ≥ 0 at finite μ; the source of the noise, B dt = −C₀ dK. */
  double derivative(double energy, double scale);

  /** The name and parameters as accepted by {@link Regulators#parse}. */
  String label();
}
