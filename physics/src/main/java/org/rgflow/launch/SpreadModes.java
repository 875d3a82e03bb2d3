package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.CombinationKernels;
import org.rgflow.kernels.CombinationVector;

/**
 * out ← a, by row; see {@link CombinationKernels#spread}. Items are rows.
 *
 * @param lanes elements of a row
 * @param groups number of independent groups of rows
 */
public record SpreadModes(float[] out, float[] a, int lanes, int groups) implements Launch {
  /** @throws IllegalArgumentException if the lengths do not fit together */
  public SpreadModes {
    Rows.require(out, lanes, groups, new float[0][], new float[][] {a});
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
    return lanes;
  }

  @Override
  public void run(int begin, int end) {
    CombinationVector.spread(begin, end, out, a, lanes);
  }
}
