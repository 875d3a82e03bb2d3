package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.NetworkKernels;

/**
 * y = a + b; y may be one of them; items are rows; see {@link NetworkKernels#sum}.
 *
 * @param a first term
 * @param b second term
 * @param y sum
 * @param channels length of a row
 */
public record Sum(
    float[] a, float[] b, float[] y, int channels)
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
      NetworkKernels.sum(row, a, b, y, channels);
    }
  }
}
