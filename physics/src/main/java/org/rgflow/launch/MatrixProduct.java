package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ConvolutionKernels;
import org.rgflow.kernels.GemmVector;

/**
 * C ← α A B + β C for every sample; items are samples; see {@link ConvolutionKernels#matrixProduct}.
 *
 * @param a left factors
 * @param b right factors
 * @param c products
 * @param alpha factor of the product
 * @param beta factor of the old C
 * @param shape extents, offsets and steps, see {@link ConvolutionKernels#matrixProduct}
 * @param samples number of samples
 */
public record MatrixProduct(
    float[] a, float[] b, float[] c, float alpha, float beta, int[] shape, int samples)
    implements Launch {
  @Override
  public int items() {
    return samples;
  }

  @Override
  public int cost() {
    return (int) Math.min(Integer.MAX_VALUE, 2L * shape[0] * shape[1] * shape[2]);
  }

  @Override
  public void run(int begin, int end) {
    GemmVector.matrixProduct(begin, end, a, b, c, alpha, beta, shape);
  }
}
