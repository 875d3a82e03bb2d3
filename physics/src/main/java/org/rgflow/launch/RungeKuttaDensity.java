package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ScoreKernels;

/**
 * Items are replicas: the density at the end of a Runge–Kutta step; see {@link ScoreKernels#rungeKuttaDensity}.
 *
 * @param divergences [stage][replica]
 * @param lengths of the way to each stage, and of the step
 * @param stage that is reached
 */
public record RungeKuttaDensity(double[] logDensity, double[] divergences, double[] lengths, int[] stage)
    implements Launch {
  @Override
  public int items() {
    return logDensity.length;
  }

  @Override
  public int cost() {
    return 8;
  }

  @Override
  public void run(int begin, int end) {
    for (int replica = begin; replica < end; replica++) {
      ScoreKernels.rungeKuttaDensity(replica, logDensity, divergences, lengths, stage, items());
    }
  }
}
