package org.rgflow.launch;

import java.util.Arrays;
import org.rgflow.device.Launch;
import org.rgflow.kernels.OptimizerKernels;

/** Items are chunks of elements: sums set to zero; see {@link OptimizerKernels#clearSums}. */
public record ClearSums(double[] x) implements Launch {
  @Override
  public int items() {
    return (x.length + OptimizerKernels.CHUNK - 1) / OptimizerKernels.CHUNK;
  }

  @Override
  public int cost() {
    return OptimizerKernels.CHUNK;
  }

  @Override
  public void run(int begin, int end) {
    Arrays.fill(x, begin * OptimizerKernels.CHUNK, Math.min(end * OptimizerKernels.CHUNK, x.length), 0);
  }
}
