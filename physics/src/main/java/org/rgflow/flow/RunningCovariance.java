package org.rgflow.flow;

import java.util.Objects;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.Regulator;

/**
 * The regularised propagator of a reference theory, C_Λ(p) = z K(p̂²/Λ²)/(p̂²+M²), in the convention of
 * the field (z is {@link Phi4Action#covarianceFactor}). K is a {@link Regulator} at ε = p̂², μ = Λ², and
 * K ≡ 1 at Λ = ∞, where a flow starts.
 *
 * <p>The reference mass M² &gt; 0 need not be the mass of the theory: with a negative bare mass squared,
 * (m²−M²)/2 ϕ² is simply a part of the interaction, and the flow is exact all the same.
 *
 * @param factor z &gt; 0
 * @param mass2 M² &gt; 0
 * @param regulator K
 */
public record RunningCovariance(double factor, double mass2, Regulator regulator) {
  /** @throws IllegalArgumentException if z or M² is not positive and finite */
  public RunningCovariance {
    if (!(factor > 0) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException("the covariance factor must be positive and finite, not " + factor);
    }
    if (!(mass2 > 0) || Double.isInfinite(mass2)) {
      throw new IllegalArgumentException("the reference mass squared must be positive and finite, not " + mass2
          + "; a theory with negative bare mass squared keeps it in the interaction");
    }
    Objects.requireNonNull(regulator, "regulator");
  }

  /** For the fields of an action, in its convention. */
  public static RunningCovariance of(Phi4Action action, double referenceMass2, Regulator regulator) {
    return new RunningCovariance(action.covarianceFactor(), referenceMass2, regulator);
  }

  /** C_∞ = z/(p̂²+M²). */
  public double bare(double momentum2) {
    return factor / (momentum2 + mass2);
  }

  /** K(p̂²/Λ²). */
  public double cutoff(double momentum2, double lambda) {
    return regulator.value(momentum2, lambda * lambda);
  }

  /** C_Λ. */
  public double at(double momentum2, double lambda) {
    return bare(momentum2) * cutoff(momentum2, lambda);
  }

  /** The schedule of modes with these p̂², whose scale is Λ². */
  public ModeSchedule schedule(double... momentum2) {
    double[] covariance = new double[momentum2.length];
    for (int k = 0; k < covariance.length; k++) {
      covariance[k] = bare(momentum2[k]);
    }
    return new ModeSchedule(covariance, momentum2, regulator);
  }
}
