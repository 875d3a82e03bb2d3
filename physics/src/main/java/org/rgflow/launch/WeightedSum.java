package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.VectorFieldKernels;
import org.rgflow.kernels.VectorFieldVector;

/**
 * Items are replica blocks: out ← Σ_i c_i x_i, of five arrays; see {@link VectorFieldKernels#weightedSum}.
 *
 * @param width elements of a block, a multiple of {@link VectorFieldKernels#LANES}
 */
public record WeightedSum(float[] out, float[] x0, float[] x1, float[] x2, float[] x3, float[] x4, float c0, float c1,
    float c2, float c3, float c4, int width) implements Launch {
  /** @throws IllegalArgumentException if the lengths do not fit together, or an input is the output */
  public WeightedSum {
    Rows.require(out, width, 1, new float[][] {x0, x1, x2, x3, x4}, new float[0][]);
  }

  @Override
  public int items() {
    return out.length / width;
  }

  @Override
  public int groups() {
    return items();
  }

  @Override
  public int cost() {
    return 9 * width;
  }

  @Override
  public void run(int begin, int end) {
    VectorFieldVector.weightedSum(begin * width, end * width, out, x0, x1, x2, x3, x4, c0, c1, c2, c3, c4);
  }
}
