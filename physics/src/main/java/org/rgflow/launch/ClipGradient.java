package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.OptimizerKernels;

/** One item: the gradient's norm and the factor that clips it; see {@link OptimizerKernels#clip}. */
public record ClipGradient(double[] partial, double[] norm, float[] clip, float[] rates) implements Launch {
  @Override
  public int items() {
    return 1;
  }

  @Override
  public void run(int begin, int end) {
    for (int item = begin; item < end; item++) {
      OptimizerKernels.clip(item, partial, norm, clip, rates);
    }
  }

  @Override
  public int cost() {
    return partial.length + 10;
  }
}
