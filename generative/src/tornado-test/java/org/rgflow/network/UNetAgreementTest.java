package org.rgflow.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rgflow.network.GradientCheck.assertValues;
import static org.rgflow.network.GradientCheck.randomise;
import static org.rgflow.network.GradientCheck.widen;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.device.Device;
import org.rgflow.device.Devices;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.network.UNetConfiguration.Resolution;
import org.rgflow.training.Adam;
import org.rgflow.training.AdamOptions;

/** Steps of training of a small network with every kind of layer, on the JVM and on TornadoVM's default device. */
class UNetAgreementTest {
  /**
   * Some hundred layers of sums in float, forward and backward; relative to the mean square of each parameter. On the
   * JVM alone, parameters changed by one unit in the last place change the gradients of a step by 2e-5.
   */
  private static final double TOLERANCE = 5e-5;

  /** Adam with an ε that is not small, or a gradient near zero would make a step of either sign. */
  private static final AdamOptions ADAM = new AdamOptions(0.9, 0.999, 0.1, 0.01, 5, 0.99);

  /** A training and what it left after each of its steps. */
  private static final class Training {
    final UNet net;
    final Adam adam;
    final Program forward;
    final Program backward;
    final Program update = new Program("update");

    Training(Resolution resolution, int side, GradientMode mode) {
      UNetConfiguration configuration =
          new UNetConfiguration(3, 2, side, 32, List.of(1, 2), 1, Set.of(1), 0.1, resolution);
      net = new UNet(configuration, 3, 4, 11, Purpose.TRAINING);
      randomise(net.parameters(), 12);
      randomise(net.input(), 13, 1);
      randomise(net.outputGradient(), 14, 0.1);
      Arrays.setAll(net.labels(), i -> i);
      for (int i = 0; i < net.batch(); i++) {
        net.steps()[i] = 3 + 370 * i;
      }
      forward = net.forward(Purpose.TRAINING);
      backward = net.backward(mode);
      adam = new Adam(net.parameters().values(), net.parameters().gradient(), ADAM);
      adam.record(update);
      update.output(net.parameters().values(), adam.average());
    }

    Session open(Device device) {
      return device.open(forward, backward, update);
    }

    /** What a step begins with. */
    private List<float[]> state() {
      return List.of(net.parameters().values(), net.parameters().gradient(), adam.firstMoment(), adam.secondMoment(),
          adam.average());
    }

    /**
     * Goes on from where another training is: Adam's first step divides gradients by themselves, which triples
     * differences by the next.
     */
    void join(Training other, Session session) {
      for (int i = 0; i < state().size(); i++) {
        float[] values = state().get(i);
        System.arraycopy(other.state().get(i), 0, values, 0, values.length);
        session.upload(values);
      }
    }

    void step(Session session, int done) {
      net.dropoutStream().seek(done);
      session.run(forward);
      session.run(backward);
      adam.prepare(done, 0.01);
      session.run(update);
    }
  }

  @ParameterizedTest
  @CsvSource({"CONSTANT, 5, OVERWRITE", "HALVING, 6, ACCUMULATE"})
  void trainingAgrees(Resolution resolution, int side, GradientMode mode) {
    Training expected = new Training(resolution, side, mode);
    Training actual = new Training(resolution, side, mode);
    try (Device jvm = new JvmDevice(1); Device tornado = Devices.open("tornado");
        Session host = expected.open(jvm); Session device = actual.open(tornado)) {
      float[] start = expected.net.parameters().values().clone();
      for (int done = 0; done < 2; done++) {
        expected.step(host, done);
        actual.step(device, done);
        assertValues(actual.net.output(), widen(expected.net.output()), TOLERANCE);
        for (ParameterLayout.View view : expected.net.parameters().views()) {
          assertValues(part(actual.net.parameters().gradient(), view),
              widen(part(expected.net.parameters().gradient(), view)), TOLERANCE);
          assertValues(part(actual.net.parameters().values(), view),
              widen(part(expected.net.parameters().values(), view)), TOLERANCE);
          assertValues(part(actual.adam.average(), view), widen(part(expected.adam.average(), view)), TOLERANCE);
        }
        assertThat(actual.adam.gradientNorm() / expected.adam.gradientNorm()).isBetween(1 - TOLERANCE, 1 + TOLERANCE);
        actual.join(expected, device);
      }
      assertThat(expected.net.parameters().values()).isNotEqualTo(start);
    }
  }

  private static float[] part(float[] all, ParameterLayout.View view) {
    return Arrays.copyOfRange(all, view.offset(), view.offset() + view.size());
  }
}
