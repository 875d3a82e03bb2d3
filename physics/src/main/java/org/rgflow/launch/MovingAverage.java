package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.OptimizerKernels;
import org.rgflow.kernels.OptimizerVector;

/**
 * Items are chunks of elements: the moving average of the parameters; see {@link OptimizerKernels#average}.
 */
public record MovingAverage(float[] parameters, float[] average, float[] rates, float[] clip) implements Launch {
  @Override
  public int items() {
    return (parameters.length + OptimizerKernels.CHUNK - 1) / OptimizerKernels.CHUNK;
  }

  @Override
  public void run(int begin, int end) {
    int first = begin * OptimizerKernels.CHUNK;
    int last = Math.min(end * OptimizerKernels.CHUNK, parameters.length);
    OptimizerVector.average(first, last, parameters, average, rates, clip);
  }

  /** Chunks are independent: a device may take each through step and average while it is in the cache. */
  @Override
  public int groups() {
    return items();
  }

  @Override
  public int cost() {
    return 4 * OptimizerKernels.CHUNK;
  }
}
