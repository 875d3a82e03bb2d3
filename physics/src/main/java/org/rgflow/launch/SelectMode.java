package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ScoreKernels;

/** The direction of one mode in every replica; see {@link ScoreKernels#selectMode}. */
public record SelectMode(float[] direction, int[] mode, int sites) implements Launch {
  @Override
  public int items() {
    return direction.length;
  }

  @Override
  public int cost() {
    return 4;
  }

  @Override
  public void run(int begin, int end) {
    for (int element = begin; element < end; element++) {
      ScoreKernels.selectMode(element, direction, mode, sites);
    }
  }
}
