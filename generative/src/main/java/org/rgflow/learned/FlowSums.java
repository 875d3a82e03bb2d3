package org.rgflow.learned;

import java.util.List;
import org.rgflow.device.Launch;
import org.rgflow.kernels.VectorFieldKernels;
import org.rgflow.launch.ClearGradient;
import org.rgflow.launch.ClearSums;

/** What the adjoint kernels add up, apart for each replica block. */
final class FlowSums {
  private final int blocks;

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
  List<Launch> clear() {
    return List.of(new ClearGradient(mixing, blocks), new ClearGradient(frequencies, blocks),
        new ClearGradient(diagonal, blocks), new ClearSums(kernel, blocks));
  }
}
