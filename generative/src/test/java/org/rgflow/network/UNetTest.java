package org.rgflow.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rgflow.network.GradientCheck.assertGradient;
import static org.rgflow.network.GradientCheck.assertValues;
import static org.rgflow.network.GradientCheck.product;
import static org.rgflow.network.GradientCheck.randomise;
import static org.rgflow.network.GradientCheck.widen;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.kernels.PhiloxKernels;
import org.rgflow.network.Reference.Field;
import org.rgflow.network.UNetConfiguration.Resolution;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;

class UNetTest {
  private static UNetConfiguration tiny(Resolution resolution, int side) {
    return new UNetConfiguration(3, 2, side, 32, List.of(1, 2), 1, Set.of(1), 0.1, resolution);
  }

  /** A forward and a backward pass of the whole network, dropout and labels included, against the one in double. */
  @ParameterizedTest
  @CsvSource({"CONSTANT, 3", "HALVING, 4"})
  void gradients(Resolution resolution, int side) {
    UNetConfiguration configuration = tiny(resolution, side);
    UNet net = new UNet(configuration, 2, 3, 11, Purpose.TRAINING);
    Parameters parameters = net.parameters();
    assertThat((long) parameters.size()).isEqualTo(configuration.parameters(3));
    randomise(parameters, 12);
    randomise(net.input(), 13, 1);
    net.steps()[0] = 3;
    net.steps()[1] = 740;
    net.labels()[0] = 1;
    net.labels()[1] = 3;
    net.dropoutStream().seek(9);
    randomise(net.outputGradient(), 14, 1);
    Program forward = net.forward(Purpose.TRAINING);
    Program backward = net.backward(GradientMode.OVERWRITE);
    Program again = net.backward(GradientMode.ACCUMULATE);
    double[] point = widen(parameters.values());
    double[] input = widen(net.input());
    Field field = new Field(2, 3, side, input);
    ToDoubleFunction<double[]> loss = p -> product(net.outputGradient(),
        new Reference(parameters, p, configuration, net.dropoutStream().buffer())
            .network(field, net.steps(), net.labels()).values());
    try (JvmDevice device = new JvmDevice(2); Session session = device.open(forward, backward, again)) {
      session.run(forward);
      session.run(backward);
      assertValues(net.output(), new Reference(parameters, point, configuration, net.dropoutStream().buffer())
          .network(field, net.steps(), net.labels()).values(), 1e-4);
      for (ParameterLayout.View view : parameters.views()) {
        assertGradient(view.name(), loss, point, parameters.gradient(), view.offset(), view.offset() + view.size(), 2,
            2e-4);
      }
      float[] once = parameters.gradient().clone();
      session.run(again);
      for (int i = 0; i < once.length; i++) {
        once[i] *= 2;
      }
      assertValues(parameters.gradient(), widen(once), 1e-5);
    }
  }

  /** The same bits on any number of threads, in training and in inference, and whatever memory is shared. */
  @ParameterizedTest
  @CsvSource({"CONSTANT, 5", "HALVING, 8"})
  void threadsAndSharedMemoryChangeNothing(Resolution resolution, int side) {
    UNetConfiguration configuration = tiny(resolution, side);
    float[][] outputs = new float[4][];
    float[][] gradients = new float[4][];
    for (int threads = 1; threads <= 3; threads++) {
      UNet net = new UNet(configuration, 5, 0, 11, Purpose.TRAINING);
      run(net, threads, net.forward(Purpose.INFERENCE), net.backward(GradientMode.OVERWRITE));
      outputs[threads] = net.output();
      gradients[threads] = net.parameters().gradient();
    }
    UNet small = new UNet(configuration, 5, 0, 11, Purpose.INFERENCE);
    run(small, 2, small.forward(Purpose.INFERENCE));
    assertThat(outputs[2]).isEqualTo(outputs[1]);
    assertThat(outputs[3]).isEqualTo(outputs[1]);
    assertThat(gradients[2]).isEqualTo(gradients[1]);
    assertThat(gradients[3]).isEqualTo(gradients[1]);
    assertThat(small.output()).isEqualTo(outputs[1]);
    assertThat(small.bytes()).isLessThan(new UNet(configuration, 5, 0, 11, Purpose.TRAINING).bytes() / 2);
    assertThatThrownBy(() -> small.backward(GradientMode.OVERWRITE)).hasMessageContaining("made for inference");
  }

  private static void run(UNet net, int threads, Program... programs) {
    randomise(net.parameters(), 12);
    randomise(net.input(), 13, 1);
    randomise(net.outputGradient(), 14, 1);
    Arrays.fill(net.steps(), 17);
    try (JvmDevice device = new JvmDevice(threads); Session session = device.open(programs)) {
      for (Program program : programs) {
        session.run(program);
      }
    }
  }

  @Test
  void startsWithXavier() {
    UNet net = new UNet(tiny(Resolution.CONSTANT, 2), 1, 0, 3, Purpose.INFERENCE);
    ParameterLayout.View weight = net.parameters().view("down.1.0.conv1.weight");
    assertThat(weight.shape()).containsExactly(3, 3, 32, 64);
    double bound = Math.sqrt(6.0 / (9 * 32 + 9 * 64));
    int[] stream = new RandomStream(3).buffer();
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < weight.size(); i++) {
      double value = net.parameters().values()[weight.offset() + i];
      assertThat(Math.abs(value)).isLessThanOrEqualTo(bound);
      int at = weight.offset() + i;
      int word = PhiloxKernels.word(at & 3, at >> 2, Streams.PARAMETERS, stream);
      assertThat((float) value).isEqualTo((float) (bound * (2 * PhiloxKernels.uniform(word) - 1)));
      sum += value;
      squares += value * value;
    }
    // 18432 uniform numbers: five deviations, false alarm below 1e-6.
    assertThat(Math.abs(sum / weight.size())).isLessThan(5 * bound / Math.sqrt(3.0 * weight.size()));
    assertThat(squares / weight.size() / (bound * bound / 3)).isBetween(1 - 5 * 0.0066, 1 + 5 * 0.0066);
    ParameterLayout.View last = net.parameters().view("tail.conv.weight");
    for (int i = 0; i < last.size(); i++) {
      assertThat(Math.abs(net.parameters().values()[last.offset() + i])).isLessThan(1e-5f);
    }
  }

  /** Plain gradient descent on the mean squared error of eight random images: it must learn them by heart. */
  @Test
  void overfitsAHandfulOfImages() {
    UNetConfiguration configuration =
        new UNetConfiguration(2, 2, 4, 32, List.of(1, 2), 1, Set.of(1), 0, Resolution.CONSTANT);
    UNet net = new UNet(configuration, 8, 0, 21, Purpose.TRAINING);
    Program forward = net.forward(Purpose.TRAINING);
    Program backward = net.backward(GradientMode.OVERWRITE);
    float[] target = new float[net.output().length];
    randomise(target, 22, 1);
    randomise(net.input(), 23, 1);
    for (int i = 0; i < net.batch(); i++) {
      net.steps()[i] = 100 * i;
    }
    float[] values = net.parameters().values();
    float[] gradient = net.parameters().gradient();
    double first = 0;
    double loss = 0;
    try (JvmDevice device = new JvmDevice(2); Session session = device.open(forward, backward)) {
      for (int step = 0; step < 400; step++) {
        session.run(forward);
        loss = 0;
        for (int i = 0; i < target.length; i++) {
          double difference = net.output()[i] - target[i];
          loss += difference * difference / target.length;
          net.outputGradient()[i] = (float) (2 * difference / target.length);
        }
        if (step == 0) {
          first = loss;
        }
        session.run(backward);
        for (int i = 0; i < values.length; i++) {
          values[i] -= 0.03f * gradient[i];
        }
      }
    }
    assertThat(first).isBetween(0.7, 1.3); // the network starts at zero output
    assertThat(loss).isLessThan(1e-4 * first);
  }
}
