package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.NetworkKernels;
import org.rgflow.kernels.NetworkVector;

/**
 * Gradient of what was added to every row; items are channels; see {@link NetworkKernels#rowSums}.
 *
 * @param x [row][channel]
 * @param gradient of the parameters
 * @param beta 0 to overwrite, 1 to add
 * @param rows rows
 * @param channels channels
 * @param offset where the bias is
 */
public record BiasGradient(
    float[] x, float[] gradient, float beta, int rows, int channels, int offset)
    implements Launch {
  @Override
  public int items() {
    return channels;
  }

  @Override
  public int cost() {
    return rows;
  }

  @Override
  public void run(int begin, int end) {
    NetworkVector.rowSums(begin, end, x, gradient, beta, rows, channels, offset);
  }
}
