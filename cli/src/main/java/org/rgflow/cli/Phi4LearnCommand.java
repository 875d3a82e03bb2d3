package org.rgflow.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.rgflow.device.Device;
import org.rgflow.io.EnsembleFiles;
import org.rgflow.io.Json;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.Lattice;
import org.rgflow.learned.FlowConfiguration;
import org.rgflow.learned.FlowModel;
import org.rgflow.learned.FlowMonitor;
import org.rgflow.learned.FlowShape;
import org.rgflow.learned.FlowTrainer;
import org.rgflow.learned.ScoreConfiguration;
import org.rgflow.learned.ScoreModel;
import org.rgflow.learned.ScoreTrainer;
import org.rgflow.model.CheckpointDirectory;
import org.rgflow.model.ModelFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rgflow phi4 learn}. */
@Command(
    name = "learn",
    description = "Trains a model of lattice phi^4 fields; writes checkpoints, a log (log.jsonl) and the model into"
        + " --out. --method flow: a continuous normalizing flow from Gaussian fields, for which no configurations of"
        + " the theory are needed. --method score: the score along the exact renormalization group flow of"
        + " --examples, by which it can be followed backwards.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  rgflow phi4 learn --lattice 8x8 --mass2 -4 --lambda 6.008 --out run --steps 1000",
      "  rgflow phi4 learn --out run --resume latest --steps 2000",
      "  rgflow phi4 learn --lattice 20x20 --mass2 -4 --lambda 4.807 --out run20 --steps 4000 --batch-size 128",
      "  rgflow phi4 learn --lattice 8x8 --mass2 -4 --lambda 6.008 --out both --examples e.npz --forward-weight 0.3",
      "  rgflow phi4 learn --method score --examples e.npz --out score --steps 1000",
      "  rgflow phi4 generate --model run --configurations 10000 --out e.npz"
    })
final class Phi4LearnCommand implements Task {
  private static final long DEFAULT_STEPS = 1500;
  /** Beyond this a training begins to live on the error of the integration. */
  private static final double LARGE_ERROR = 0.1;
  private static final String ACTION = "--action, --mass2, --kappa or --lambda";
  private static final String FIXED = "the checkpoint has all but --steps; with --resume leave out ";

  @Option(names = "--method", paramLabel = "flow|score", converter = Converters.LearningMethodConverter.class,
      completionCandidates = Converters.LearningMethodNames.class, description = "What is learned. Default: flow.")
  private LearningMethod method;

  @Option(names = "--lattice", paramLabel = "LXxLY", converter = Converters.LatticeConverter.class,
      description = "Extents of the periodic lattice, 2 to 128 each. --method score has it, and the action, from"
          + " --examples, and the lattice must be square.")
  private Lattice lattice;

  @Mixin
  private ActionOptions actionOptions;

  @Option(names = {"-o", "--out"}, paramLabel = "RUN", required = true, description = "Folder of the run.")
  private Path out;

  @Option(names = "--steps", paramLabel = "N", description = "Steps of the whole training. Default: 1500.")
  private Long steps;

  @Option(names = "--batch-size", paramLabel = "N", description = "Fields of a step, a multiple of 16. Default: 256.")
  private Integer batchSize;

  @Option(names = "--learning-rate", paramLabel = "R",
      description = "Learning rate at the start. Default: 0.005, for scores 0.003.")
  private Double learningRate;

  @Option(names = "--decay-steps", paramLabel = "N",
      description = "Of flows: steps in which the learning rate falls to a tenth; at the end to 0. Default: 8000.")
  private Double decaySteps;

  @Option(names = "--frequencies", paramLabel = "N", description = "Of flows: sines of the field's value. Default: 24.")
  private Integer frequencies;

  @Option(names = "--features", paramLabel = "N",
      description = "Of flows: features to which these are contracted. Default: 16.")
  private Integer features;

  @Option(names = "--time-features", paramLabel = "N",
      description = "Of flows: functions of the flow's time. Default: 5.")
  private Integer timeFeatures;

  @Option(names = "--integration-steps", paramLabel = "N",
      description = "Of flows: Runge-Kutta steps while training. Default: 12, or 2 for each function of time.")
  private Integer integrationSteps;

  @Option(names = "--prior-mass2", paramLabel = "M2",
      description = "Of flows: M^2 > 0 of the free field with which the Gaussian starts, to be learned. Default: 1.")
  private Double priorMass2;

  @Option(names = "--examples", paramLabel = "FILE",
      description = "Configurations of the theory, .npz or .h5 of 'phi4 sample': what scores learn from; of flows the"
          + " likelihood of these is trained, too.")
  private Path examples;

  @Option(names = "--forward-weight", paramLabel = "A",
      description = "Of flows: weight of --examples in the loss, between 0 and 1. Default: 0.5 with --examples.")
  private Double forwardWeight;

  @Option(names = "--width", paramLabel = "N", description = "Of scores: channels of the network. Default: 32.")
  private Integer width;

  @Option(names = "--blocks", paramLabel = "N", description = "Of scores: residual blocks of the network. Default: 2.")
  private Integer blocks;

  @Option(names = "--seed", paramLabel = "N",
      description = "Seed of all random numbers. Default: a new one, which is printed.")
  private Long seed;

  @Option(names = "--resume", paramLabel = "latest|STEP|FILE",
      description = "Go on from a checkpoint of --out, bit for bit as if the run had never stopped.")
  private String resume;

  @Mixin
  private DeviceOptions deviceOptions;

  @Mixin
  private OutputOptions output;

  /** What is learned. */
  enum LearningMethod {
    FLOW,
    SCORE
  }

  @Override
  public void execute() throws IOException {
    Path checkpoint = resume == null ? null : checkpoint();
    LearningMethod found = checkpoint == null ? method : methodOf(checkpoint);
    if (method != null && found != method) {
      throw new IllegalArgumentException("with --resume leave out --method: the checkpoint is of --method "
          + found.name().toLowerCase(Locale.ROOT));
    }
    if (found == LearningMethod.SCORE) {
      learnScore(checkpoint);
    } else {
      learnFlow(checkpoint);
    }
  }

  private static LearningMethod methodOf(Path checkpoint) throws IOException {
    try (ModelFile file = ModelFile.open(checkpoint)) {
      return ScoreModel.describes(file) ? LearningMethod.SCORE : LearningMethod.FLOW;
    }
  }

  private void learnFlow(Path checkpoint) throws IOException {
    refuse("--method flow takes no ", new Object[][] {{"--width", width}, {"--blocks", blocks}});
    FlowConfiguration configuration = checkpoint == null ? configuration() : resumed(checkpoint);
    if (configuration.forwardWeight() > 0 && examples == null) {
      throw new IllegalArgumentException("this training needs configurations of the theory; name them with --examples");
    }
    Outputs.folder(out);
    Ensemble ensemble = examples == null ? null : EnsembleFiles.read(examples);
    long total = configuration.steps();
    try (Device device = deviceOptions.open(output); Progress progress = output.progress("training", "steps", total)) {
      output.line("%s lattice, %s; %d parameters, batch %d, seed %d; %s", configuration.shape().lattice(),
          configuration.action(), configuration.shape().parameters(), configuration.batchSize(), configuration.seed(),
          device.description());
      double[] smoothed = {Double.NaN};
      FlowMonitor monitor = (step, of, loss, fraction) -> {
        Interruption.waitForQuestions();
        smoothed[0] = Double.isNaN(smoothed[0]) ? fraction : 0.95 * smoothed[0] + 0.05 * fraction;
        progress.at(step, String.format(Locale.ROOT, "loss %.4f, ESS %.1f %%", loss, 100 * smoothed[0]));
        return !Interruption.requested();
      };
      FlowTrainer.Outcome outcome = FlowTrainer.train(configuration, out, checkpoint, ensemble, device, monitor);
      progress.close();
      if (!outcome.complete()) {
        throw Interruption.stop(outcome.step() + " of " + total + " steps kept in " + outcome.checkpoint()
            + "; resume with --resume latest");
      }
      output.line("%d steps, loss %.4f, effective sample size %.1f %%, %.1f s; model %s", outcome.step(),
          outcome.loss(), 100 * outcome.effectiveSampleFraction(), outcome.seconds(), out.resolve(FlowTrainer.MODEL));
      JsonObject json = new JsonObject();
      json.addProperty("step", outcome.step());
      json.add("loss", Json.number(outcome.loss()));
      json.add("effectiveSampleFraction", Json.number(outcome.effectiveSampleFraction()));
      json.add("seconds", Json.number(outcome.seconds()));
      json.addProperty("checkpoint", outcome.checkpoint().toString());
      json.addProperty("model", out.resolve(FlowTrainer.MODEL).toString());
      json.add("integrationError", Json.number(outcome.integrationError()));
      json.addProperty("seed", configuration.seed());
      json.addProperty("device", device.description());
      output.object(json);
      if (outcome.integrationError() > LARGE_ERROR) {
        output.warning(String.format(Locale.ROOT, "integration error %.2g of the weights: the training may have"
            + " lived on it; use more --integration-steps, or a learning rate that falls faster",
            outcome.integrationError()));
      }
    }
  }

  private void learnScore(Path checkpoint) throws IOException {
    refuse("--method score takes no ", new Object[][] {{"--decay-steps", decaySteps}, {"--frequencies", frequencies},
        {"--features", features}, {"--time-features", timeFeatures}, {"--integration-steps", integrationSteps},
        {"--prior-mass2", priorMass2}, {"--forward-weight", forwardWeight}});
    if (examples == null) {
      throw new IllegalArgumentException("a score is learned from configurations of the theory; sample some with"
          + " 'rgflow phi4 sample --out e.npz' and name them with --examples");
    }
    Ensemble ensemble = EnsembleFiles.read(examples);
    ScoreConfiguration configuration =
        checkpoint == null ? scoreConfiguration(ensemble) : resumedScore(checkpoint);
    Outputs.folder(out);
    long total = configuration.steps();
    try (Device device = deviceOptions.open(output); Progress progress = output.progress("training", "steps", total)) {
      output.line("%s lattice, %s; score of %d blocks of %d channels, %d configurations, batch %d, seed %d; %s",
          configuration.lattice(), configuration.action(), configuration.blocks(), configuration.width(),
          (long) ensemble.snapshots() * ensemble.replicas(), configuration.batchSize(), configuration.seed(),
          device.description());
      double[] smoothed = {Double.NaN};
      ScoreTrainer.Outcome outcome =
          ScoreTrainer.train(configuration, out, checkpoint, ensemble, device, (step, of, loss) -> {
            Interruption.waitForQuestions();
            smoothed[0] = Double.isNaN(smoothed[0]) ? loss : 0.95 * smoothed[0] + 0.05 * loss;
            progress.at(step, String.format(Locale.ROOT, "loss %.4f", smoothed[0]));
            return !Interruption.requested();
          });
      progress.close();
      if (!outcome.complete()) {
        throw Interruption.stop(outcome.step() + " of " + total + " steps kept in " + outcome.checkpoint()
            + "; resume with --resume latest");
      }
      output.line("%d steps, loss %.4f (0 is the Wiener filter), %.1f s; model %s", outcome.step(), outcome.loss(),
          outcome.seconds(), out.resolve(FlowTrainer.MODEL));
      JsonObject json = new JsonObject();
      json.addProperty("step", outcome.step());
      json.add("loss", Json.number(outcome.loss()));
      json.add("seconds", Json.number(outcome.seconds()));
      json.addProperty("checkpoint", outcome.checkpoint().toString());
      json.addProperty("model", out.resolve(FlowTrainer.MODEL).toString());
      json.addProperty("seed", configuration.seed());
      json.addProperty("device", device.description());
      output.object(json);
    }
  }

  private static void refuse(String reason, Object[][] options) {
    for (Object[] option : options) {
      if (option[1] != null) {
        throw new IllegalArgumentException(reason + option[0]);
      }
    }
  }

  private ScoreConfiguration scoreConfiguration(Ensemble ensemble) {
    if (lattice != null && !lattice.equals(ensemble.lattice())
        || actionOptions.given() && !actionOptions.action().equals(ensemble.action())) {
      throw new IllegalArgumentException("the configurations of --examples are of " + ensemble.lattice() + ", "
          + ensemble.action() + "; leave out --lattice and the action");
    }
    if (ensemble.lattice().lx() != ensemble.lattice().ly()) {
      throw new IllegalArgumentException(
          "a score model needs a square lattice; the configurations are of " + ensemble.lattice());
    }
    ScoreConfiguration usual = ScoreConfiguration.of(ensemble.action(), ensemble.lattice().lx(),
        steps != null ? steps : DEFAULT_STEPS, seed != null ? seed : ThreadLocalRandom.current().nextLong(1L << 40));
    return new ScoreConfiguration(usual.action(), usual.side(), width != null ? width : usual.width(),
        blocks != null ? blocks : usual.blocks(), batchSize != null ? batchSize : usual.batchSize(), usual.steps(),
        learningRate != null ? learningRate : usual.learningRate(), usual.seed());
  }

  private ScoreConfiguration resumedScore(Path checkpoint) throws IOException {
    refuse(FIXED, new Object[][] {{"--lattice", lattice}, {"--batch-size", batchSize},
        {"--learning-rate", learningRate}, {"--width", width}, {"--blocks", blocks}, {"--seed", seed},
        {ACTION, actionOptions.given() ? actionOptions : null}});
    try (ModelFile file = ModelFile.open(checkpoint)) {
      ScoreConfiguration before = ScoreModel.configuration(file);
      return steps == null ? before : before.withSteps(steps);
    }
  }

  private Path checkpoint() throws IOException {
    CheckpointDirectory.Latest found = new CheckpointDirectory(out, 1).resolve(resume);
    found.skipped().forEach(line -> output.err().println("rgflow: passed over: " + line));
    return found.path();
  }

  private FlowConfiguration resumed(Path checkpoint) throws IOException {
    refuse(FIXED, new Object[][] {{"--lattice", lattice}, {"--batch-size", batchSize},
        {"--learning-rate", learningRate}, {"--decay-steps", decaySteps}, {"--frequencies", frequencies},
        {"--features", features}, {"--time-features", timeFeatures}, {"--integration-steps", integrationSteps},
        {"--prior-mass2", priorMass2}, {"--forward-weight", forwardWeight}, {"--seed", seed},
        {ACTION, actionOptions.given() ? actionOptions : null}});
    try (ModelFile file = ModelFile.open(checkpoint)) {
      FlowConfiguration before = FlowModel.configuration(file);
      return steps == null ? before : before.withSteps(steps);
    }
  }

  private FlowConfiguration configuration() {
    if (lattice == null) {
      throw new IllegalArgumentException("--lattice is missing, for instance --lattice 8x8");
    }
    FlowShape standard = FlowShape.of(lattice);
    int functions = timeFeatures != null ? timeFeatures : standard.timeFeatures();
    FlowShape shape = new FlowShape(lattice, frequencies != null ? frequencies : standard.frequencies(),
        features != null ? features : standard.features(), functions, functions,
        integrationSteps != null ? integrationSteps : Math.max(standard.steps(), 2 * functions));
    long total = steps != null ? steps : DEFAULT_STEPS;
    FlowConfiguration usual = FlowConfiguration.of(actionOptions.action(), shape, total,
        seed != null ? seed : ThreadLocalRandom.current().nextLong(1L << 40));
    return new FlowConfiguration(usual.action(), shape, priorMass2 != null ? priorMass2 : usual.priorMass2(),
        batchSize != null ? batchSize : usual.batchSize(), total,
        learningRate != null ? learningRate : usual.learningRate(),
        decaySteps != null ? decaySteps : usual.decaySteps(),
        forwardWeight != null ? forwardWeight : examples != null ? 0.5 : 0, usual.seed());
  }
}
