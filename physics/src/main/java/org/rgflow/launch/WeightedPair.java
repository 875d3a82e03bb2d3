package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.VectorFieldKernels;
import org.rgflow.kernels.VectorFieldVector;

/**
 * Items are replica blocks: out ← a x + b y; see {@link VectorFieldKernels#weightedPair}.
 *
 * @param width elements of a block, a multiple of {@link VectorFieldKernels#LANES}
 */
public record WeightedPair(float[] out, float[] x, float[] y, float a, float b, int width) implements Launch {
  /** @throws IllegalArgumentException if the lengths do not fit together, or an input is the output */
  public WeightedPair {
    Rows.require(out, width, 1, new float[][] {x, y}, new float[0][]);
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
    return 3 * width;
  }

  @Override
  public void run(int begin, int end) {
    VectorFieldVector.weightedPair(begin * width, end * width, out, x, y, a, b);
  }
}
