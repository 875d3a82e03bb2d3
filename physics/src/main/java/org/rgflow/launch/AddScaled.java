package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.FieldKernels;
import org.rgflow.kernels.FieldVector;

/**
 * Items are rows of {@code width} elements: φ' ← φ + scale[at]·x; see {@link FieldKernels#addScaled}.
 *
 * @param blocks number of replica blocks
 */
public record AddScaled(
    float[] phi, float[] x, float[] moved, float[] scale, int at, int width, int blocks)
    implements Launch {
  @Override
  public int items() {
    return phi.length / width;
  }

  @Override
  public void run(int begin, int end) {
    FieldVector.addScaled(begin * width, end * width, phi, x, moved, scale, at);
  }

  @Override
  public int cost() {
    return 6 * width;
  }

  @Override
  public int groups() {
    return blocks;
  }
}
