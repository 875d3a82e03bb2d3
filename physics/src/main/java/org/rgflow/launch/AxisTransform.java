package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ModeKernels;
import org.rgflow.kernels.ModeVector;

/**
 * A matrix applied along the middle axis of an array [outer][n][inner]; see {@link ModeKernels#axisTransform}.
 *
 * @param in input, not {@code out}
 * @param out output, of the same length
 * @param matrix n×n, row-major
 * @param n extent of the axis
 * @param inner number of consecutive elements per index of the axis
 * @param groups independent groups of consecutive outer indices
 */
public record AxisTransform(float[] in, float[] out, float[] matrix, int n, int inner, int groups) implements Launch {
  /** @throws IllegalArgumentException if the lengths do not fit together or the arrays are the same */
  public AxisTransform {
    if (in == out || in.length != out.length || matrix.length != n * n || in.length % (n * inner * groups) != 0) {
      throw new IllegalArgumentException("axis transform: " + in.length + " -> " + out.length + " elements, matrix of "
          + matrix.length + ", n = " + n + ", inner = " + inner + ", groups = " + groups
          + " do not fit together (or input and output are the same array)");
    }
  }

  @Override
  public int items() {
    return out.length;
  }

  @Override
  public int groups() {
    return groups;
  }

  @Override
  public int cost() {
    return 2 * n;
  }

  @Override
  public void run(int begin, int end) {
    ModeVector.axisTransform(begin, end, in, out, matrix, n, inner);
  }
}
