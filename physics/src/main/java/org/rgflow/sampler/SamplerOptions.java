package org.rgflow.sampler;

/**
 * What may be chosen about a sampler; 0 leaves the choice to the sampler.
 *
 * @param start the first configuration
 * @param stepSize time step of a molecular-dynamics or Langevin step, or half width of the proposals of
 *     local updates; the first one if the sampler tunes it
 * @param steps steps of a trajectory, Langevin steps of an update, or local sweeps of an update
 * @param trajectoryLength molecular-dynamics time of an HMC trajectory
 * @param accelerationMass2 m² of the Fourier acceleration of HMC
 */
public record SamplerOptions(
    Start start, double stepSize, int steps, double trajectoryLength, double accelerationMass2) {
  /** A hot start, everything else left to the sampler. */
  public static final SamplerOptions DEFAULTS = new SamplerOptions(Start.HOT, 0, 0, 0, 0);

  /** @throws IllegalArgumentException if a number is negative or not finite */
  public SamplerOptions {
    requirePositiveOrDefault("step size", stepSize);
    requirePositiveOrDefault("trajectory length", trajectoryLength);
    requirePositiveOrDefault("mass squared of the Fourier acceleration", accelerationMass2);
    if (steps < 0) {
      throw new IllegalArgumentException("steps = " + steps + ": must be positive (or 0 for the default)");
    }
  }

  private static void requirePositiveOrDefault(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " " + value + ": must be a positive number (or 0 for the default)");
    }
  }

  public SamplerOptions withStart(Start other) {
    return new SamplerOptions(other, stepSize, steps, trajectoryLength, accelerationMass2);
  }

  public SamplerOptions withStepSize(double other) {
    return new SamplerOptions(start, other, steps, trajectoryLength, accelerationMass2);
  }

  public SamplerOptions withSteps(int other) {
    return new SamplerOptions(start, stepSize, other, trajectoryLength, accelerationMass2);
  }

  public SamplerOptions withTrajectoryLength(double other) {
    return new SamplerOptions(start, stepSize, steps, other, accelerationMass2);
  }

  public SamplerOptions withAccelerationMass2(double other) {
    return new SamplerOptions(start, stepSize, steps, trajectoryLength, other);
  }
}
