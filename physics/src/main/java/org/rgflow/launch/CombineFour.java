package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.CombinationKernels;
import org.rgflow.kernels.CombinationVector;

/**
 * Items are rows: out ← a·x + b·y + c·z + d·w; see {@link CombinationKernels#four}.
 *
 * @param lanes elements of a row
 * @param groups number of independent groups of rows, the images of a batch
 */
public record CombineFour(
    float[] out, float[] x, float[] y, float[] z, float[] w, float[] a, float[] b, float[] c, float[] d, int lanes,
    int groups)
    implements Launch {
  /** @throws IllegalArgumentException if the lengths do not fit together */
  public CombineFour {
    Rows.require(out, lanes, groups, new float[][] {x, y, z, w}, new float[][] {a, b, c, d});
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
    CombinationVector.four(begin, end, out, x, y, z, w, a, b, c, d, lanes);
  }
}
