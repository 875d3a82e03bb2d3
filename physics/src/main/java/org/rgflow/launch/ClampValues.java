package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.CombinationKernels;
import org.rgflow.kernels.CombinationVector;

/**
 * x ← min(max(x, low), high); see {@link CombinationKernels#clamp}.
 */
public record ClampValues(float[] x, float low, float high, int groups)
    implements Launch {
  @Override
  public int items() {
    return x.length;
  }

  @Override
  public int groups() {
    return groups;
  }

  @Override
  public int cost() {
    return 2;
  }

  @Override
  public void run(int begin, int end) {
    CombinationVector.clamp(begin, end, x, low, high);
  }
}
