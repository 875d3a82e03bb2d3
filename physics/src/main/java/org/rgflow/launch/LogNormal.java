package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ScoreKernels;

/** Items are replicas: ln N(u; 0, 1); see {@link ScoreKernels#logNormal}. */
public record LogNormal(float[] u, double[] logDensity, int sites) implements Launch {
  @Override
  public int items() {
    return logDensity.length;
  }

  @Override
  public int groups() {
    return items() / ScoreKernels.LANES;
  }

  @Override
  public int cost() {
    return 2 * sites;
  }

  @Override
  public void run(int begin, int end) {
    for (int replica = begin; replica < end; replica++) {
      ScoreKernels.logNormal(replica, u, logDensity, sites);
    }
  }
}
