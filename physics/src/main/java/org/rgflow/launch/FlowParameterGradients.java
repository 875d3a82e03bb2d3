package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.FlowTableKernels;
import org.rgflow.kernels.VectorFieldKernels;

/**
 * Items are the parameters of a continuous flow but the Gaussian's, in order: their gradient, from the kernels' sums
 * and {@link FlowTimeGradients}; see {@link FlowTableKernels}.
 *
 * @param gradient of all parameters
 * @param frequencySums for ω, [block][n][lanes]
 * @param mixingSums for A, [block][feature][n + 1][lanes]
 * @param timeFunctions τ, [time][T]
 * @param timeKernel K, [time][D]
 * @param position w, [time][orbit][feature]
 * @param diagonalGradient of c
 * @param positionGradient of w, but for the gain
 * @param timeGradient of K
 * @param n number of sines
 * @param channels D
 * @param timeFeatures T
 */
public record FlowParameterGradients(float[] gradient, float[] frequencySums, float[] mixingSums,
    double[] timeFunctions, float[] timeKernel, float[] position, double[] diagonalGradient,
    double[] positionGradient, double[] timeGradient, int features, int n, int channels, int timeFeatures,
    int orbits) implements Launch {
  @Override
  public int items() {
    return n + features * (n + 1) + channels * timeFeatures + orbits * channels * features;
  }

  /** Replica blocks that were added up apart. */
  public int blocks() {
    return frequencySums.length / (n * VectorFieldKernels.LANES);
  }

  /** Number of times. */
  public int times() {
    return diagonalGradient.length / (n + 1);
  }

  @Override
  public int cost() {
    return 2 * times() + features * (n + 1) * blocks() * VectorFieldKernels.LANES / items();
  }

  @Override
  public void run(int begin, int end) {
    int mixing = n;
    int time = mixing + features * (n + 1);
    int kernel = time + channels * timeFeatures;
    for (int item = begin; item < Math.min(end, mixing); item++) {
      FlowTableKernels.frequencyParameter(item, gradient, frequencySums, n, blocks());
    }
    for (int item = Math.max(begin, mixing); item < Math.min(end, time); item++) {
      FlowTableKernels.mixingParameter(item - mixing, gradient, mixingSums, position, diagonalGradient, features, n,
          orbits, times(), blocks());
    }
    for (int item = Math.max(begin, time); item < Math.min(end, kernel); item++) {
      FlowTableKernels.timeParameter(
          item - time, gradient, timeFunctions, timeGradient, features, n, channels, timeFeatures, times());
    }
    for (int item = Math.max(begin, kernel); item < end; item++) {
      FlowTableKernels.kernelParameter(item - kernel, gradient, timeKernel, positionGradient, features, n, channels,
          timeFeatures, orbits, times());
    }
  }
}
