package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.NetworkKernels;

/**
 * Adds a vector per sample to all its positions; items are rows; see {@link NetworkKernels#addToPositions}.
 *
 * @param y [sample][position][channel]
 * @param v [sample][channel]
 * @param positions positions per sample
 * @param channels channels
 */
public record AddToPositions(
    float[] y, float[] v, int positions, int channels)
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
    for (int row = begin; row < end; row++) {
      NetworkKernels.addToPositions(row, y, v, positions, channels);
    }
  }
}
