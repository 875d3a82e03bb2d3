package org.rgflow.spectral;

import java.util.Objects;

/**
 * The Ornstein–Uhlenbeck flow of independent modes that a {@link Regulator} defines: each mode k has a
 * reference covariance C₀(k) and an energy ε(k), and C_μ(k) = C₀(k) K(ε(k), μ).
 *
 * <p>The transition from scale s to a lower scale t is exact for steps of any size (Polchinski's
 * equation with seed action Ŝ = ½ φ C⁻¹ φ; Cotler &amp; Rezchikov, 2202.11737):
 *
 * <pre>  φ_t = a φ_s + √n ξ,   a = C_t/C_s,   n = C_t (1 − C_t/C_s),   ξ ~ N(0, 1)</pre>
 *
 * In the variable y = φ/√K the same process is the variance-preserving diffusion of image models:
 *
 * <pre>  y_t = √(K_t/K_s) y_s + √(C₀ (1 − K_t/K_s)) ξ,</pre>
 *
 * so that from K_s = 1 one reads ᾱ = K_t. {@link Variable} says which of the two is meant.
 */
public final class ModeSchedule {
  /** The variable in which a transition is expressed. */
  public enum Variable {
    /** φ itself, whose free covariance C₀ K shrinks along the flow. */
    FIELD,
    /** y = φ/√K, whose free covariance C₀ stays: the variance-preserving diffusion. */
    VARIANCE_PRESERVING
  }

  /**
   * A transition of every mode: x ← decay·x + noise·ξ.
   *
   * @param decay the factor a of each mode
   * @param noise the standard deviation √n of each mode
   */
  public record Transition(double[] decay, double[] noise) {
    /** The decay as the kernels take it. */
    public float[] decayFloats() {
      return floats(decay);
    }

    /** The noise as the kernels take it. */
    public float[] noiseFloats() {
      return floats(noise);
    }

    private static float[] floats(double[] values) {
      float[] result = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        result[i] = (float) values[i];
      }
      return result;
    }
  }

  private final double[] covariance;
  private final double[] energy;
  private final Regulator regulator;

  /**
   * @param covariance C₀ of each mode, positive
   * @param energy ε of each mode
   * @throws IllegalArgumentException if the arrays differ in length or a covariance is not positive
   */
  public ModeSchedule(double[] covariance, double[] energy, Regulator regulator) {
    if (covariance.length != energy.length) {
      throw new IllegalArgumentException(covariance.length + " covariances for " + energy.length + " energies");
    }
    for (double c : covariance) {
      if (!(c > 0) || Double.isInfinite(c)) {
        throw new IllegalArgumentException("a mode's covariance must be positive and finite, not " + c);
      }
    }
    this.covariance = covariance.clone();
    this.energy = energy.clone();
    this.regulator = Objects.requireNonNull(regulator, "regulator");
  }

  public int modes() {
    return energy.length;
  }

  public Regulator regulator() {
    return regulator;
  }

  public double energy(int mode) {
    return energy[mode];
  }

  /** C₀ of a mode. */
  public double referenceCovariance(int mode) {
    return covariance[mode];
  }

  /** K of a mode at a scale. */
  public double cutoff(int mode, double scale) {
    return regulator.value(energy[mode], scale);
  }

  /** C_μ = C₀ K of a mode at a scale. */
  public double covariance(int mode, double scale) {
    return covariance[mode] * cutoff(mode, scale);
  }

  /**
   * The noise strength B = ∂C_μ/∂μ = C₀ ∂K/∂μ of a mode: while μ falls by dμ the flow is the Langevin
   * equation dφ = −(B/C) φ dμ + √B dW, in any regulator. Per unit of t = ln(Λ₀/Λ), μ = Λ², it is 2μ times that.
   */
  public double noiseRate(int mode, double scale) {
    return covariance[mode] * regulator.derivative(energy[mode], scale);
  }

  /**
   * The exact transition between two scales.
   *
   * @param from μ_s, {@link Double#POSITIVE_INFINITY} for the bare field
   * @param to μ_t ≤ μ_s
   * @throws IllegalArgumentException if {@code to > from}: noise cannot be taken back
   */
  public Transition transition(double from, double to, Variable variable) {
    Transition transition = new Transition(new double[energy.length], new double[energy.length]);
    transition(from, to, variable, transition);
    return transition;
  }

  /**
   * {@link #transition(double, double, Variable)} into existing arrays.
   *
   * @param result its arrays are overwritten
   * @throws IllegalArgumentException if {@code to > from}
   */
  public void transition(double from, double to, Variable variable, Transition result) {
    if (!(to <= from)) {
      throw new IllegalArgumentException("a flow goes from high to low scales, not from " + from + " to " + to);
    }
    double[] decay = result.decay;
    double[] noise = result.noise;
    for (int k = 0; k < energy.length; k++) {
      double logFrom = regulator.logValue(energy[k], from);
      double logTo = regulator.logValue(energy[k], to);
      // A mode that is gone already stays at zero (field) or white (variance-preserving).
      double logRatio = logTo == Double.NEGATIVE_INFINITY ? Double.NEGATIVE_INFINITY : Math.min(0, logTo - logFrom);
      double lost = -Math.expm1(logRatio);
      switch (variable) {
        case FIELD -> {
          decay[k] = Math.exp(logRatio);
          noise[k] = Math.sqrt(covariance[k] * Math.exp(logTo) * lost);
        }
        case VARIANCE_PRESERVING -> {
          decay[k] = Math.exp(0.5 * logRatio);
          noise[k] = Math.sqrt(covariance[k] * lost);
        }
      }
    }
  }
}
