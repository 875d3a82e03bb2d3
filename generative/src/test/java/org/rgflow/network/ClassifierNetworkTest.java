package org.rgflow.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rgflow.network.GradientCheck.assertGradient;
import static org.rgflow.network.GradientCheck.assertValues;
import static org.rgflow.network.GradientCheck.product;
import static org.rgflow.network.GradientCheck.randomise;
import static org.rgflow.network.GradientCheck.widen;

import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.network.Reference.Field;

class ClassifierNetworkTest {
  private static Field features(Reference layers, Field x, int stages) {
    for (int i = 0; i < stages; i++) {
      x = Reference.silu(layers.norm("stage." + i + ".norm", layers.convolution("stage." + i + ".conv", x, 2)));
    }
    Field flat = new Field(x.samples(), x.channels() * x.side() * x.side(), 1, x.channelsLast());
    return Reference.silu(layers.convolution("features", flat, 1));
  }

  /** A forward and a backward pass against the layers in double; 4 and 5 pixels make two stages, 33 three. */
  @ParameterizedTest
  @CsvSource({"1, 4, 2", "3, 5, 2", "1, 33, 3"})
  void gradients(int colours, int side, int stages) {
    ClassifierNetwork net = new ClassifierNetwork(colours, side, 3, 2, 11, Purpose.TRAINING);
    Parameters parameters = net.parameters();
    assertThat(parameters.views().stream().filter(view -> view.name().endsWith("conv.weight"))).hasSize(stages);
    randomise(parameters, 12);
    randomise(net.input(), 13, 1);
    randomise(net.logitsGradient(), 14, 1);
    Program forward = net.forward();
    Program backward = net.backward();
    double[] point = widen(parameters.values());
    Field field = new Field(2, colours, side, widen(net.input()));
    ToDoubleFunction<double[]> loss = p -> {
      Reference layers = new Reference(parameters, p, null, null);
      return product(net.logitsGradient(), layers.convolution("head", features(layers, field, stages), 1).values());
    };
    try (JvmDevice device = new JvmDevice(2); Session session = device.open(forward, backward)) {
      session.run(forward);
      session.run(backward);
      Reference layers = new Reference(parameters, point, null, null);
      Field described = features(layers, field, stages);
      assertValues(net.features(), described.values(), 1e-4);
      assertValues(net.logits(), layers.convolution("head", described, 1).values(), 1e-4);
      for (ParameterLayout.View view : parameters.views()) {
        assertGradient(view.name(), loss, point, parameters.gradient(), view.offset(), view.offset() + view.size(), 2,
            2e-4);
      }
    }
  }

  /** What its documentation says: 0.43 M parameters for 28×28 grey pictures in ten classes. */
  @Test
  void sizeAndLimits() {
    int expected = 9 * 32 + 32 + 2 * 32 + 9 * 32 * 64 + 64 + 2 * 64 + 49 * 64 * 128 + 128 + 128 * 10 + 10;
    ClassifierNetwork net = new ClassifierNetwork(1, 28, 10, 1, 1, Purpose.INFERENCE);
    assertThat(net.parameters().size()).isEqualTo(expected).isBetween(415_000, 435_000);
    assertThatThrownBy(net::backward).hasMessageContaining("made for inference");
    assertThatThrownBy(() -> new ClassifierNetwork(1, 28, 1, 1, 1, Purpose.INFERENCE))
        .hasMessageContaining("two classes");
  }
}
