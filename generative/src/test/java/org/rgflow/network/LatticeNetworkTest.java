package org.rgflow.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
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

/** The network of lattice fields against its definition in double, and its symmetries. */
class LatticeNetworkTest {
  private static final int SAMPLES = 3;

  private static LatticeNetwork random(int side, int width, int blocks) {
    LatticeNetwork network =
        new LatticeNetwork(new LatticeNetwork.Shape(2, side, width, blocks), SAMPLES, 1, Purpose.TRAINING);
    randomise(network.parameters(), 2);
    randomise(network.input(), 3, 1);
    for (int n = 0; n < SAMPLES; n++) {
      network.times()[n] = 4f * n;
    }
    return network;
  }

  private static double[] definition(LatticeNetwork network, double[] parameters, double[] input) {
    LatticeNetwork.Shape shape = network.shape();
    return new Reference(network.parameters(), parameters, null, null)
        .latticeNetwork(Field.fromChannelsLast(SAMPLES, 2, shape.side(), input), network.times(), shape.width())
        .values();
  }

  @ParameterizedTest(name = "side {0}, width {1}, {2} blocks")
  @CsvSource({"3, 6, 1", "4, 8, 2", "2, 4, 2"})
  void valuesGradientsAndDerivatives(int side, int width, int blocks) {
    LatticeNetwork network = random(side, width, blocks);
    randomise(network.outputGradient(), 4, 1);
    LatticeNetwork.Tangents tangents = network.tangents();
    randomise(tangents.input(), 5, 1);
    Program program = new Program("network").addAll(network.forward()).addAll(network.backward())
        .addAll(tangents.prepare()).addAll(tangents.launches());
    try (JvmDevice device = new JvmDevice(2); Session session = device.open(program)) {
      session.run(program);
    }
    double[] point = widen(network.parameters().values());
    double[] input = widen(network.input());
    assertValues(network.output(), definition(network, point, input), 1e-5);
    ToDoubleFunction<double[]> loss = p -> product(network.outputGradient(), definition(network, p, input));
    for (ParameterLayout.View view : network.parameters().views()) {
      assertGradient(view.name(), loss, point, network.parameters().gradient(), view.offset(),
          view.offset() + view.size(), 8, 1e-4);
    }

    // Derivatives: central differences, of which the error is h² times a third derivative.
    double h = 1e-4;
    double[] above = input.clone();
    double[] below = input.clone();
    for (int i = 0; i < input.length; i++) {
      above[i] += h * tangents.input()[i];
      below[i] -= h * tangents.input()[i];
    }
    double[] difference = definition(network, point, above);
    double[] other = definition(network, point, below);
    for (int i = 0; i < difference.length; i++) {
      difference[i] = (difference[i] - other[i]) / (2 * h);
    }
    assertValues(tangents.output(), difference, 1e-5);
  }

  @Test
  void isOddAndCommutesWithTranslations() {
    int side = 5;
    LatticeNetwork network = random(side, 8, 2);
    Program program = new Program("network").addAll(network.forward());
    try (JvmDevice device = new JvmDevice(1); Session session = device.open(program)) {
      session.run(program);
      float[] before = network.output().clone();
      float[] input = network.input().clone();
      for (int i = 0; i < input.length; i++) {
        network.input()[i] = -input[i];
      }
      session.run(program);
      for (int i = 0; i < before.length; i++) {
        assertThat(network.output()[i]).isEqualTo(-before[i]); // the same sums, to the last bit
      }
      for (int i = 0; i < input.length; i++) {
        network.input()[moved(i / 2, side) * 2 + i % 2] = input[i];
      }
      session.run(program);
      double[] expected = new double[before.length];
      for (int i = 0; i < before.length; i++) {
        expected[moved(i, side)] = before[i];
      }
      assertValues(network.output(), expected, 1e-6);
    }
  }

  /** [sample][site] moved by 2 rows and 1 column. */
  private static int moved(int i, int side) {
    int sites = side * side;
    int row = (i % sites / side + 2) % side;
    int column = (i % side + 1) % side;
    return i / sites * sites + row * side + column;
  }

  @Test
  void refusesImpossibleSizes() {
    assertThatIllegalArgumentException().isThrownBy(() -> new LatticeNetwork.Shape(2, 8, 33, 1))
        .withMessageContaining("even number from 2 to 1024, not 33");
    assertThatIllegalArgumentException().isThrownBy(() -> new LatticeNetwork.Shape(2, 8, 32, 0))
        .withMessageContaining("1 to 64 blocks, not 0");
    LatticeNetwork network = new LatticeNetwork(new LatticeNetwork.Shape(1, 2, 2, 1), 1, 1, Purpose.INFERENCE);
    assertThatIllegalArgumentException().isThrownBy(network::backward).withMessageContaining("made for inference");
  }
}
