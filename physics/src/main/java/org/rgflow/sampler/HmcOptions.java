package org.rgflow.sampler;

import java.util.OptionalDouble;

/**
 * Free choices of {@link Hmc}.
 *
 * @param integrator the molecular-dynamics integrator
 * @param trajectoryLength molecular-dynamics time τ of a trajectory, in the units of the action's own
 *     convention (natural frequencies are √h·√(p̂²+m²), so CANONICAL times are √2 times GERDES ones)
 * @param steps integrator steps per trajectory to start from; {@link Hmc#tune} changes them
 * @param jitter half-width of the relative variation of τ from trajectory to trajectory, which keeps
 *     harmonic modes from resonating with the trajectory length; 0 ≤ jitter &lt; 1
 * @param targetAcceptance what {@link Hmc#tune} aims at
 * @param accelerationMass2 m² of the Fourier acceleration M(p) = h(p̂² + m²), or empty for M = 1
 */
public record HmcOptions(
    Integrator integrator, double trajectoryLength, int steps, double jitter, double targetAcceptance,
    OptionalDouble accelerationMass2) {
  /** @throws IllegalArgumentException naming the option that is impossible */
  public HmcOptions {
    if (!(trajectoryLength > 0) || Double.isInfinite(trajectoryLength)) {
      throw new IllegalArgumentException("the trajectory length must be > 0, not " + trajectoryLength);
    }
    if (steps < 1 || steps > Hmc.MAX_STEPS) {
      throw new IllegalArgumentException("steps per trajectory must be 1 to " + Hmc.MAX_STEPS + ", not " + steps);
    }
    if (!(jitter >= 0 && jitter < 1)) {
      throw new IllegalArgumentException("the trajectory jitter must be in [0, 1), not " + jitter);
    }
    if (!(targetAcceptance > 0 && targetAcceptance < 1)) {
      throw new IllegalArgumentException("the target acceptance must be in (0, 1), not " + targetAcceptance);
    }
    if (accelerationMass2.isPresent() && !(accelerationMass2.getAsDouble() > 0)) {
      throw new IllegalArgumentException(
          "the mass squared of the Fourier acceleration must be > 0, not " + accelerationMass2.getAsDouble());
    }
  }

  /**
   * Unit GERDES trajectory (√(2/h) in general), ten steps, 15% jitter, 80% acceptance (90% for Omelyan), no
   * acceleration.
   */
  public static HmcOptions standard(Integrator integrator, double hopping) {
    boolean leapfrog = integrator == Integrator.LEAPFROG;
    return new HmcOptions(
        integrator, Math.sqrt(2 / hopping), leapfrog ? 10 : 4, 0.15, leapfrog ? 0.8 : 0.9, OptionalDouble.empty());
  }

  public HmcOptions withTrajectoryLength(double length) {
    return new HmcOptions(integrator, length, steps, jitter, targetAcceptance, accelerationMass2);
  }

  public HmcOptions withSteps(int number) {
    return new HmcOptions(integrator, trajectoryLength, number, jitter, targetAcceptance, accelerationMass2);
  }

  public HmcOptions withJitter(double width) {
    return new HmcOptions(integrator, trajectoryLength, steps, width, targetAcceptance, accelerationMass2);
  }

  public HmcOptions withAcceleration(double mass2) {
    return new HmcOptions(integrator, trajectoryLength, steps, jitter, targetAcceptance, OptionalDouble.of(mass2));
  }
}
