package org.rgflow.learned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.model.CheckpointDirectory;
import org.rgflow.model.ModelFile;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.Observables;

/** Training, resuming, and what the trained flows generate against the exact answers of tiny lattices. */
class FlowTrainerTest {
  private static final FlowMonitor TO_THE_END = (step, steps, loss, fraction) -> true;

  @TempDir
  private Path folder;

  private static FlowConfiguration configuration(int side, double lambda, long steps) {
    FlowShape shape = new FlowShape(Lattice.square(side), 9, 8, 3, 3, 6);
    return new FlowConfiguration(Phi4Action.gerdes(-4, lambda), shape, 1, 64, steps, 0.01, 200, 0, 5);
  }

  private FlowTrainer.Outcome train(FlowConfiguration configuration, String run, Path resume, int threads,
      FlowMonitor monitor) throws IOException {
    try (Device device = new JvmDevice(threads)) {
      return FlowTrainer.train(configuration, folder.resolve(run), resume, null, device, monitor);
    }
  }

  private FlowModel model(String run) throws IOException {
    try (ModelFile file = ModelFile.open(folder.resolve(run).resolve(FlowTrainer.MODEL))) {
      return FlowModel.read(file);
    }
  }

  /**
   * Exact values by quadrature and transfer matrix; the chain's and the weights' errors are believed to 4 standard
   * deviations, a false alarm in 16,000 for each of the six numbers.
   */
  @ParameterizedTest(name = "{0}x{0}")
  @CsvSource({"2,8,0.914433978425,0.17143442324,0.450481641481",
      "3,6.975,1.969824275121,0.1761579088021,0.7828724116703"})
  void aShortTrainingGivesTheExactPartitionFunction(int side, double lambda, double logZ, double phi2, double chi)
      throws IOException {
    FlowTrainer.Outcome outcome = train(configuration(side, lambda, 250), "run", null, 2, TO_THE_END);
    assertThat(outcome.complete()).isTrue();
    assertThat(outcome.integrationError()).isLessThan(0.02);
    try (Device device = new JvmDevice(2)) {
      IndependenceChain.Result result = IndependenceChain.run(model("run"), 12, 3, 40_000,
          IndependenceChain.Keep.MEASUREMENTS, device, done -> true);
      assertThat(result.weights().effectiveFraction()).isGreaterThan(0.9);
      assertThat(result.integrationError()).isLessThan(0.01);
      Estimate found = result.weights().logMean();
      assertThat(found.error()).isLessThan(2e-3);
      assertThat(found.mean()).isCloseTo(logZ, within(4 * found.error()));
      Map<String, Estimate> observables = Observables.evaluate(result.ensemble());
      assertThat(observables.get("phi2").mean()).isCloseTo(phi2, within(4 * observables.get("phi2").error()));
      assertThat(observables.get("susceptibility").mean())
          .isCloseTo(chi, within(4 * observables.get("susceptibility").error()));
      assertThat(observables.get("susceptibility").error()).isLessThan(0.01 * chi);
      assertThat(result.ensemble().acceptance()).isGreaterThan(0.8);
    }
  }

  @Test
  void aResumedTrainingIsBitForBitTheOneThatNeverStopped() throws IOException {
    FlowConfiguration configuration = configuration(4, 5, 30);
    train(configuration, "whole", null, 1, TO_THE_END);
    FlowTrainer.Outcome stopped =
        train(configuration, "parts", null, 2, (step, steps, loss, fraction) -> step < 13);
    assertThat(stopped.complete()).isFalse();
    assertThat(stopped.step()).isEqualTo(13);
    FlowTrainer.Outcome end = train(configuration, "parts", stopped.checkpoint(), 2, TO_THE_END);
    assertThat(end.step()).isEqualTo(30);
    assertThat(Files.readAllBytes(folder.resolve("parts/checkpoints/step-00000030.safetensors")))
        .isEqualTo(Files.readAllBytes(folder.resolve("whole/checkpoints/step-00000030.safetensors")));
    assertThat(model("parts").parameters()).isEqualTo(model("whole").parameters());
    assertThat(Files.readAllLines(folder.resolve("parts/log.jsonl"))).hasSize(2);
  }

  @Test
  void refusesWhatDoesNotFit() throws IOException {
    FlowConfiguration configuration = configuration(2, 8, 2);
    FlowTrainer.Outcome outcome = train(configuration, "run", null, 1, TO_THE_END);
    assertThatIllegalArgumentException().isThrownBy(() -> train(configuration, "run", null, 1, TO_THE_END))
        .withMessageContaining("holds a training already");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> train(configuration, "run", outcome.checkpoint(), 1, TO_THE_END))
        .withMessageContaining("has all 2 of 2 steps");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> train(configuration(3, 8, 4), "run", outcome.checkpoint(), 1, TO_THE_END))
        .withMessageContaining("only the number of steps can be changed");
    assertThatIllegalArgumentException().isThrownBy(() -> new FlowConfiguration(configuration.action(),
        configuration.shape(), 1, 40, 10, 0.01, 100, 0, 1)).withMessageContaining("multiple of 16");
    assertThat(new CheckpointDirectory(folder.resolve("run"), 3).list()).hasSize(1);
  }

  @Test
  void fieldsDependOnModelSeedAndNumberAlone() throws IOException {
    train(configuration(3, 6.975, 5), "run", null, 2, TO_THE_END);
    FlowModel model = model("run");
    try (Device one = new JvmDevice(1); Device two = new JvmDevice(2)) {
      IndependenceChain.Result few =
          IndependenceChain.run(model, 6, 9, 100, IndependenceChain.Keep.FIELDS, one, done -> true);
      IndependenceChain.Result many =
          IndependenceChain.run(model, 6, 9, 700, IndependenceChain.Keep.FIELDS, two, done -> true);
      assertThat(few.ensemble().snapshots()).isEqualTo(100);
      for (int t = 0; t < 100; t++) {
        assertThat(few.ensemble().snapshot(t)).isEqualTo(many.ensemble().snapshot(t));
        assertThat(few.weights().logWeight(t)).isEqualTo(many.weights().logWeight(t));
      }
      double[] weights = new double[700];
      Arrays.setAll(weights, many.weights()::logWeight);
      int[] visited;
      double[] logLikelihood;
      try (FlowGenerator generator = new FlowGenerator(model, 6, 9, one);
          FlowLikelihood likelihood = new FlowLikelihood(model, 6, two)) {
        visited = IndependenceChain.visited(weights, generator.batch(), 9);
        FlowGenerator.Batch batch = generator.generate(0);
        logLikelihood = likelihood.logLikelihood(Arrays.copyOf(batch.fields(), 100 * 9));
        for (int t = 0; t < 100; t++) {
          assertThat(few.ensemble().snapshot(t))
              .isEqualTo(Arrays.copyOfRange(batch.fields(), visited[t] * 9, visited[t] * 9 + 9));
          // up to the error of six steps there and back
          assertThat(logLikelihood[t]).isCloseTo(batch.logLikelihood()[t], within(1e-3));
        }
      }
      double[] accepted = many.ensemble().series(IndependenceChain.ACCEPTED);
      for (int t = 1; t < 700; t++) {
        assertThat(visited[t] == t).isEqualTo(accepted[t] == 1);
      }
      for (int t = 1; t < 700; t++) {
        assertThat(Arrays.equals(many.ensemble().snapshot(t), many.ensemble().snapshot(t - 1)))
            .isEqualTo(accepted[t] == 0);
      }
    }
  }
}
