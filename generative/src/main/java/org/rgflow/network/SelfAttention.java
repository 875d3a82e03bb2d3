package org.rgflow.network;

import org.rgflow.kernels.NormKernels;
import org.rgflow.launch.MatrixProduct;
import org.rgflow.launch.Softmax;
import org.rgflow.launch.SoftmaxGradient;
import org.rgflow.launch.TakeChannels;
import org.rgflow.network.ParameterLayout.Initial;

/**
 * Self-attention of a single head over all positions (Vaswani et al. 2017, 1706.03762) in a residual branch:
 *
 * <pre>  Q, K, V = 1×1 convolutions of norm(x),   S = softmax(Q Kᵀ/√c),   y = x + projection(S V).</pre>
 */
final class SelfAttention {
  private final GroupNormalization norm;
  private final Convolution queryKeyValue;
  private final Convolution projection;
  private final int channels;

  SelfAttention(ParameterLayout layout, String name, int channels) {
    this.channels = channels;
    norm = new GroupNormalization(layout, name + ".norm", channels);
    queryKeyValue = Convolution.of(layout, name + ".qkv", 1, 1, channels, 3 * channels, Initial.XAVIER);
    projection = Convolution.of(layout, name + ".projection", 1, 1, channels, channels, Initial.XAVIER_SMALL);
  }

  /** Multiply-accumulates of the projections (not of the products between positions) for one sample. */
  long multiplyAccumulates(int side) {
    return queryKeyValue.multiplyAccumulates(side) + projection.multiplyAccumulates(side);
  }

  Activation record(Tape tape, Activation x) {
    Activation normalised = norm.record(tape, x, NormKernels.IDENTITY);
    Activation qkv = queryKeyValue.record(tape, normalised); // [n][p][3][c]
    tape.done(normalised);
    int p = x.positions();
    int c = channels;
    float scale = (float) (1 / Math.sqrt(c));
    int samples = tape.samples();
    double pairs = (double) samples * p * p;
    if (pairs > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException("attention between the " + p + " positions of " + samples
          + " pictures exceeds one array; use larger patches, smaller pictures or a smaller batch");
    }
    float[] weights = tape.take(samples * p * p); // S, [n][query][key]
    Activation mixed = tape.activation(x.side(), c);
    // Steps from row to row, column to column, sample to sample; q, k, v start at 0, c, 2c.
    // A copy of the keys: a launch that has an array twice does not run on every device.
    float[] keys = tape.take(samples * p * c);
    tape.forward(new TakeChannels(qkv.values(), keys, 0f, 3 * c, c, c));
    tape.forward(new MatrixProduct(qkv.values(), keys, weights, scale, 0f,
        new int[] {p, p, c, 0, 3 * c, 1, 3 * c * p, 0, 1, c, c * p, 0, p, p * p}, samples));
    tape.give(keys); // the backward pass does not read them
    tape.forward(new Softmax(weights, p));
    tape.forward(new MatrixProduct(weights, qkv.values(), mixed.values(), 1f, 0f,
        new int[] {p, c, p, 0, p, 1, p * p, 2 * c, 3 * c, 1, 3 * c * p, 0, c, c * p}, samples));
    tape.done(qkv);
    tape.backward((launches, beta) -> {
      float[] d = mixed.gradient();
      float[] dqkv = qkv.gradient();
      qkv.gradientBeta();
      float[] dWeights = tape.take(weights.length);
      launches.add(new MatrixProduct(d, qkv.values(), dWeights, 1f, 0f, // dS = d Vᵀ
          new int[] {p, p, c, 0, c, 1, c * p, 2 * c, 1, 3 * c, 3 * c * p, 0, p, p * p}, samples));
      launches.add(new MatrixProduct(weights, d, dqkv, 1f, 0f, // dV = Sᵀ d
          new int[] {p, c, p, 0, 1, p, p * p, 0, c, 1, c * p, 2 * c, 3 * c, 3 * c * p}, samples));
      launches.add(new SoftmaxGradient(weights, dWeights, p));
      launches.add(new MatrixProduct(dWeights, qkv.values(), dqkv, scale, 0f, // dQ = dS K/√c
          new int[] {p, c, p, 0, p, 1, p * p, c, 3 * c, 1, 3 * c * p, 0, 3 * c, 3 * c * p}, samples));
      launches.add(new MatrixProduct(dWeights, qkv.values(), dqkv, scale, 0f, // dK = dSᵀ Q/√c
          new int[] {p, c, p, 0, 1, p, p * p, 0, 3 * c, 1, 3 * c * p, c, 3 * c, 3 * c * p}, samples));
      tape.give(dWeights);
    });
    Activation y = projection.record(tape, mixed);
    tape.done(mixed);
    tape.releaseInInference(weights);
    addResidual(tape, x, y);
    return y;
  }

  /** y += x. */
  static void addResidual(Tape tape, Activation x, Activation y) {
    tape.forward(new TakeChannels(x.values(), y.values(), 1f, y.channels(), 0, y.channels()));
    tape.backward((launches, beta) -> launches.add(new TakeChannels(
        y.gradient(), x.gradient(), x.gradientBeta(), y.channels(), 0, y.channels())));
  }
}
