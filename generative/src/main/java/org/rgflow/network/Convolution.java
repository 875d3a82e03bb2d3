package org.rgflow.network;

import java.util.List;
import org.rgflow.device.Launch;
import org.rgflow.kernels.ConvolutionKernels;
import org.rgflow.launch.BiasGradient;
import org.rgflow.launch.Convolve;
import org.rgflow.launch.WeightGradient;
import org.rgflow.network.ParameterLayout.Initial;

/**
 * A convolution with a kernel of 1×1 or 3×3 and bias, which keeps the side by zero padding or goes around the torus;
 * with stride 2 it halves the side (rounding up). A linear layer is the 1×1 convolution of a single position.
 */
final class Convolution {
  private final ParameterLayout.View weights;
  private final ParameterLayout.View bias;
  private final int kernel;
  private final int stride;
  private final int in;
  private final int out;
  private final Border border;

  private Convolution(ParameterLayout.View weights, ParameterLayout.View bias, int kernel, int stride, int in, int out,
      Border border) {
    this.weights = weights;
    this.bias = bias;
    this.kernel = kernel;
    this.stride = stride;
    this.in = in;
    this.out = out;
    this.border = border;
  }

  static Convolution of(
      ParameterLayout layout, String name, int kernel, int stride, int in, int out, Initial initial) {
    return new Convolution(layout.add(name + ".weight", initial, kernel, kernel, in, out),
        layout.add(name + ".bias", Initial.ZERO, out), kernel, stride, in, out, Border.ZERO);
  }

  /** A convolution on a torus, which commutes with translations. */
  static Convolution periodic(ParameterLayout layout, String name, int kernel, int in, int out, Initial initial) {
    return new Convolution(layout.add(name + ".weight", initial, kernel, kernel, in, out),
        layout.add(name + ".bias", Initial.ZERO, out), kernel, 1, in, out, Border.PERIODIC);
  }

  static Convolution linear(ParameterLayout layout, String name, int in, int out) {
    return new Convolution(layout.add(name + ".weight", Initial.XAVIER, in, out),
        layout.add(name + ".bias", Initial.ZERO, out), 1, 1, in, out, Border.ZERO);
  }

  int outputChannels() {
    return out;
  }

  /** Multiply-accumulates for one sample of that side. */
  long multiplyAccumulates(int side) {
    long sideOut = (side + stride - 1) / stride;
    return sideOut * sideOut * kernel * kernel * in * out;
  }

  Activation record(Tape tape, Activation x) {
    Activation y = tape.activation((x.side() + stride - 1) / stride, out);
    record(tape, x, y, 0f);
    return y;
  }

  /** y += convolution of x. */
  void recordAdding(Tape tape, Activation x, Activation y) {
    record(tape, x, y, 1f);
  }

  /** Only the gradient of the parameters: x needs none. */
  Activation recordFirst(Tape tape, Activation x) {
    Activation y = tape.activation((x.side() + stride - 1) / stride, out);
    forward(tape, x, y, 0f);
    tape.backward((launches, beta) -> parameterGradient(tape, x, y, launches, beta));
    return y;
  }

  private void record(Tape tape, Activation x, Activation y, float beta) {
    forward(tape, x, y, beta);
    tape.backward((launches, parameterBeta) -> {
      parameterGradient(tape, x, y, launches, parameterBeta);
      launches.add(new Convolve(y.gradient(), tape.parameters(), x.gradient(),
          tape.target(x.side(), kernel, stride, border), x.gradientBeta(), y.positions(), x.positions(), out, in,
          weights.offset(), -1, ConvolutionKernels.TRANSPOSED));
    });
  }

  private void forward(Tape tape, Activation x, Activation y, float beta) {
    tape.forward(new Convolve(x.values(), tape.parameters(), y.values(),
        tape.source(x.side(), kernel, stride, border), beta, x.positions(), y.positions(), in, out,
        weights.offset(), bias.offset(), ConvolutionKernels.DIRECT));
  }

  private void parameterGradient(
      Tape tape, Activation x, Activation y, List<Launch> launches, float beta) {
    launches.add(new WeightGradient(x.values(), y.gradient(), tape.gradient(),
        tape.source(x.side(), kernel, stride, border), beta, tape.samples(), x.positions(), y.positions(), in, out,
        weights.offset()));
    launches.add(new BiasGradient(y.gradient(), tape.gradient(), beta, y.rows(), out, bias.offset()));
  }

  /**
   * The derivative in a direction: ẏ ← β ẏ + the convolution of ẋ without its bias, at stride 1.
   *
   * @param x ẋ, [sample][position][in], any number of samples
   * @param y ẏ, [sample][position][out]
   */
  Launch tangent(Tape tape, float[] x, float[] y, int side, float beta) {
    return new Convolve(x, tape.parameters(), y, tape.source(side, kernel, stride, border), beta, side * side,
        side * side, in, out, weights.offset(), -1, ConvolutionKernels.DIRECT);
  }
}
