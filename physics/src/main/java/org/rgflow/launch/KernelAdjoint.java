package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.VectorFieldKernels;
import org.rgflow.kernels.VectorFieldVector;

/**
 * Items are replica blocks: the gradient with respect to ŵ, and then ĥ_f ← ŵ_f v̂̄ in place; see {@link
 * VectorFieldKernels#kernelAdjoint}.
 *
 * @param gradient [block][time][orbit][feature]
 * @param orbitModes the modes sorted by orbit
 * @param orbitStart where each orbit begins among them, and their number at the end
 */
public record KernelAdjoint(float[] modes, float[] adjoint, float[] kernel, double[] gradient, int time, int times,
    int[] orbitModes, int[] orbitStart, float[] scratch, int sites, int features, int n) implements Launch {
  @Override
  public int items() {
    return adjoint.length / (sites * VectorFieldKernels.LANES);
  }

  @Override
  public int groups() {
    return items();
  }

  @Override
  public int cost() {
    return 3 * sites * VectorFieldKernels.LANES * features;
  }

  @Override
  public void run(int begin, int end) {
    VectorFieldVector.kernelAdjoint(begin, end, modes, adjoint, kernel, gradient, time, times, orbitModes, orbitStart,
        scratch, sites, features, n);
  }
}
