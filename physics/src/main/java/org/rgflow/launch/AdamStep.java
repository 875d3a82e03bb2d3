package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.OptimizerKernels;
import org.rgflow.kernels.OptimizerVector;

/**
 * Items are chunks of elements: Adam's step; see {@link OptimizerKernels#adam}.
 *
 * @param first m, the mean of the gradient
 * @param second v, the mean of its square
 */
public record AdamStep(
    float[] parameters, float[] gradient, float[] first, float[] second, float[] rates, float[] clip)
    implements Launch {
  @Override
  public int items() {
    return (parameters.length + OptimizerKernels.CHUNK - 1) / OptimizerKernels.CHUNK;
  }

  @Override
  public void run(int begin, int end) {
    int begun = begin * OptimizerKernels.CHUNK;
    int last = Math.min(end * OptimizerKernels.CHUNK, parameters.length);
    OptimizerVector.adam(begun, last, parameters, gradient, first, second, rates, clip);
  }

  /** Chunks are independent: a device may take each through step and average while it is in the cache. */
  @Override
  public int groups() {
    return items();
  }

  @Override
  public int cost() {
    return 16 * OptimizerKernels.CHUNK;
  }
}
