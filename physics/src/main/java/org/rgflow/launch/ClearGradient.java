package org.rgflow.launch;

import java.util.Arrays;
import org.rgflow.device.Launch;
import org.rgflow.kernels.OptimizerKernels;

/**
 * A buffer set to zero; see {@link OptimizerKernels#clear}. Items are its groups.
 *
 * @param groups equal parts, whose launches may follow each other
 */
public record ClearGradient(float[] x, int groups) implements Launch {
  /** @throws IllegalArgumentException if the elements do not form so many groups */
  public ClearGradient {
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
    Arrays.fill(x, begin * size, end * size, 0f);
  }
}
