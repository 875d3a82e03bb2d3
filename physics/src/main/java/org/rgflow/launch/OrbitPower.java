package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.FlowKernels;

/**
 * Items are (block, orbit, lane): the mean of x² over the modes of an orbit; see {@link
 * FlowKernels#orbitPower}.
 */
public record OrbitPower(float[] x, int[] start, int[] members, double[] power, int modes, int lanes)
    implements Launch {
  @Override
  public int items() {
    return power.length;
  }

  @Override
  public void run(int begin, int end) {
    for (int item = begin; item < end; item++) {
      FlowKernels.orbitPower(item, x, start, members, power, modes, lanes);
    }
  }

  @Override
  public int cost() {
    return 2 + 2 * members.length / (start.length - 1);
  }

  @Override
  public int groups() {
    return x.length / (modes * lanes);
  }
}
