package org.rgflow.learned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.learned.ScoreSampling.Likelihood;
import org.rgflow.learned.ScoreSampling.Method;
import org.rgflow.model.Checkpoint;
import org.rgflow.model.ModelFile;
import org.rgflow.model.TensorLayout;
import org.rgflow.model.TensorType;
import org.rgflow.model.TrainingState;
import org.rgflow.random.RandomStream;
import org.rgflow.sampler.RunMonitor;
import org.rgflow.sampler.Sampler;
import org.rgflow.sampler.SamplerOptions;
import org.rgflow.sampler.Samplers;
import org.rgflow.sampler.SamplingRun;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.ImportanceWeights;
import org.rgflow.training.TrainingMonitor;

/** Training on the 3×3 theory, whose partition function is known; resuming; and files that are no score models. */
class ScoreTrainerTest {
  private static final TrainingMonitor TO_THE_END = (step, steps, loss) -> true;
  private static final Phi4Action ACTION = Phi4Action.gerdes(-4, 6.975);
  private static final double LOG_PARTITION = 1.969824275121;

  private static Ensemble examples;
  private static Ensemble others;

  @TempDir
  private Path folder;

  @BeforeAll
  static void sample() throws IOException {
    examples = sample(1, 16_384);
    others = sample(2, 8_192);
  }

  private static Ensemble sample(long seed, int configurations) throws IOException {
    FieldLayout layout = new FieldLayout(Lattice.square(3), 256);
    try (Device device = new JvmDevice(2); Sampler sampler = Samplers.create("hmc", ACTION, layout,
        new RandomStream(seed), device, SamplerOptions.DEFAULTS)) {
      SamplingRun.Settings settings = new SamplingRun.Settings(
          configurations / 256, 4, 1, OptionalLong.of(50), SamplingRun.StepSize.TUNED);
      return new SamplingRun(sampler, device, settings, RunMonitor.SILENT, SamplingRun.Saver.NONE).run();
    }
  }

  private static ScoreConfiguration configuration(long steps) {
    return new ScoreConfiguration(ACTION, 3, 16, 1, 64, steps, 0.005, 5);
  }

  private ScoreTrainer.Outcome train(ScoreConfiguration configuration, String run, Path resume, int threads,
      TrainingMonitor monitor) throws IOException {
    try (Device device = new JvmDevice(threads)) {
      return ScoreTrainer.train(configuration, folder.resolve(run), resume, examples, device, monitor);
    }
  }

  private static ScoreModel read(Path path) throws IOException {
    try (ModelFile file = ModelFile.open(path)) {
      assertThat(ScoreModel.describes(file)).isTrue();
      return ScoreModel.read(file);
    }
  }

  /**
   * On configurations that it did not see the trained network denoises better than the Wiener filter; its fields have
   * weights whose mean is the exact partition function. 4 standard deviations, a false alarm in 16,000 for each of two.
   */
  @Test
  void aShortTrainingBeatsTheWienerFilter() throws IOException {
    ScoreTrainer.Outcome outcome = train(configuration(300), "run", null, 2, TO_THE_END);
    assertThat(outcome.complete()).isTrue();
    assertThat(outcome.loss()).isLessThan(-0.3);
    ScoreModel model = read(folder.resolve("run").resolve(FlowTrainer.MODEL));
    try (Device device = new JvmDevice(2)) {
      ScoreTrainer.Assessment assessment = ScoreTrainer.assess(model, others, 20, 7, device);
      assertThat(assessment.loss()).isLessThan(-0.3);
      assertThat(assessment.lossError()).isLessThan(0.05);
      assertThat(assessment.denoising()).isLessThan(0.999);
      assertThatIllegalArgumentException().isThrownBy(() -> ScoreTrainer.assess(model, others, 1, 7, device))
          .withMessageContaining("at least 2 batches");
      for (Method method : Method.values()) {
        ScoreSampling sampling = new ScoreSampling(method, Likelihood.EXACT, method == Method.SDE ? 50 : 6);
        IndependenceChain.Result result = IndependenceChain.run(model, sampling, IndependenceChain.Decision.METROPOLIS,
            3, 1024, IndependenceChain.Keep.MEASUREMENTS, device, done -> true);
        assertThat(result.weights().effectiveFraction()).isGreaterThan(0.7);
        assertThat(result.integrationError()).isLessThan(0.05);
        Estimate found = result.weights().logMean();
        assertThat(found.error()).isLessThan(0.03);
        assertThat(found.mean()).isCloseTo(LOG_PARTITION, within(4 * found.error()));
        assertThat(result.ensemble().sampler()).isEqualTo(method == Method.SDE ? "score-sde" : "score-ode");
      }
      bridges(model, device);
    }
  }

  /**
   * Levels that are found for a conditional effective sample size of 0.98, and four times as many. Both have the exact
   * partition function within 4 standard deviations. Their ln w differ in variance by no less than what the pilots say,
   * who see the force of the model, which is smoother than the exact one, and not by twice as much; the error of that
   * difference, about 0.2, is 0.007: (2/8192)^½ of either variance.
   */
  private static void bridges(ScoreModel model, Device device) {
    ScoreLevels few = ScoreBridge.adapt(model, 0.98, 5, device, RunMonitor.SILENT);
    ScoreLevels many = ScoreBridge.adapt(model, 4 * few.count(), 5, device, RunMonitor.SILENT);
    assertThat(few.conditionalEss()).isBetween(0.98, 0.985);
    assertThat(many.variance()).isCloseTo(few.variance() / 4, within(0.1 * few.variance()));
    double[] variances = new double[2];
    for (int i = 0; i < 2; i++) {
      ImportanceWeights weights =
          ScoreBridge.run(model, i == 0 ? few : many, 8192, 5, device, RunMonitor.SILENT).weights();
      assertThat(weights.logMean().error()).isLessThan(0.02);
      assertThat(weights.logMean().mean()).isCloseTo(LOG_PARTITION, within(4 * weights.logMean().error()));
      variances[i] = ScoreBridgeTest.variance(weights, 8192);
    }
    double predicted = few.variance() - many.variance();
    assertThat(variances[0] - variances[1]).isBetween(predicted, 2 * predicted);
  }

  @Test
  void aResumedTrainingIsBitForBitTheOneThatNeverStopped() throws IOException {
    ScoreConfiguration configuration = configuration(20);
    train(configuration, "whole", null, 1, TO_THE_END);
    ScoreTrainer.Outcome stopped = train(configuration, "parts", null, 2, (step, steps, loss) -> step < 9);
    assertThat(stopped.complete()).isFalse();
    assertThat(stopped.step()).isEqualTo(9);
    ScoreTrainer.Outcome end = train(configuration, "parts", stopped.checkpoint(), 2, TO_THE_END);
    assertThat(end.step()).isEqualTo(20);
    assertThat(Files.readAllBytes(folder.resolve("parts/checkpoints/step-00000020.safetensors")))
        .isEqualTo(Files.readAllBytes(folder.resolve("whole/checkpoints/step-00000020.safetensors")));
    assertThat(read(folder.resolve("parts").resolve(FlowTrainer.MODEL)).parameters())
        .isEqualTo(read(folder.resolve("whole").resolve(FlowTrainer.MODEL)).parameters());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> train(configuration, "parts", end.checkpoint(), 1, TO_THE_END))
        .withMessageContaining("has all 20 of 20 steps");
    assertThatIllegalArgumentException().isThrownBy(() -> train(configuration, "parts", null, 1, TO_THE_END))
        .withMessageContaining("holds a training already");
    try (Device device = new JvmDevice(1)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ScoreTrainer.train(configuration.withSteps(30), folder.resolve("parts"), end.checkpoint(),
              others, device, TO_THE_END))
          .withMessageContaining("began with other configurations");
    }
  }

  @Test
  void fieldsDependOnModelSeedAndNumberAlone() throws IOException {
    train(configuration(3), "run", null, 2, TO_THE_END);
    ScoreModel model = read(folder.resolve("run").resolve(FlowTrainer.MODEL));
    ScoreSampling sampling = new ScoreSampling(Method.SDE, Likelihood.EXACT, 4);
    try (Device one = new JvmDevice(1); Device two = new JvmDevice(2)) {
      IndependenceChain.Result few = IndependenceChain.run(model, sampling, IndependenceChain.Decision.ACCEPT_ALL, 9,
          100, IndependenceChain.Keep.FIELDS, one, done -> true);
      IndependenceChain.Result many = IndependenceChain.run(model, sampling, IndependenceChain.Decision.ACCEPT_ALL, 9,
          600, IndependenceChain.Keep.FIELDS, two, done -> true);
      for (int t = 0; t < 100; t++) {
        assertThat(few.ensemble().snapshot(t)).isEqualTo(many.ensemble().snapshot(t));
        assertThat(few.weights().logWeight(t)).isEqualTo(many.weights().logWeight(t));
      }
      assertThat(many.ensemble().acceptance()).isEqualTo(1);
    }
  }

  @Test
  void refusesEnsemblesThatDoNotFit() throws IOException {
    try (Device device = new JvmDevice(1)) {
      ScoreConfiguration other = new ScoreConfiguration(ACTION, 4, 8, 1, 16, 2, 0.01, 1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ScoreTrainer.train(other, folder.resolve("a"), null, examples, device, TO_THE_END))
          .withMessageContaining("the configurations are of 3x3").withMessageContaining("but the model is of 4x4");
      Ensemble empty = new Ensemble(ACTION, new FieldLayout(Lattice.square(3), 1));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ScoreTrainer.train(configuration(2), folder.resolve("b"), null, empty, device, TO_THE_END))
          .withMessageContaining("the ensemble holds none");
      Ensemble flowed = new Ensemble(ACTION, new FieldLayout(Lattice.square(3), 1));
      flowed.append(new float[9]);
      flowed.setFlow("polchinski", 1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ScoreTrainer.train(configuration(2), folder.resolve("c"), null, flowed, device, TO_THE_END))
          .withMessageContaining("flowed to the scale 1.0");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new ScoreConfiguration(ACTION, 3, 8, 1, 20, 2, 0.01, 1))
        .withMessageContaining("multiple of 16");
  }

  /** Files that are well formed, but describe no possible model: one line that names the file. */
  @Test
  void refusesImpossibleModels() throws IOException {
    refused("its lattice 3x4 is not square", json -> json.addProperty("lattice", "3x4"));
    refused("it holds 3469 parameters, but the network of its configuration has", json -> json.addProperty("width", 8));
    refused("is impossible: there must be 1 to 64 blocks", json -> json.addProperty("blocks", 1_000_000));
    refused("lacks the part statistics", json -> json.remove("statistics"));
    refused("lack the 3 numbers of the excess",
        json -> json.getAsJsonObject("statistics").add("excess", new JsonArray()));
    refused("propagator cannot be -1.0", json -> {
      JsonArray negative = new JsonArray();
      for (int i = 0; i < 3; i++) {
        negative.add(-1);
      }
      json.getAsJsonObject("statistics").add("propagator", negative);
    });
    refused("unknown convention 'none'", json -> json.getAsJsonObject("action").addProperty("convention", "none"));
  }

  private void refused(String message, Consumer<JsonObject> damage) throws IOException {
    ScoreConfiguration configuration = new ScoreConfiguration(ACTION, 3, 12, 1, 16, 1, 0.01, 1);
    JsonObject json = ScoreModel.toJson(
        configuration, new ScoreStatistics(new double[] {1, 0.2, 0.1}, new double[] {1, 1, 1}));
    damage.accept(json);
    TensorLayout layout = TensorLayout.of(configuration.shape().layout());
    Path file = folder.resolve("damaged.safetensors");
    Checkpoint.writeModel(file, TensorType.F32, json, new TrainingState(1, 16, 1, 1), null, layout,
        new float[layout.length()]);
    assertThatThrownBy(() -> read(file)).isInstanceOf(IOException.class).hasMessageContaining(message)
        .hasMessageStartingWith("cannot read " + file);
  }

  @Test
  void aFlowIsNoScore() throws IOException {
    FlowConfiguration flow =
        FlowConfiguration.of(ACTION, new FlowShape(Lattice.square(3), 2, 2, 2, 2, 2), 1, 1);
    assertThatThrownBy(() -> ScoreConfiguration.ofJson(flow.toJson())).hasMessageContaining("that is no score model");
    assertThatThrownBy(() -> FlowConfiguration.ofJson(configuration(1).toJson()))
        .hasMessageContaining("that is a score model, but a flow is wanted");
  }
}
