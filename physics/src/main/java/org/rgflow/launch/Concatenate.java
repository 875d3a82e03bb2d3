package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.NetworkKernels;

/**
 * y = [a, b] along the channels; items are rows; see {@link NetworkKernels#concatenate}.
 *
 * @param a [row][channelsA]
 * @param b [row][channelsB]
 * @param y [row][channelsA + channelsB]
 * @param channelsA channels of a
 * @param channelsB channels of b
 */
public record Concatenate(
    float[] a, float[] b, float[] y, int channelsA, int channelsB)
    implements Launch {
  @Override
  public int items() {
    return a.length / channelsA;
  }

  @Override
  public int cost() {
    return channelsA + channelsB;
  }

  @Override
  public void run(int begin, int end) {
    for (int row = begin; row < end; row++) {
      NetworkKernels.concatenate(row, a, b, y, channelsA, channelsB);
    }
  }
}
