package org.rgflow.launch;

import java.util.Arrays;
import org.rgflow.device.Launch;
import org.rgflow.kernels.OptimizerKernels;

/**
 * Sums set to zero; see {@link OptimizerKernels#clearSums}. Items are their groups.
 *
 * @param groups equal parts, whose launches may follow each other
 */
public record ClearSums(double[] x, int groups) implements Launch {
  /** @throws IllegalArgumentException if the elements do not form so many groups */
  public ClearSums {
    if (groups < 1 || x.length % groups != 0) {
      throw new IllegalArgumentException(x.length + " elements do not form " + groups + " groups");
    }
  }

  @Override
  public int items() {
    return groups;
  }

  @Override
  public int cost() {
    return x.length / groups;
  }

  @Override
  public void run(int begin, int end) {
    int size = x.length / groups;
    Arrays.fill(x, begin * size, end * size, 0);
  }
}
