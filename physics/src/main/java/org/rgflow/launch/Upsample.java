package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.NetworkKernels;
import org.rgflow.kernels.NetworkVector;

/**
 * Enlargement by 2, nearest neighbour; items are rows of channels of y; see {@link NetworkKernels#upsample}.
 *
 * @param x [sample][side·side][channel]
 * @param y [sample][2side·2side][channel]
 * @param side side of x
 * @param channels channels
 */
public record Upsample(
    float[] x, float[] y, int side, int channels)
    implements Launch {
  @Override
  public int items() {
    return y.length / channels;
  }

  @Override
  public int cost() {
    return channels;
  }

  @Override
  public void run(int begin, int end) {
    NetworkVector.upsample(begin, end, x, y, side, channels);
  }
}
