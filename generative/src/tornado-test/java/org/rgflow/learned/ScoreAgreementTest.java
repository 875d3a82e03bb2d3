package org.rgflow.learned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.rgflow.learned.FlowAgreementTest.assertAgree;
import static org.rgflow.learned.FlowAgreementTest.widen;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.device.Device;
import org.rgflow.device.Devices;
import org.rgflow.device.JvmDevice;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.network.ParameterLayout;
import org.rgflow.sampler.RgBridge;
import org.rgflow.sampler.RunMonitor;

/** A score model on the JVM and on TornadoVM's default device: training, generation, the bridge that it escorts. */
class ScoreAgreementTest {
  private static final int SIDE = 6;
  private static final Phi4Action ACTION = Phi4Action.gerdes(-4, 6.975);
  private static final ScoreConfiguration CONFIGURATION = new ScoreConfiguration(ACTION, SIDE, 10, 1, 48, 20, 0.003, 5);

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

  private static Ensemble examples() {
    FieldLayout layout = new FieldLayout(Lattice.square(SIDE), 48);
    Ensemble ensemble = new Ensemble(ACTION, layout);
    Random random = new Random(6);
    float[] fields = new float[layout.size()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = (float) (0.5 * random.nextGaussian());
    }
    ensemble.append(fields);
    return ensemble;
  }

  private static ScoreModel model() throws IOException {
    float[] parameters = new float[CONFIGURATION.shape().layout().size()];
    Random random = new Random(3);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) (0.1 * random.nextGaussian());
    }
    return new ScoreModel(CONFIGURATION, new ScoreExamples(examples(), jvm).statistics(), parameters);
  }

  @ParameterizedTest
  @CsvSource({"SDE, EXACT", "ODE, EXACT", "ODE, HUTCHINSON"})
  void generationAgrees(ScoreSampling.Method method, ScoreSampling.Likelihood likelihood) throws IOException {
    ScoreSampling sampling = new ScoreSampling(method, likelihood, 4);
    ScoreModel model = model();
    try (ScoreGenerator expected = new ScoreGenerator(model, sampling, 9, jvm);
        ScoreGenerator actual = new ScoreGenerator(model, sampling, 9, tornado)) {
      for (int index = 0; index < 2; index++) {
        ScoreGenerator.Trajectory e = expected.generate(index, 2);
        ScoreGenerator.Trajectory a = actual.generate(index, 2);
        for (int stop = 0; stop < 3; stop++) {
          assertAgree("fields at stop " + stop, widen(a.stops().get(stop).fields()),
              widen(e.stops().get(stop).fields()));
        }
        assertAgree("ln q", a.end().logLikelihood(), e.end().logLikelihood());
        assertAgree("S", a.end().action(), e.end().action());
        assertAgree("ln w", a.end().logWeights(), e.end().logWeights());
      }
    }
  }

  @Test
  void theEscortedBridgeAgrees() throws IOException {
    ScoreModel model = model();
    ScoreLevels expected = ScoreBridge.adapt(model, 5, 2, jvm, RunMonitor.SILENT);
    assertAgree("places", ScoreBridge.adapt(model, 5, 2, tornado, RunMonitor.SILENT).places(), expected.places());
    RgBridge.Result e = ScoreBridge.run(model, expected, 32, 2, jvm, RunMonitor.SILENT);
    RgBridge.Result a = ScoreBridge.run(model, expected, 32, 2, tornado, RunMonitor.SILENT);
    assertAgree("fields", widen(a.fields()), widen(e.fields()));
    assertThat(a.weights().logMean().mean()).isCloseTo(e.weights().logMean().mean(), within(1e-4));
  }

  @Test
  void trainingAgrees() throws IOException {
    ScoreExamples onJvm = new ScoreExamples(examples(), jvm);
    ScoreExamples onTornado = new ScoreExamples(examples(), tornado);
    assertAgree("propagator", onTornado.statistics().propagator(), onJvm.statistics().propagator());
    try (ScoreStep expected = new ScoreStep(CONFIGURATION, onJvm.statistics(), onJvm, jvm);
        ScoreStep actual = new ScoreStep(CONFIGURATION, onJvm.statistics(), onTornado, tornado)) {
      float[] start = expected.parameters().values().clone();
      expected.run(0);
      actual.run(0);
      actual.download();
      assertAgree("loss", new double[] {actual.loss()}, new double[] {expected.loss()});
      for (ParameterLayout.View view : expected.parameters().views()) {
        int end = view.offset() + view.size();
        if (view.name().equals("tail.bias")) {
          // An odd function has none: its gradient is the difference of equal numbers.
          assertThat(actual.parameters().gradient()[view.offset()]).isCloseTo(0f, within(1e-6f));
          continue;
        }
        assertAgree("gradient of " + view.name(), widen(actual.parameters().gradient(), view.offset(), end),
            widen(expected.parameters().gradient(), view.offset(), end));
      }
      assertThat(actual.adam().gradientNorm() / expected.adam().gradientNorm())
          .isBetween(1 - FlowAgreementTest.TOLERANCE, 1 + FlowAgreementTest.TOLERANCE);
      assertThat(expected.parameters().values()).isNotEqualTo(start);
      assertUpdated(actual, expected);
    }
  }

  /** Adam's first step divides gradients by themselves; those near zero would make one of either sign. */
  private static void assertUpdated(ScoreStep actual, ScoreStep expected) {
    float[] gradient = expected.parameters().gradient();
    double rms = expected.adam().gradientNorm() / Math.sqrt(gradient.length);
    int compared = 0;
    for (int i = 0; i < gradient.length; i++) {
      if (Math.abs(gradient[i]) > 1e-2 * rms) {
        assertThat(actual.parameters().values()[i]).isCloseTo(expected.parameters().values()[i], within(1e-6f));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(gradient.length / 2);
  }
}
