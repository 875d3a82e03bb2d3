package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.TemperingKernels;

/**
 * Items are replicas: whether two chains exchange configurations, see {@link TemperingKernels#decide}.
 *
 * @param a row sums of the first chain
 * @param b row sums of the second chain
 * @param difference of the couplings of (∂φ)², φ² and φ⁴
 * @param exchanged result, 1 or 0 per replica
 * @param tally sum of the exchange probabilities per replica
 */
public record DecideExchange(double[] a, double[] b, double[] difference, int[] exchanged, double[] tally, int[] stream,
    int streamId, int ly, int lanes) implements Launch {
  @Override
  public int items() {
    return exchanged.length;
  }

  @Override
  public void run(int begin, int end) {
    for (int item = begin; item < end; item++) {
      TemperingKernels.decide(item, a, b, difference, exchanged, tally, stream, streamId, ly, lanes);
    }
  }

  @Override
  public int cost() {
    return 2000 + 40 * ly;
  }

  @Override
  public int groups() {
    return exchanged.length / lanes;
  }
}
