package org.rgflow.sampler;

/**
 * What may be chosen about a sampler; 0 leaves the choice to the sampler.
 *
 * @param start the first configuration
 * @param stepSize time step of a molecular-dynamics or Langevin step, the first one if the sampler
 *     tunes it
 * @param steps steps of a trajectory, Langevin steps of an update, or local sweeps of an update
 */
public record SamplerOptions(Start start, double stepSize, int steps) {
  /** A hot start, everything else left to the sampler. */
  public static final SamplerOptions DEFAULTS = new SamplerOptions(Start.HOT, 0, 0);

  /** @throws IllegalArgumentException if a number is negative or not finite */
  public SamplerOptions {
    if (!(stepSize >= 0) || Double.isInfinite(stepSize)) {
      throw new IllegalArgumentException("step size " + stepSize + ": must be a positive number (or 0 for the default)");
    }
    if (steps < 0) {
      throw new IllegalArgumentException("steps = " + steps + ": must be positive (or 0 for the default)");
    }
  }

  public SamplerOptions withStart(Start other) {
    return new SamplerOptions(other, stepSize, steps);
  }

  public SamplerOptions withStepSize(double other) {
    return new SamplerOptions(start, other, steps);
  }

  public SamplerOptions withSteps(int other) {
    return new SamplerOptions(start, stepSize, other);
  }
}
