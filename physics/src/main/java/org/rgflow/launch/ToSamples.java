package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ScoreKernels;

/**
 * Items are replicas: a field to one of the fields that a network reads; see {@link ScoreKernels#toSamples}.
 *
 * @param x [block][site][lane]
 * @param y [replica][site][input]
 * @param which input
 */
public record ToSamples(float[] x, float[] y, int sites, int inputs, int which) implements Launch {
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
    ScoreKernels.allToSamples(begin, end, x, y, sites, inputs, which);
  }
}
