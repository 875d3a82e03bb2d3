package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.VectorFieldKernels;
import org.rgflow.kernels.VectorFieldVector;

/**
 * Items are replica blocks: the features h of a field, and with a weight other than 0 that weight times the divergence
 * added to the logarithm of the Jacobian; see {@link VectorFieldKernels#features} and {@link
 * VectorFieldKernels#divergence}.
 *
 * @param logJacobian one number per replica
 * @param diagonal c of all times
 * @param scratch of the JVM, {@link VectorFieldVector#scratch} floats per block
 * @param identity 0, 1, 2, … as far as there are features
 * @param n number of sines
 */
public record FeatureMap(float[] phi, float[] h, double[] logJacobian, float[] frequencies, float[] mixing,
    float[] diagonal, int time, float weight, float[] scratch, int[] identity, int sites, int features, int n)
    implements Launch {
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
    return sites * VectorFieldKernels.LANES * n * (24 + 2 * features);
  }

  @Override
  public void run(int begin, int end) {
    VectorFieldVector.features(begin, end, phi, h, logJacobian, frequencies, mixing, diagonal, time, weight, scratch,
        identity, sites, features, n);
  }
}
