package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.FlowTableKernels;

/**
 * Items are times: the tables of a continuous flow there, from its parameters; see {@link FlowTableKernels}.
 *
 * @param timeFunctions τ, [time][T]
 * @param gain factor of each orbit of distances
 * @param eigenvalues M, [orbit of modes][orbit of distances]
 * @param mixing A, [feature][n + 1]
 * @param timeKernel K, [time][D]
 * @param position w, [time][orbit][feature]
 * @param kernel ŵ, [time][orbit][feature]
 * @param diagonal c, [time][n + 1]
 * @param n number of sines
 * @param channels D
 * @param timeFeatures T
 */
public record FlowTimeTables(float[] parameters, double[] timeFunctions, double[] gain, double[] eigenvalues,
    float[] mixing, float[] timeKernel, float[] position, float[] kernel, float[] diagonal, int features, int n,
    int channels, int timeFeatures, int orbits) implements Launch {
  @Override
  public int items() {
    return diagonal.length / (n + 1);
  }

  @Override
  public int cost() {
    return orbits * features * (2 * channels + 2 * orbits);
  }

  @Override
  public void run(int begin, int end) {
    for (int item = begin * channels; item < end * channels; item++) {
      FlowTableKernels.timeKernel(
          item, parameters, timeFunctions, timeKernel, features, n, channels, timeFeatures);
    }
    for (int item = begin * orbits; item < end * orbits; item++) {
      FlowTableKernels.position(
          item, parameters, gain, timeKernel, position, features, n, channels, timeFeatures, orbits);
    }
    for (int item = begin * orbits; item < end * orbits; item++) {
      FlowTableKernels.modeKernel(item, eigenvalues, position, kernel, features, orbits);
    }
    for (int item = begin * (n + 1); item < end * (n + 1); item++) {
      FlowTableKernels.diagonal(item, position, mixing, diagonal, features, n, orbits);
    }
  }
}
