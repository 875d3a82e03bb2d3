package org.rgflow.kernels;

/**
 * Convolutions and matrix products, one output element per item.
 *
 * <p>Activations are channels-last: {@code x[(n * positions + p) * channels + c]} for sample n and position
 * p = row · side + column. Which input position a tap reads is a table, {@code source[tap * positionsOut + p]}, −1
 * where the tap falls on the zero border, so that one body serves every kernel size, stride and the
 * gradients. A linear layer is a convolution of one tap and one position.
 */
public final class ConvolutionKernels {
  /** Weights stored [tap][in][out], the layout of the parameters. */
  public static final int DIRECT = 0;

  /** Weights stored [tap][out][in]: the same weights seen from the gradient, in and out exchanged. */
  public static final int TRANSPOSED = 1;

  private ConvolutionKernels() {}

  /**
   * One element of y[n][p][o] = β y + b[o] + Σ_{t,i} x[n][source(t, p)][i] w[t][i][o].
   *
   * @param parameters weights from {@code weightOffset} on, bias from {@code biasOffset} on unless that is −1
   * @param beta 0 to overwrite y, 1 to add to it
   * @param order {@link #DIRECT} or {@link #TRANSPOSED}
   */
  public static void convolve(int item, float[] x, float[] parameters, float[] y, int[] source, float beta,
      int positionsIn, int positionsOut, int in, int out, int weightOffset, int biasOffset, int order) {
    int o = item % out;
    int row = item / out;
    int n = row / positionsOut;
    int p = row - n * positionsOut;
    int taps = source.length / positionsOut;
    int inStep = order == DIRECT ? out : 1;
    int outStep = order == DIRECT ? 1 : in;
    float sum = 0f;
    for (int t = 0; t < taps; t++) {
      int from = source[t * positionsOut + p];
      if (from >= 0) {
        int at = (n * positionsIn + from) * in;
        int weight = weightOffset + t * in * out + o * outStep;
        for (int i = 0; i < in; i++) {
          sum += x[at + i] * parameters[weight + i * inStep];
        }
      }
    }
    if (biasOffset >= 0) {
      sum += parameters[biasOffset + o];
    }
    if (beta != 0f) {
      sum += beta * y[item];
    }
    y[item] = sum;
  }

  /**
   * One element of the weights' gradient, g[t][i][o] = β g + Σ_{n,p} x[n][source(t, p)][i] d[n][p][o], where d is the
   * gradient of the convolution's output.
   *
   * @param gradient from {@code weightOffset} on
   */
  public static void weightGradient(int item, float[] x, float[] d, float[] gradient, int[] source, float beta,
      int samples, int positionsIn, int positionsOut, int in, int out, int weightOffset) {
    int o = item % out;
    int i = item / out % in;
    int t = item / out / in;
    float sum = 0f;
    for (int n = 0; n < samples; n++) {
      for (int p = 0; p < positionsOut; p++) {
        int from = source[t * positionsOut + p];
        if (from >= 0) {
          sum += x[(n * positionsIn + from) * in + i] * d[(n * positionsOut + p) * out + o];
        }
      }
    }
    if (beta != 0f) {
      sum += beta * gradient[weightOffset + item];
    }
    gradient[weightOffset + item] = sum;
  }

  /**
   * One element of a batch of matrix products C_s = α A_s B_s + β C_s.
   *
   * @param shape {m, n, k, then for A and B each: offset, step from row to row, from column to column, from sample to
   *     sample; for C, whose columns are consecutive: offset, step from row to row, from sample to sample}
   */
  public static void matrixProduct(int item, float[] a, float[] b, float[] c, float alpha, float beta, int[] shape) {
    int m = shape[0];
    int n = shape[1];
    int k = shape[2];
    int column = item % n;
    int row = item / n % m;
    int sample = item / n / m;
    int atA = shape[3] + row * shape[4] + sample * shape[6];
    int atB = shape[7] + column * shape[9] + sample * shape[10];
    int atC = shape[11] + row * shape[12] + column + sample * shape[13];
    float sum = 0f;
    for (int j = 0; j < k; j++) {
      sum += a[atA + j * shape[5]] * b[atB + j * shape[8]];
    }
    sum = alpha * sum;
    if (beta != 0f) {
      sum += beta * c[atC];
    }
    c[atC] = sum;
  }
}
