package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.FieldKernels;

/**
 * Items are elements of a mode buffer: scaled ← factor[mode]·x; see {@link FieldKernels#scaleModes}.
 *
 * @param blocks number of replica blocks
 */
public record ScaleModes(
    float[] x, float[] scaled, float[] factor, int lanes, int blocks)
    implements Launch {
  @Override
  public int items() {
    return x.length;
  }

  @Override
  public void run(int begin, int end) {
    for (int element = begin; element < end; element++) {
      FieldKernels.scaleModes(element, x, scaled, factor, lanes);
    }
  }

  @Override
  public int cost() {
    return 1;
  }

  @Override
  public int groups() {
    return blocks;
  }
}
