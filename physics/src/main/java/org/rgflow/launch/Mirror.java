package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ScoreKernels;

/** y ← (first·x, second·x), one behind the other; see {@link ScoreKernels#mirror}. */
public record Mirror(float[] x, float[] y, float first, float second) implements Launch {
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
    for (int element = begin; element < end; element++) {
      ScoreKernels.mirror(element, x, y, first, second, x.length);
    }
  }
}
