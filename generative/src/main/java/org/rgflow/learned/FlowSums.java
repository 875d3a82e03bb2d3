package org.rgflow.learned;

import java.util.Arrays;
import org.rgflow.device.JvmLaunch;
import org.rgflow.device.Launch;
import org.rgflow.kernels.VectorFieldKernels;

/** What the adjoint kernels add up, apart for each replica block. */
final class FlowSums {
  final int blocks;

  /** For A, [block][feature][n + 1][lanes]. */
  final float[] mixing;

  /** For ω, [block][n][lanes]. */
  final float[] frequencies;

  /** For c, [block][time][n + 1][lanes]. */
  final float[] diagonal;

  /** For ŵ, [block][time][orbit][feature]. */
  final double[] kernel;

  FlowSums(FlowShape shape, int orbits, int blocks) {
    this.blocks = blocks;
    int lanes = VectorFieldKernels.LANES;
    int rows = shape.frequencies() + 1;
    mixing = new float[blocks * shape.features() * rows * lanes];
    frequencies = new float[blocks * shape.frequencies() * lanes];
    diagonal = new float[blocks * shape.times() * rows * lanes];
    kernel = new double[blocks * shape.times() * orbits * shape.features()];
  }

  /** Sets all to 0. */
  Launch clear() {
    int each = (mixing.length + frequencies.length + diagonal.length + kernel.length) / blocks;
    return JvmLaunch.each(blocks, each, block -> {
      clear(mixing, block);
      clear(frequencies, block);
      clear(diagonal, block);
      int size = kernel.length / blocks;
      Arrays.fill(kernel, block * size, (block + 1) * size, 0);
    });
  }

  private void clear(float[] array, int block) {
    int size = array.length / blocks;
    Arrays.fill(array, block * size, (block + 1) * size, 0f);
  }
}
