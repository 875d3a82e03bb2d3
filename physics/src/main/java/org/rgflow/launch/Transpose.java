package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.NetworkKernels;

/**
 * Exchanges the two axes of every sample; see {@link NetworkKernels#transpose}.
 *
 * @param x [sample][row][column]
 * @param y [sample][column][row]
 * @param rows rows
 * @param columns columns
 */
public record Transpose(
    float[] x, float[] y, int rows, int columns)
    implements Launch {
  @Override
  public int items() {
    return x.length;
  }

  @Override
  public int cost() {
    return 2;
  }

  @Override
  public void run(int begin, int end) {
    for (int item = begin; item < end; item++) {
      NetworkKernels.transpose(item, x, y, rows, columns);
    }
  }
}
