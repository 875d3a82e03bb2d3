package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.FlowTableKernels;
import org.rgflow.kernels.VectorFieldKernels;

/**
 * Items are orbits of modes: the gradient of the parameters of a continuous flow's Gaussian; see {@link
 * FlowTableKernels#priorParameter}.
 *
 * @param x [block][mode][lane]
 * @param y likewise, another array
 * @param gradient of all parameters
 * @param orbitModes the modes sorted by orbit
 * @param orbitStart where each orbit begins among them, and their number at the end
 * @param offset where the Gaussian's parameters begin
 * @param sign 1 or −1
 * @param count what a mode's sum over the replicas is divided by
 */
public record FlowPriorGradient(float[] x, float[] y, float[] gradient, int[] orbitModes, int[] orbitStart, int offset,
    int sign, int count, int sites) implements Launch {
  @Override
  public int items() {
    return orbitStart.length - 1;
  }

  @Override
  public int cost() {
    return 2 * x.length / items();
  }

  @Override
  public void run(int begin, int end) {
    for (int orbit = begin; orbit < end; orbit++) {
      FlowTableKernels.priorParameter(orbit, x, y, gradient, orbitModes, orbitStart, offset, sign, count, sites,
          x.length / (sites * VectorFieldKernels.LANES));
    }
  }
}
