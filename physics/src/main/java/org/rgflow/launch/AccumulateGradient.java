package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.OptimizerKernels;
import org.rgflow.kernels.OptimizerVector;

/**
 * Items are chunks of elements: Σ ← Σ + weight·g; see {@link OptimizerKernels#accumulate}.
 */
public record AccumulateGradient(float[] gradient, float[] sum, float weight) implements Launch {
  @Override
  public int items() {
    return (sum.length + OptimizerKernels.CHUNK - 1) / OptimizerKernels.CHUNK;
  }

  @Override
  public void run(int begin, int end) {
    int first = begin * OptimizerKernels.CHUNK;
    int last = Math.min(end * OptimizerKernels.CHUNK, sum.length);
    OptimizerVector.accumulate(first, last, gradient, sum, weight);
  }

  @Override
  public int cost() {
    return 3 * OptimizerKernels.CHUNK;
  }
}
