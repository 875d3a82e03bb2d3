package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.VectorFieldKernels;
import org.rgflow.kernels.VectorFieldVector;

/**
 * Items are replica blocks: the adjoint of {@link FeatureMap} with respect to the field, and the sums from which the
 * gradients of its parameters are made; see {@link VectorFieldKernels#fieldGradient} and {@link
 * VectorFieldKernels#parameterGradients}. Of those sums, what they are over the lanes counts.
 *
 * @param g gradient with respect to the features
 * @param result gradient with respect to the field
 * @param mixingTransposed A, [j][feature]
 * @param delta derivative of the loss with respect to the divergence of a replica
 * @param mixingSums [block][feature][n + 1][lanes]
 * @param frequencySums [block][n][lanes]
 * @param diagonalSums [block][time][n + 1][lanes]
 */
public record FeatureMapGradient(float[] phi, float[] g, float[] result, float[] frequencies, float[] mixingTransposed,
    float[] diagonal, int time, int times, float delta, float[] mixingSums, float[] frequencySums, float[] diagonalSums,
    float[] scratch, int[] identity, int sites, int features, int n) implements Launch {
  @Override
  public int items() {
    return phi.length / (sites * VectorFieldKernels.LANES);
  }

  @Override
  public int groups() {
    return items();
  }

  @Override
  public int cost() {
    return sites * VectorFieldKernels.LANES * n * (36 + 4 * features);
  }

  @Override
  public void run(int begin, int end) {
    VectorFieldVector.gradients(begin, end, phi, g, result, frequencies, mixingTransposed, diagonal, time, times, delta,
        mixingSums, frequencySums, diagonalSums, scratch, identity, sites, features, n);
  }
}
