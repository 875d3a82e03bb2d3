package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.CombinationKernels;
import org.rgflow.kernels.CombinationVector;

/**
 * Items are rows: out ← a·x + b·y + c; see {@link CombinationKernels#blend}.
 *
 * @param lanes elements of a row
 * @param groups number of independent groups of rows, the images of a batch
 */
public record ModeBlend(
    float[] out, float[] x, float[] y, float[] a, float[] b, float[] c, int lanes, int groups)
    implements Launch {
  /** @throws IllegalArgumentException if the lengths do not fit together */
  public ModeBlend {
    Rows.require(out, lanes, groups, new float[][] {x, y}, new float[][] {a, b, c});
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
    return 6 * lanes;
  }

  @Override
  public void run(int begin, int end) {
    CombinationVector.blend(begin, end, out, x, y, a, b, c, lanes);
  }
}
