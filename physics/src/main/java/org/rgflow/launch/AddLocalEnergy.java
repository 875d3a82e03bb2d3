package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.LangevinKernels;

/**
 * Items are rows and lanes: energy ← energy + a Σφ² + b Σφ⁴; see {@link LangevinKernels#addLocalEnergy}.
 *
 * @param sums result of {@link RowSums}
 * @param coefficients {a, b}
 * @param blocks number of replica blocks
 */
public record AddLocalEnergy(double[] energy, double[] sums, double[] coefficients, int blocks) implements Launch {
  @Override
  public int items() {
    return energy.length;
  }

  @Override
  public void run(int begin, int end) {
    for (int item = begin; item < end; item++) {
      LangevinKernels.addLocalEnergy(item, energy, sums, coefficients);
    }
  }

  @Override
  public int cost() {
    return 4;
  }

  @Override
  public int groups() {
    return blocks;
  }
}
