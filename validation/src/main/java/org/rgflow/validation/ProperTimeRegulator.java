package org.rgflow.validation;

import org.rgflow.spectral.Regulator;

/**
 * K = e^(−(ε+M²)/μ): with C₀ = 1/(p̂²+M²) the cutoff of Schwinger's proper-time integral,
 * C_Λ = ∫_{1/Λ²}^∞ e^(−s(p̂²+M²)) ds. The zero mode flows with the others, and at Λ = 0 nothing is left.
 *
 * @param mass2 M²
 */
record ProperTimeRegulator(double mass2) implements Regulator {
  @Override
  public double logValue(double energy, double scale) {
    return -(energy + mass2) / scale;
  }

  @Override
  public double derivative(double energy, double scale) {
    return (energy + mass2) / (scale * scale) * Math.exp(-(energy + mass2) / scale);
  }

  @Override
  public String label() {
    return "proper-time:" + mass2;
  }
}
