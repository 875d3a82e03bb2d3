package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.CombinationKernels;
import org.rgflow.kernels.CombinationVector;

/**
 * out ← a·x·y, a by row; see {@link CombinationKernels#product}. Items are rows.
 *
 * @param lanes elements of a row
 * @param groups number of independent groups of rows
 */
public record ModeProduct(float[] out, float[] x, float[] y, float[] a, int lanes, int groups) implements Launch {
  /** @throws IllegalArgumentException if the lengths do not fit together */
  public ModeProduct {
    Rows.require(out, lanes, groups, new float[][] {x, y}, new float[][] {a});
  }

  @Override
  public int items() {
    return out.length / lanes;
  }

  @Override
  public int groups() {
    return groups;
  }

  @Override
  public int cost() {
    return 2 * lanes;
  }

  @Override
  public void run(int begin, int end) {
    CombinationVector.product(begin, end, out, x, y, a, lanes);
  }
}
