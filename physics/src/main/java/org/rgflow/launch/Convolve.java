package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ConvolutionKernels;
import org.rgflow.kernels.GemmVector;
import org.rgflow.kernels.ProductVector;
import org.rgflow.kernels.TorusVector;
import org.rgflow.kernels.WinogradVector;

/**
 * y ← β y + bias + convolution of x, channels-last, through a table of taps; a linear layer is one tap and one
 * position; see {@link ConvolutionKernels#convolve}.
 *
 * @param x [sample][position][in]
 * @param parameters weights and bias
 * @param y [sample][position][out]
 * @param source input position of each tap at each output position, −1 outside
 * @param beta 0 to overwrite, 1 to add
 * @param positionsIn positions of a sample of x
 * @param positionsOut positions of a sample of the output
 * @param in channels of x
 * @param out channels of the output
 * @param weightOffset where the weights are
 * @param biasOffset where the bias is, −1 for none
 * @param order ConvolutionKernels.DIRECT or TRANSPOSED
 */
public record Convolve(
    float[] x, float[] parameters, float[] y, int[] source, float beta, int positionsIn, int positionsOut, int in,
    int out, int weightOffset, int biasOffset, int order)
    implements Launch {
  /** @throws IllegalArgumentException if the lengths do not fit together */
  public Convolve {
    if (y.length % (positionsOut * out) != 0 || x.length / (positionsIn * in) != y.length / (positionsOut * out)
        || source.length % positionsOut != 0 || x == y) {
      throw new IllegalArgumentException(
          "convolution: " + x.length + " elements of " + positionsIn + "x" + in + " do not give " + y.length + " of "
          + positionsOut + "x" + out);
    }
  }

  @Override
  public int items() {
    if (WinogradVector.suits(source, positionsIn, positionsOut, in, out)) {
      return WinogradVector.items(y.length / out / positionsOut, positionsOut, out);
    }
    if (TorusVector.suits(source, positionsIn, positionsOut, in, out, order)) {
      return y.length / out / positionsOut;
    }
    return ProductVector.suits(source, positionsIn, positionsOut)
        ? ProductVector.items(y.length / out, out) : GemmVector.items(y.length / out, out);
  }

  @Override
  public int cost() {
    return (int) Math.min(Integer.MAX_VALUE,
        2L * (y.length / out) * out * (source.length / positionsOut) * in / items());
  }

  @Override
  public int rangeCost() {
    int terms = source.length / positionsOut * in;
    if (WinogradVector.suits(source, positionsIn, positionsOut, in, out)) {
      return 0;
    }
    return ProductVector.suits(source, positionsIn, positionsOut)
        ? ProductVector.rangeCost(y.length / out, out, terms) : GemmVector.rangeCost(y.length / out, out, terms);
  }

  @Override
  public void run(int begin, int end) {
    if (WinogradVector.suits(source, positionsIn, positionsOut, in, out)) {
      WinogradVector.convolve(begin, end, x, parameters, y, source, beta, positionsIn, in, out, weightOffset,
          biasOffset, order);
    } else if (TorusVector.suits(source, positionsIn, positionsOut, in, out, order)) {
      TorusVector.convolve(begin, end, x, parameters, y, beta, (int) Math.sqrt(positionsOut), in, out, weightOffset,
          biasOffset);
    } else if (ProductVector.suits(source, positionsIn, positionsOut)) {
      ProductVector.multiply(begin, end, x, parameters, y, beta, in, out, weightOffset, biasOffset, order);
    } else {
      GemmVector.convolve(begin, end, x, parameters, y, source, beta, positionsIn, positionsOut, in, out, weightOffset,
          biasOffset, order);
    }
  }
}
