package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.NetworkKernels;

/**
 * y = x · sigmoid(x); see {@link NetworkKernels#silu}.
 *
 * @param x argument
 * @param y value
 */
public record Silu(
    float[] x, float[] y)
    implements Launch {
  @Override
  public int items() {
    return x.length;
  }

  @Override
  public int cost() {
    return 40;
  }

  @Override
  public void run(int begin, int end) {
    for (int item = begin; item < end; item++) {
      NetworkKernels.silu(item, x, y);
    }
  }
}
