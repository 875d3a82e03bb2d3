package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.NetworkKernels;

/**
 * x ← β x + some channels of y; items are rows; see {@link NetworkKernels#takeChannels}.
 *
 * @param y [row][of]
 * @param x [row][channels]
 * @param beta 0 to overwrite, 1 to add
 * @param of channels of y
 * @param first the first of those taken
 * @param channels how many are taken
 */
public record TakeChannels(
    float[] y, float[] x, float beta, int of, int first, int channels)
    implements Launch {
  @Override
  public int items() {
    return x.length / channels;
  }

  @Override
  public int cost() {
    return channels;
  }

  @Override
  public void run(int begin, int end) {
    for (int row = begin; row < end; row++) {
      NetworkKernels.takeChannels(row, y, x, beta, of, first, channels);
    }
  }
}
