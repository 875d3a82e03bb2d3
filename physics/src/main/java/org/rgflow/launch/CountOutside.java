package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.LangevinKernels;

/**
 * Items are rows of {@code width} elements: how many of them are not finite or beyond a limit, see
 * {@link LangevinKernels#countOutside}.
 *
 * @param outside result, one per row
 * @param groups number of replica blocks
 */
public record CountOutside(float[] phi, int[] outside, float limit, int width, int groups) implements Launch {
  @Override
  public int items() {
    return outside.length;
  }

  @Override
  public void run(int begin, int end) {
    for (int row = begin; row < end; row++) {
      LangevinKernels.countOutside(row, phi, outside, limit, width);
    }
  }

  @Override
  public int cost() {
    return 40 * width;
  }
}
