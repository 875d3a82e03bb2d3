package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.NetworkKernels;
import org.rgflow.kernels.NetworkVector;

/**
 * Sums over the positions of every sample; items are samples; see {@link NetworkKernels#positionSums}.
 *
 * @param x [sample][position][channel]
 * @param sums [sample][channel]
 * @param positions positions per sample
 * @param channels channels
 */
public record PositionSums(
    float[] x, float[] sums, int positions, int channels)
    implements Launch {
  @Override
  public int items() {
    return sums.length / channels;
  }

  @Override
  public int cost() {
    return positions * channels;
  }

  @Override
  public void run(int begin, int end) {
    NetworkVector.positionSums(begin, end, x, sums, positions, channels);
  }
}
