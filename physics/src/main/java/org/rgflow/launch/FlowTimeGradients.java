package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.FlowTableKernels;
import org.rgflow.kernels.VectorFieldKernels;

/**
 * Items are times: the gradients of a continuous flow's tables there, from what the kernels of all replica blocks added
 * up; see {@link FlowTableKernels}.
 *
 * @param diagonalSums for c, [block][time][n + 1][lanes]
 * @param kernelSums for ŵ, [block][time][orbit][feature]
 * @param mixing A, [feature][n + 1]
 * @param diagonalGradient of c, [time][n + 1]
 * @param modeGradient of ŵ, [time][orbit][feature]
 * @param positionGradient of w, but for the gain, [time][orbit][feature]
 * @param timeGradient of K, [time][D]
 * @param n number of sines
 * @param channels D
 * @param timeFeatures T
 */
public record FlowTimeGradients(float[] parameters, float[] diagonalSums, double[] kernelSums, float[] mixing,
    double[] eigenvalues, double[] gain, double[] diagonalGradient, double[] modeGradient, double[] positionGradient,
    double[] timeGradient, int features, int n, int channels, int timeFeatures, int orbits) implements Launch {
  @Override
  public int items() {
    return diagonalGradient.length / (n + 1);
  }

  /** Replica blocks that were added up apart. */
  public int blocks() {
    return diagonalSums.length / (diagonalGradient.length * VectorFieldKernels.LANES);
  }

  @Override
  public int cost() {
    return orbits * features * (2 * channels + 2 * orbits + blocks());
  }

  @Override
  public void run(int begin, int end) {
    int each = orbits * features;
    int blocks = blocks();
    for (int item = begin * (n + 1); item < end * (n + 1); item++) {
      FlowTableKernels.diagonalGradient(item, diagonalSums, diagonalGradient, diagonalGradient.length, blocks);
    }
    for (int item = begin * each; item < end * each; item++) {
      FlowTableKernels.modeGradient(item, kernelSums, modeGradient, modeGradient.length, blocks);
    }
    for (int item = begin * orbits; item < end * orbits; item++) {
      FlowTableKernels.positionGradient(
          item, eigenvalues, gain, mixing, modeGradient, diagonalGradient, positionGradient, features, n, orbits);
    }
    for (int item = begin * channels; item < end * channels; item++) {
      FlowTableKernels.timeKernelGradient(
          item, parameters, positionGradient, timeGradient, features, n, channels, timeFeatures, orbits);
    }
  }
}
