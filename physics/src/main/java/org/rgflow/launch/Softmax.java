package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.NetworkKernels;
import org.rgflow.kernels.NetworkVector;

/**
 * Softmax of every row, in place; see {@link NetworkKernels#softmax}.
 *
 * @param x rows
 * @param length length of a row
 */
public record Softmax(
    float[] x, int length)
    implements Launch {
  @Override
  public int items() {
    return x.length / length;
  }

  @Override
  public int cost() {
    return 20 * length;
  }

  @Override
  public void run(int begin, int end) {
    NetworkVector.softmax(begin, end, x, length);
  }
}
