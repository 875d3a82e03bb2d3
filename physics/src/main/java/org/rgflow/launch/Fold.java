package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ScoreKernels;

/** y ← ½ (x + sign·x'), x' behind x; see {@link ScoreKernels#fold}. */
public record Fold(float[] x, float[] y, float sign) implements Launch {
  @Override
  public int items() {
    return y.length;
  }

  @Override
  public int cost() {
    return 3;
  }

  @Override
  public void run(int begin, int end) {
    for (int element = begin; element < end; element++) {
      ScoreKernels.fold(element, x, y, sign, y.length);
    }
  }
}
