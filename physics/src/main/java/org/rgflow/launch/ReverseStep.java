package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ScoreKernels;

/**
 * Items are replicas: a step of the reverse diffusion of a score model; see {@link ScoreKernels#reverseStep}.
 *
 * @param coefficients decay, drift, deviation and strength, [of them][mode]
 */
public record ReverseStep(float[] u, float[] force, float[] noise, double[] logDensity, double[] coefficients)
    implements Launch {
  @Override
  public int items() {
    return logDensity.length;
  }

  /** Number of modes. */
  public int sites() {
    return coefficients.length / 4;
  }

  @Override
  public int groups() {
    return items() / ScoreKernels.LANES;
  }

  @Override
  public int cost() {
    return 16 * sites();
  }

  @Override
  public void run(int begin, int end) {
    for (int replica = begin; replica < end; replica++) {
      ScoreKernels.reverseStep(replica, u, force, noise, logDensity, coefficients, sites());
    }
  }
}
