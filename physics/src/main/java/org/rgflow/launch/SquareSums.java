package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.OptimizerKernels;
import org.rgflow.kernels.OptimizerVector;

/**
 * Items are chunks: Σ g² of each; see {@link OptimizerKernels#squares}.
 *
 * @param partial result, one per chunk
 */
public record SquareSums(float[] gradient, double[] partial) implements Launch {
  @Override
  public int items() {
    return (gradient.length + OptimizerKernels.CHUNK - 1) / OptimizerKernels.CHUNK;
  }

  @Override
  public void run(int begin, int end) {
    OptimizerVector.squares(begin, end, gradient, partial);
  }

  @Override
  public int cost() {
    return 2 * OptimizerKernels.CHUNK;
  }
}
