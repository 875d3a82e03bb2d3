package org.rgflow.network;

import static org.rgflow.network.GradientCheck.assertGradient;
import static org.rgflow.network.GradientCheck.assertValues;
import static org.rgflow.network.GradientCheck.product;
import static org.rgflow.network.GradientCheck.randomise;
import static org.rgflow.network.GradientCheck.widen;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.kernels.NormKernels;
import org.rgflow.network.ParameterLayout.Initial;
import org.rgflow.network.Reference.Field;
import org.rgflow.network.ResidualBlock.Attention;
import org.rgflow.network.UNetConfiguration.Resolution;
import org.rgflow.random.RandomStream;

/**
 * Every layer against its definition in double: the output, and the gradients with respect to the input and all
 * parameters against central differences of that definition. Tolerances are relative to the size of the values (some
 * hundred roundings).
 */
class LayersTest {
  private static final int SAMPLES = 2;
  private static final double TOLERANCE = 3e-5;
  private static final UNetConfiguration CONFIGURATION =
      new UNetConfiguration(1, 1, 3, 32, List.of(1), 1, Set.of(), 0.2, Resolution.CONSTANT);

  private interface Maker<L> {
    L make(ParameterLayout layout);
  }

  private interface Recorder<L> {
    Activation record(L layer, Tape tape, Activation x, Activation t);
  }

  private interface Definition {
    Field apply(Reference reference, Field x, Field t);
  }

  private static <L> void check(int in, int side, Maker<L> maker, Recorder<L> recorder, Definition definition) {
    check(in, side, TOLERANCE, maker, recorder, definition);
  }

  private static <L> void check(
      int in, int side, double tolerance, Maker<L> maker, Recorder<L> recorder, Definition definition) {
    ParameterLayout layout = new ParameterLayout();
    L layer = maker.make(layout);
    Parameters parameters = new Parameters(layout, Purpose.TRAINING);
    randomise(parameters, 5);
    RandomStream stream = new RandomStream(77, 3);
    Tape tape = new Tape(SAMPLES, parameters, stream, Purpose.TRAINING);
    Activation x = tape.activation(side, in);
    Activation t = tape.activation(1, 32);
    float[][] inputGradients = new float[2][];
    tape.backward((launches, beta) -> {
      inputGradients[0] = x.gradient();
      inputGradients[1] = t.gradient();
    });
    Activation y = recorder.record(layer, tape, x, t);
    float[][] outputGradient = new float[1][];
    tape.backward((launches, beta) -> {
      y.gradientBeta();
      outputGradient[0] = y.gradient();
    });
    Program forward = tape.forwardProgram("forward", Purpose.TRAINING);
    Program backward = tape.backwardProgram("backward", GradientMode.OVERWRITE);
    randomise(x.values(), 6, 1);
    randomise(t.values(), 7, 1);
    float[] g = new float[y.values().length];
    randomise(g, 8, 1);
    try (JvmDevice device = new JvmDevice(2); Session session = device.open(forward, backward)) {
      session.run(forward);
      System.arraycopy(g, 0, outputGradient[0], 0, g.length);
      session.run(backward);
    }
    double[] point = widen(parameters.values());
    double[] xs = widen(x.values());
    double[] ts = widen(t.values());
    Evaluation evaluation = (p, values, times) -> definition.apply(
        new Reference(parameters, p, CONFIGURATION, stream.buffer()),
        Field.fromChannelsLast(SAMPLES, in, side, values), Field.fromChannelsLast(SAMPLES, 32, 1, times))
        .channelsLast();
    assertValues(y.values(), evaluation.of(point, xs, ts), tolerance);
    assertGradient("input", v -> product(g, evaluation.of(point, v, ts)), xs, inputGradients[0], 0, xs.length, 60,
        tolerance);
    if (parameters.views().stream().anyMatch(view -> view.name().contains("time"))) {
      assertGradient("time", v -> product(g, evaluation.of(point, xs, v)), ts, inputGradients[1], 0, ts.length, 30,
          tolerance);
    }
    for (ParameterLayout.View view : parameters.views()) {
      assertGradient(view.name(), v -> product(g, evaluation.of(v, xs, ts)), point, parameters.gradient(),
          view.offset(), view.offset() + view.size(), 40, tolerance);
    }
  }

  private interface Evaluation {
    double[] of(double[] parameters, double[] x, double[] t);
  }

  @ParameterizedTest
  @CsvSource({"3, 1, 5, 3, 4", "3, 2, 5, 3, 4", "3, 2, 4, 2, 5", "1, 1, 3, 7, 5", "3, 1, 1, 3, 33", "3, 1, 4, 33, 2"})
  void convolution(int kernel, int stride, int side, int in, int out) {
    check(in, side, layout -> Convolution.of(layout, "c", kernel, stride, in, out, Initial.XAVIER),
        (layer, tape, x, t) -> layer.record(tape, x), (reference, x, t) -> reference.convolution("c", x, stride));
  }

  /** Also around sides so short that two taps read the same site, and where Winograd's transforms would else be used. */
  @ParameterizedTest
  @CsvSource({"3, 5, 3, 4, 3e-5", "3, 2, 2, 3, 3e-5", "1, 3, 4, 1, 3e-5", "3, 4, 96, 96, 2e-4"})
  void periodicConvolution(int kernel, int side, int in, int out, double tolerance) {
    check(in, side, tolerance, layout -> Convolution.periodic(layout, "c", kernel, in, out, Initial.XAVIER),
        (layer, tape, x, t) -> layer.record(tape, x),
        (reference, x, t) -> reference.convolution("c", x, 1, Border.PERIODIC));
  }

  /** Wide enough for Winograd's transforms, which round by 1e-5 where the direct sums round by 1e-6. */
  @ParameterizedTest
  @CsvSource({"4", "6"})
  void wideConvolution(int side) {
    check(96, side, 2e-4, layout -> Convolution.of(layout, "c", 3, 1, 96, 128, Initial.XAVIER),
        (layer, tape, x, t) -> layer.record(tape, x), (reference, x, t) -> reference.convolution("c", x, 1));
  }

  @Test
  void linear() {
    check(17, 1, layout -> Convolution.linear(layout, "l", 17, 9), (layer, tape, x, t) -> layer.record(tape, x),
        (reference, x, t) -> reference.convolution("l", x, 1));
  }

  @Test
  void groupNormalization() {
    check(64, 3, layout -> new GroupNormalization(layout, "n", 64),
        (layer, tape, x, t) -> layer.record(tape, x, NormKernels.IDENTITY),
        (reference, x, t) -> reference.norm("n", x));
    check(64, 3, layout -> new GroupNormalization(layout, "n", 64),
        (layer, tape, x, t) -> layer.record(tape, x, NormKernels.SILU),
        (reference, x, t) -> Reference.silu(reference.norm("n", x)));
  }

  @Test
  void selfAttention() {
    check(32, 3, layout -> new SelfAttention(layout, "a", 32), (layer, tape, x, t) -> layer.record(tape, x),
        (reference, x, t) -> reference.attention("a", x));
  }

  /** With and without a shortcut of its own, dropout included. */
  @ParameterizedTest
  @CsvSource({"64, NONE", "32, SELF"})
  void residualBlock(int in, Attention attention) {
    check(in, 3, layout -> new ResidualBlock(layout, "b", in, 64, 32, attention, CONFIGURATION.dropout()),
        (layer, tape, x, t) -> layer.record(tape, x, t), (reference, x, t) -> reference.block("b", x, t));
  }
}
