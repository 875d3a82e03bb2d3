package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.CombinationKernels;
import org.rgflow.kernels.CombinationVector;

/**
 * Items are rows: out ← a·x + b; see {@link CombinationKernels#affine}.
 *
 * @param lanes elements of a row
 * @param groups number of independent groups of rows, the images of a batch
 */
public record ModeAffine(
    float[] out, float[] x, float[] a, float[] b, int lanes, int groups)
    implements Launch {
  /** @throws IllegalArgumentException if the lengths do not fit together */
  public ModeAffine {
    Rows.require(out, lanes, groups, new float[][] {x}, new float[][] {a, b});
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
    return 4 * lanes;
  }

  @Override
  public void run(int begin, int end) {
    CombinationVector.affine(begin, end, out, x, a, b, lanes);
  }
}
