package org.rgflow.learned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.rgflow.device.Device;
import org.rgflow.device.Devices;
import org.rgflow.device.JvmDevice;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.model.TensorLayout;

/** A learned flow on the JVM and on TornadoVM's default device: training, generation, likelihood. */
class FlowAgreementTest {
  /** Relative to the root mean square: some tens of evaluations of the velocity, each of sums in float. */
  static final double TOLERANCE = 2e-5;

  private static final Lattice LATTICE = new Lattice(6, 4);
  private static final Phi4Action ACTION = Phi4Action.gerdes(-4, 6.975);
  private static final FlowShape SHAPE = new FlowShape(LATTICE, 7, 18, 3, 2, 3);
  private static final FlowConfiguration CONFIGURATION =
      new FlowConfiguration(ACTION, SHAPE, 1, 48, 10, 0.005, 8000, 0.3, 17);

  private static Device jvm;
  private static Device tornado;

  @BeforeAll
  static void openDevices() {
    jvm = new JvmDevice(1);
    tornado = Devices.open("tornado");
  }

  @AfterAll
  static void closeDevices() {
    jvm.close();
    tornado.close();
  }

  /** Parameters with which fields move; those that a training begins with leave them in their places. */
  private static void randomise(float[] parameters) {
    Random random = new Random(3);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += (float) (0.2 * random.nextGaussian());
    }
  }

  private static FlowModel model() {
    FlowParameters parameters = new FlowParameters(SHAPE);
    parameters.initialise(17, ACTION, 1);
    randomise(parameters.values());
    return new FlowModel(CONFIGURATION, parameters.values());
  }

  static void assertAgree(String what, double[] actual, double[] expected) {
    double unit = Math.sqrt(Arrays.stream(expected).map(x -> x * x).average().orElseThrow());
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(actual[i] - expected[i]) / unit).as(what + "[" + i + "]").isLessThan(TOLERANCE);
    }
  }

  static double[] widen(float[] values, int begin, int end) {
    double[] wide = new double[end - begin];
    Arrays.setAll(wide, i -> values[begin + i]);
    return wide;
  }

  static double[] widen(float[] values) {
    return widen(values, 0, values.length);
  }

  @Test
  void generationAndLikelihoodAgree() {
    FlowModel model = model();
    try (FlowGenerator expected = new FlowGenerator(model, 5, 4, jvm);
        FlowGenerator actual = new FlowGenerator(model, 5, 4, tornado)) {
      for (int index = 0; index < 2; index++) {
        FieldGenerator.Batch e = expected.generate(index);
        FieldGenerator.Batch a = actual.generate(index);
        assertAgree("fields", widen(a.fields()), widen(e.fields()));
        assertAgree("ln q", a.logLikelihood(), e.logLikelihood());
        assertAgree("S", a.action(), e.action());
      }
    }
    float[] fields = new float[50 * LATTICE.sites()];
    Random random = new Random(5);
    for (int i = 0; i < fields.length; i++) {
      fields[i] = (float) random.nextGaussian();
    }
    try (FlowLikelihood expected = new FlowLikelihood(model, 4, jvm);
        FlowLikelihood actual = new FlowLikelihood(model, 4, tornado)) {
      assertAgree("ln q of given fields", actual.logLikelihood(fields), expected.logLikelihood(fields));
    }
  }

  @Test
  void trainingAgrees() {
    Ensemble examples = examples();
    try (FlowStep expected = new FlowStep(CONFIGURATION, jvm); FlowStep actual = new FlowStep(CONFIGURATION, tornado)) {
      randomise(expected.parameters().values());
      randomise(actual.parameters().values());
      float[] start = expected.parameters().values().clone();
      for (int step = 0; step < 2; step++) {
        expected.run(step, examples);
        actual.run(step, examples);
        actual.download();
        assertAgree("S", actual.weights().action(), expected.weights().action());
        assertAgree("ln q", actual.weights().logLikelihood(), expected.weights().logLikelihood());
        for (TensorLayout.Slice slice : expected.parameters().layout().slices()) {
          String what = slice.name() + " in step " + step;
          int end = slice.offset() + slice.elements();
          assertAgree("gradient of " + what, widen(actual.parameters().gradient(), slice.offset(), end),
              widen(expected.parameters().gradient(), slice.offset(), end));
          assertAgree(what, widen(actual.parameters().values(), slice.offset(), end),
              widen(expected.parameters().values(), slice.offset(), end));
          assertAgree("average of " + what, widen(actual.adam().average(), slice.offset(), end),
              widen(expected.adam().average(), slice.offset(), end));
        }
        assertThat(actual.adam().gradientNorm() / expected.adam().gradientNorm())
            .isBetween(1 - TOLERANCE, 1 + TOLERANCE);
      }
      assertThat(expected.parameters().values()).isNotEqualTo(start);
    }
  }

  /** What is trained comes back to the host: fields of the model are those of the JVM's. */
  @Test
  void aTrainedModelIsThatOfTheJvm() {
    FlowConfiguration brief = new FlowConfiguration(ACTION, SHAPE, 1, 48, 2, 0.005, 8000, 0, 17);
    float[] expected = FlowTrainer.train(brief, jvm).parameters();
    float[] actual = FlowTrainer.train(brief, tornado).parameters();
    FlowParameters start = new FlowParameters(SHAPE);
    start.initialise(17, ACTION, 1);
    assertThat(expected).isNotEqualTo(start.values());
    // A hundredth of a step, for the second divides by gradients that the first has just made other than 0.
    assertThat(actual).containsExactly(expected, within(5e-5f));
  }

  private static Ensemble examples() {
    FieldLayout layout = new FieldLayout(LATTICE, 16);
    Ensemble ensemble = new Ensemble(ACTION, layout);
    Random random = new Random(6);
    float[] fields = new float[layout.size()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = (float) (0.5 * random.nextGaussian());
    }
    ensemble.append(fields);
    return ensemble;
  }
}
