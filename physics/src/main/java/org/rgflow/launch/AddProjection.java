package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ScoreKernels;

/**
 * Items are replicas: adds the derivative of the velocity in a direction, along it, to the divergence; see {@link
 * ScoreKernels#addProjection}.
 *
 * @param rate of each mode
 * @param divergences [stage][replica]
 * @param stage whose divergence it is
 */
public record AddProjection(float[] direction, float[] derivative, double[] rate, double[] divergences, int[] stage)
    implements Launch {
  @Override
  public int items() {
    return direction.length / rate.length;
  }

  @Override
  public int cost() {
    return 4 * rate.length;
  }

  @Override
  public void run(int begin, int end) {
    for (int replica = begin; replica < end; replica++) {
      ScoreKernels.addProjection(replica, direction, derivative, rate, divergences, stage, rate.length, items());
    }
  }
}
