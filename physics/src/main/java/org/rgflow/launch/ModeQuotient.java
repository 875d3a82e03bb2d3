package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.CombinationKernels;
import org.rgflow.kernels.CombinationVector;

/**
 * Items are rows: out ← factor·x / scale; see {@link CombinationKernels#quotient}.
 *
 * @param lanes elements of a row
 * @param groups number of independent groups of rows
 */
public record ModeQuotient(float[] out, float[] x, float[] scale, float factor, int lanes, int groups)
    implements Launch {
  /** @throws IllegalArgumentException if the lengths do not fit together */
  public ModeQuotient {
    Rows.require(out, lanes, groups, new float[][] {x}, new float[][] {scale});
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
    return 8 * lanes;
  }

  @Override
  public void run(int begin, int end) {
    CombinationVector.quotient(begin, end, out, x, scale, factor, lanes);
  }
}
