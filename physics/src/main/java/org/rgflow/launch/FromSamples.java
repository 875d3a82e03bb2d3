package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ScoreKernels;

/**
 * Items are replicas: a network's field to a field; see {@link ScoreKernels#fromSamples}.
 *
 * @param x [replica][site]
 * @param y [block][site][lane]
 */
public record FromSamples(float[] x, float[] y, int sites) implements Launch {
  @Override
  public int items() {
    return x.length / sites;
  }

  @Override
  public int groups() {
    return x.length / (sites * ScoreKernels.LANES);
  }

  @Override
  public int cost() {
    return 2 * sites;
  }

  @Override
  public void run(int begin, int end) {
    ScoreKernels.allFromSamples(begin, end, x, y, sites);
  }
}
