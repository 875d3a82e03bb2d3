package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ScoreKernels;

/**
 * Items are replicas: the loss of a score model, and its gradient; see {@link ScoreKernels#loss}.
 *
 * @param gradient with respect to the force
 * @param losses of each replica
 * @param scale of the gradient
 */
public record ScoreLoss(float[] force, float[] expected, float[] weight, float[] gradient, double[] losses,
    float scale, int sites) implements Launch {
  @Override
  public int items() {
    return losses.length;
  }

  @Override
  public int groups() {
    return items() / ScoreKernels.LANES;
  }

  @Override
  public int cost() {
    return 10 * sites;
  }

  @Override
  public void run(int begin, int end) {
    for (int replica = begin; replica < end; replica++) {
      ScoreKernels.loss(replica, force, expected, weight, gradient, losses, scale, sites);
    }
  }
}
