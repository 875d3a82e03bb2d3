package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ScoreKernels;

/** out ← x·y; see {@link ScoreKernels#product}. */
public record Product(float[] out, float[] x, float[] y) implements Launch {
  /** @throws IllegalArgumentException if the lengths differ, or an input is the output */
  public Product {
    Rows.require(out, 1, 1, new float[][] {x, y}, new float[0][]);
  }

  @Override
  public int items() {
    return out.length;
  }

  @Override
  public int cost() {
    return 1;
  }

  @Override
  public void run(int begin, int end) {
    for (int element = begin; element < end; element++) {
      ScoreKernels.product(element, out, x, y);
    }
  }
}
