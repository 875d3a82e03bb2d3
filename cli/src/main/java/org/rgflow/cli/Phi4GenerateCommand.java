package org.rgflow.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongPredicate;
import org.rgflow.device.Device;
import org.rgflow.io.EnsembleFiles;
import org.rgflow.io.Json;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.learned.FlowModel;
import org.rgflow.learned.IndependenceChain;
import org.rgflow.learned.ScoreModel;
import org.rgflow.learned.ScoreSampling;
import org.rgflow.model.ModelFile;
import org.rgflow.model.ModelLocation;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.ImportanceWeights;
import org.rgflow.statistics.Observables;
import org.rgflow.validation.plot.Summaries;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rgflow phi4 generate}. */
@Command(
    name = "generate",
    description = "Generates lattice phi^4 fields with a learned flow or score, makes them exact by a Metropolis chain,"
        + " and reports observables and the partition function with their errors.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  rgflow phi4 generate --configurations 20000 --seed 1",
      "  rgflow phi4 generate --model bundled:phi4-20x20 --configurations 10000 --out e.npz --plot e.png",
      "  rgflow phi4 generate --model run --configurations 100000 --format json",
      "  rgflow phi4 generate --model bundled:phi4-8x8-score --sampler sde --steps 50 --configurations 1000",
      "  rgflow phi4 generate --model score --sampler ode --likelihood exact --steps 16 --configurations 500"
    })
final class Phi4GenerateCommand implements Task {
  private static final String DEFAULT_MODEL = "bundled:phi4-8x8";
  /** Beyond this the likelihoods are not those of the fields. */
  private static final double LARGE_ERROR = 0.05;

  @Option(names = "--model", paramLabel = "FILE|RUN|bundled:NAME", defaultValue = DEFAULT_MODEL,
      completionCandidates = FieldModels.class,
      description = "A checkpoint or model.safetensors of 'phi4 learn', the folder of a run (its newest checkpoint), or"
          + " one that comes with rgflow: ${COMPLETION-CANDIDATES}. Default: " + DEFAULT_MODEL + ".")
  private String model;

  @Option(names = "--configurations", paramLabel = "N", defaultValue = "1000",
      description = "Length of the chain. Default: 1000.")
  private int configurations;

  @Option(names = {"--integration-steps", "--steps"}, paramLabel = "N",
      description = "Runge-Kutta steps of a flow (default: twice those of the training), or steps of the equation of a"
          + " score (default: 100 of sde, 16 of ode).")
  private Integer steps;

  @Option(names = "--sampler", paramLabel = "sde|ode", converter = Converters.ScoreMethodConverter.class,
      completionCandidates = Converters.ScoreMethodNames.class,
      description = "Of scores: the reverse stochastic equation, weighted by whole paths, or the probability flow,"
          + " weighted by its likelihood. Default: sde.")
  private ScoreSampling.Method sampler;

  @Option(names = "--likelihood", paramLabel = "exact|hutchinson", converter = Converters.LikelihoodConverter.class,
      completionCandidates = Converters.LikelihoodNames.class,
      description = "Of --sampler ode: the divergence exactly, by one derivative per site, or estimated by one in all."
          + " Default: exact.")
  private ScoreSampling.Likelihood likelihood;

  @Option(names = "--as-generated",
      description = "Of scores: keep every field; observables are then those of the model, not of the theory.")
  private boolean asGenerated;

  @Option(names = "--seed", paramLabel = "N",
      description = "Seed of all random numbers. Default: a new one, which is printed.")
  private Long seed;

  @Option(names = {"-o", "--out"}, paramLabel = "FILE",
      description = "Where the chain goes, .npz (for numpy) or .h5, with likelihoods and weights. A .png is as --plot.")
  private Path out;

  @Option(names = "--plot", paramLabel = "FILE.png",
      description = "Draw a configuration, the time series of |m|, its autocorrelation and the distribution of m.")
  private Path plot;

  @Mixin
  private DeviceOptions deviceOptions;

  @Mixin
  private OutputOptions output;

  /** The bundled models of fields. */
  static final class FieldModels extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    FieldModels() throws IOException {
      super(ModelLocation.bundledNames(ModelLocation.Kind.FIELDS).stream().map(name -> ModelLocation.BUNDLED + name)
          .toList());
    }
  }

  @Override
  public void execute() throws IOException {
    Path file = Outputs.ensembleFile(out);
    Path picture = Outputs.picture(out, plot);
    if (configurations < 2) {
      throw new IllegalArgumentException("--configurations " + configurations + ": must be at least 2");
    }
    long chosenSeed = seed != null ? seed : ThreadLocalRandom.current().nextLong(1L << 40);
    IndependenceChain.Keep keep = file != null || picture != null ? IndependenceChain.Keep.FIELDS
        : IndependenceChain.Keep.MEASUREMENTS;
    Generation generation = read();
    int used = generation.steps();
    try (Device device = deviceOptions.open(output);
        Progress progress = output.progress("generating", "fields", configurations)) {
      output.line("%s lattice, %s; %s, %s, seed %d; %s", generation.lattice(), generation.action(), model,
          generation.description(), chosenSeed, device.description());
      long begin = System.nanoTime();
      IndependenceChain.Result result = generation.run(chosenSeed, configurations, keep, device, done -> {
        progress.at(done);
        return !Interruption.requested();
      });
      double seconds = 1e-9 * (System.nanoTime() - begin);
      progress.close();
      Ensemble ensemble = result.ensemble();
      ensemble.provenance().put("program", "rgflow " + Version.number());
      ensemble.provenance().put("model", model);
      ensemble.provenance().put("integrationSteps", Integer.toString(used));
      if (file != null) {
        EnsembleFiles.write(file, ensemble);
      }
      if (ensemble.measurements() < configurations) {
        throw Interruption.stop(file == null ? "nothing was kept, for there was no --out"
            : ensemble.measurements() + " of " + configurations + " configurations kept in " + file);
      }
      report(result, used, device, seconds, file);
      if (picture != null) {
        Summaries.sample(picture, ensemble);
        output.line("Picture: %s", picture);
      }
    }
  }

  /** A model and how it generates. */
  private sealed interface Generation {
    Lattice lattice();

    Phi4Action action();

    int steps();

    String description();

    IndependenceChain.Result run(
        long seed, long length, IndependenceChain.Keep keep, Device device, LongPredicate goOn);
  }

  private record FlowGeneration(FlowModel model, int steps) implements Generation {
    @Override
    public Lattice lattice() {
      return model.configuration().shape().lattice();
    }

    @Override
    public Phi4Action action() {
      return model.configuration().action();
    }

    @Override
    public String description() {
      return steps + " integration steps";
    }

    @Override
    public IndependenceChain.Result run(
        long seed, long length, IndependenceChain.Keep keep, Device device, LongPredicate goOn) {
      return IndependenceChain.run(model, steps, seed, length, keep, device, goOn);
    }
  }

  private record ScoreGeneration(ScoreModel model, ScoreSampling sampling, IndependenceChain.Decision decision)
      implements Generation {
    @Override
    public Lattice lattice() {
      return model.configuration().lattice();
    }

    @Override
    public Phi4Action action() {
      return model.configuration().action();
    }

    @Override
    public int steps() {
      return sampling.steps();
    }

    @Override
    public String description() {
      String equation = switch (sampling.method()) {
        case SDE -> "reverse SDE";
        case ODE -> "probability flow, " + sampling.likelihood().name().toLowerCase(Locale.ROOT) + " likelihood";
      };
      return equation + ", " + sampling.steps() + " steps"
          + (decision == IndependenceChain.Decision.ACCEPT_ALL ? ", as generated" : "");
    }

    @Override
    public IndependenceChain.Result run(
        long seed, long length, IndependenceChain.Keep keep, Device device, LongPredicate goOn) {
      return IndependenceChain.run(model, sampling, decision, seed, length, keep, device, goOn);
    }
  }

  private Generation read() throws IOException {
    ModelLocation location = ModelLocation.of(model);
    if (!location.isBundled()) {
      location.file().skipped().forEach(line -> output.err().println("rgflow: passed over: " + line));
    }
    try (ModelFile file = location.open()) {
      if (ScoreModel.describes(file)) {
        return score(ScoreModel.read(file));
      }
      FlowModel flow = FlowModel.read(file);
      if (sampler != null || likelihood != null || asGenerated) {
        throw new IllegalArgumentException("--sampler, --likelihood and --as-generated are for scores, but " + model
            + " is a flow");
      }
      return new FlowGeneration(flow, steps != null ? Outputs.positive("--integration-steps", steps)
          : 2 * flow.configuration().shape().steps());
    }
  }

  private Generation score(ScoreModel found) {
    ScoreSampling.Method method = sampler != null ? sampler : ScoreSampling.Method.SDE;
    if (likelihood != null && method == ScoreSampling.Method.SDE) {
      throw new IllegalArgumentException("--likelihood is for --sampler ode; sde knows the weights of its paths");
    }
    ScoreSampling sampling = new ScoreSampling(method,
        likelihood != null ? likelihood : ScoreSampling.Likelihood.EXACT, steps != null ? steps : method.usualSteps());
    return new ScoreGeneration(found, sampling, asGenerated ? IndependenceChain.Decision.ACCEPT_ALL
        : IndependenceChain.Decision.METROPOLIS);
  }

  private void report(IndependenceChain.Result result, int used, Device device, double seconds, Path file) {
    Ensemble ensemble = result.ensemble();
    ImportanceWeights weights = result.weights();
    LinkedHashMap<String, Estimate> observables = Observables.evaluate(ensemble);
    Estimate logZ = weights.logMean();
    LinkedHashMap<String, Estimate> shown = new LinkedHashMap<>(observables);
    shown.put("ln Z", logZ);
    output.line("");
    Reports.observables(output, shown);
    output.line("");
    output.line("effective sample size %.1f %%, %s, acceptance %.3f", 100 * weights.effectiveFraction(),
        result.integrationError() == 0 ? "weights of whole paths, exact for any number of steps"
            : String.format(Locale.ROOT, "integration error of the weights %.1e", result.integrationError()),
        ensemble.acceptance());
    output.line("%d configurations in %.1f s%s", ensemble.measurements(), seconds,
        file == null ? "" : ", saved to " + file);
    List<String> warnings = new ArrayList<>(Warnings.of(ensemble, observables, true));
    if (likelihood == ScoreSampling.Likelihood.HUTCHINSON) {
      warnings.add("the likelihoods are estimates: the chain and ln Z are biased by their noise; --likelihood exact or"
          + " --sampler sde are not");
    }
    if (asGenerated) {
      warnings.add("observables are those of the model as it is, not of the theory");
    }
    if (result.integrationError() > LARGE_ERROR) {
      warnings.add(String.format(Locale.ROOT, "integration error %.2g: the likelihoods are not quite those of the"
          + " fields; use more --steps", result.integrationError()));
    }
    JsonObject json = Results.sample(ensemble, observables, null, true, warnings, device, seconds);
    json.add("logPartition", Json.estimate(logZ));
    json.add("effectiveSampleFraction", Json.number(weights.effectiveFraction()));
    json.add("integrationError", Json.number(result.integrationError()));
    json.addProperty("integrationSteps", used);
    json.addProperty("model", model);
    output.object(json);
    warnings.forEach(output::warning);
  }
}
