package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ConvolutionKernels;
import org.rgflow.kernels.GemmVector;
import org.rgflow.kernels.ProductVector;
import org.rgflow.kernels.WinogradGradientVector;

/**
 * Gradient of the weights of a convolution: g ← β g + Σ x d over samples and positions; see {@link
 * ConvolutionKernels#weightGradient}.
 *
 * @param x input of the convolution
 * @param d gradient of its output
 * @param gradient gradient of the parameters
 * @param source table of taps, as in {@link Convolve}
 * @param beta 0 to overwrite, 1 to add
 * @param samples number of samples
 * @param positionsIn positions of a sample of x
 * @param positionsOut positions of a sample of the output
 * @param in channels of x
 * @param out channels of the output
 * @param weightOffset where the weights are
 */
public record WeightGradient(
    float[] x, float[] d, float[] gradient, int[] source, float beta, int samples, int positionsIn, int
    positionsOut, int in, int out, int weightOffset)
    implements Launch {
  /** @throws IllegalArgumentException if the lengths do not fit together */
  public WeightGradient {
    if (x.length != samples * positionsIn * in || d.length != samples * positionsOut * out) {
      throw new IllegalArgumentException(
          "weight gradient: " + x.length + " and " + d.length + " elements do not fit " + samples + " samples");
    }
  }

  @Override
  public int items() {
    if (WinogradGradientVector.suits(source, positionsIn, positionsOut, in, out)) {
      return WinogradGradientVector.items(samples, positionsOut, in, out);
    }
    return ProductVector.suits(source, positionsIn, positionsOut)
        ? ProductVector.gradientItems(in, out) : GemmVector.items(source.length / positionsOut * in, out);
  }

  @Override
  public int cost() {
    return (int) Math.min(Integer.MAX_VALUE, 2L * source.length * in * out * samples / items());
  }

  @Override
  public int rangeCost() {
    if (WinogradGradientVector.suits(source, positionsIn, positionsOut, in, out)) {
      return 0;
    }
    int rows = source.length / positionsOut * in;
    return ProductVector.suits(source, positionsIn, positionsOut)
        ? ProductVector.rangeCost(rows, out, samples * positionsOut)
        : GemmVector.rangeCost(rows, out, samples * positionsOut);
  }

  @Override
  public void run(int begin, int end) {
    if (WinogradGradientVector.suits(source, positionsIn, positionsOut, in, out)) {
      WinogradGradientVector.weightGradient(begin, end, x, d, gradient, source, beta, samples, positionsIn, in, out,
          weightOffset);
    } else if (ProductVector.suits(source, positionsIn, positionsOut)) {
      ProductVector.weightGradient(begin, end, x, d, gradient, beta, in, out, weightOffset);
    } else {
      GemmVector.weightGradient(begin, end, x, d, gradient, source, beta, samples, positionsIn, positionsOut, in, out,
          weightOffset);
    }
  }
}
