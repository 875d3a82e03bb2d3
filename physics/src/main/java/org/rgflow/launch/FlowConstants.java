package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.FlowTableKernels;

/**
 * The tables of a continuous flow that do not depend on the time, from its parameters; see {@link
 * FlowTableKernels#constants}.
 *
 * @param prior where the parameters of the Gaussian begin
 * @param n number of sines
 */
public record FlowConstants(float[] parameters, float[] frequencies, float[] mixing, float[] mixingTransposed,
    float[] deviation, int[] orbitOf, int prior, int features, int n) implements Launch {
  @Override
  public int items() {
    return features * (n + 1) + n + deviation.length;
  }

  @Override
  public int cost() {
    return 4;
  }

  @Override
  public void run(int begin, int end) {
    for (int item = begin; item < end; item++) {
      FlowTableKernels.constants(
          item, parameters, frequencies, mixing, mixingTransposed, deviation, orbitOf, prior, features, n);
    }
  }
}
