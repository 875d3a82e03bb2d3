package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.VectorFieldKernels;
import org.rgflow.kernels.VectorFieldVector;

/** Items are replica blocks: v̂ ← Σ_f ŵ_f ĥ_f; see {@link VectorFieldKernels#combine}. */
public record KernelCombination(
    float[] modes, float[] velocity, float[] kernel, int time, int[] orbitOf, int orbits, int sites, int features)
    implements Launch {
  @Override
  public int items() {
    return velocity.length / (sites * VectorFieldKernels.LANES);
  }

  @Override
  public int groups() {
    return items();
  }

  @Override
  public int cost() {
    return 2 * sites * VectorFieldKernels.LANES * features;
  }

  @Override
  public void run(int begin, int end) {
    VectorFieldVector.combine(begin, end, modes, velocity, kernel, time, orbitOf, orbits, sites, features);
  }
}
