package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.NetworkKernels;
import org.rgflow.kernels.NetworkVector;

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
    return 8;
  }

  @Override
  public void run(int begin, int end) {
    NetworkVector.silu(begin, end, x, y);
  }
}
