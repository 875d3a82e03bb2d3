package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.FlowKernels;
import org.rgflow.kernels.FlowVector;

/**
 * Items are rows of {@code width} elements: force ← c φ³; see {@link FlowKernels#cubic}.
 *
 * @param blocks number of replica blocks
 */
public record CubicForce(float[] phi, float[] force, float c, int width, int blocks) implements Launch {
  @Override
  public int items() {
    return phi.length / width;
  }

  @Override
  public void run(int begin, int end) {
    FlowVector.cubic(begin * width, end * width, phi, force, c);
  }

  @Override
  public int cost() {
    return 3 * width;
  }

  @Override
  public int groups() {
    return blocks;
  }
}
