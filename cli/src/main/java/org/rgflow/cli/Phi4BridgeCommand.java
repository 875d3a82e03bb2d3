package org.rgflow.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.rgflow.device.Device;
import org.rgflow.io.EnsembleFiles;
import org.rgflow.io.Json;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Measurement;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.learned.ScoreBridge;
import org.rgflow.learned.ScoreLevels;
import org.rgflow.learned.ScoreModel;
import org.rgflow.model.ModelFile;
import org.rgflow.model.ModelLocation;
import org.rgflow.random.RandomStream;
import org.rgflow.sampler.RgBridge;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.Observables;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rgflow phi4 bridge}. */
@Command(
    name = "bridge",
    description = "Samples the lattice phi^4 theory backwards along its RG flow, from white noise, with Jarzynski "
        + "weights: independent fields, both phases of a broken theory, and ln Z. Hybrid Monte Carlo keeps the fields"
        + " in equilibrium on the way, or, with --drift, a learned score.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  rgflow phi4 bridge --lattice 8x8 --mass2 -4 --lambda 6.008 --seed 1",
      "  rgflow phi4 bridge --lattice 16x16 --mass2 -4 --lambda 3 --replicas 1024 --conditional-ess 0.999 --out e.npz",
      "  rgflow phi4 bridge --drift bundled:phi4-8x8-score --replicas 1024 --conditional-ess 0.995 --seed 1",
      "  rgflow phi4 bridge --drift score6 --levels 100 --seed 1"
    })
final class Phi4BridgeCommand implements Task {
  private static final int CHAINS = 16;
  private static final int PILOTS = 256;
  private static final double DEFAULT_ESS = 0.99;
  private static final int SHOWN_LEVELS = 12;
  private static final double LOW_EFFICIENCY = 0.1;

  @Option(names = "--lattice", paramLabel = "LXxLY", converter = Converters.LatticeConverter.class,
      description = "Extents of the periodic lattice, 2 to 2048 each. --drift has it, and the action.")
  private Lattice lattice;

  @Mixin
  private ActionOptions actionOptions;

  @Option(names = "--replicas", paramLabel = "R", defaultValue = "4096",
      description = "Independent fields, at least 16; multiples of 16 are fastest. Default: ${DEFAULT-VALUE}.")
  private int replicas;

  @Option(names = "--conditional-ess", paramLabel = "X",
      description = "Effective sample size of each step from level to level, as a fraction: nearer to 1 gives more "
          + "levels and more equal weights. Default: 0.99. With --drift it counts what the levels cost, not what"
          + " the model does wrong.")
  private Double conditionalEss;

  @Option(names = "--trajectories", paramLabel = "N", description = "HMC trajectories at each level. Default: 1.")
  private Integer trajectories;

  @Option(names = "--drift", paramLabel = "FILE|RUN",
      description = "A model of 'phi4 learn --method score', whose force escorts the fields.")
  private String drift;

  @Option(names = "--levels", paramLabel = "N",
      description = "Of --drift: the number of levels, instead of --conditional-ess; where they are is found all the"
          + " same.")
  private Integer levels;

  @Option(names = "--seed", paramLabel = "N",
      description = "Seed of all random numbers. Default: a new one, which is printed.")
  private Long seed;

  @Option(names = {"-o", "--out"}, paramLabel = "FILE",
      description = "Where fields of equal weight go, .npz or .h5, in 16 series of equal length (resampled; a field of "
          + "large weight comes several times).")
  private Path out;

  @Mixin
  private DeviceOptions deviceOptions;

  @Mixin
  private OutputOptions output;

  /**
   * What a bridge gave.
   *
   * @param stream where the random numbers for resampling continue
   * @param properTimes of the levels
   * @param conditionalEss of each step
   * @param levelsVariance what the levels add to the variance of ln w, NaN if it is not known
   * @param trajectories at each level, 0 with a learned drift
   */
  private record Crossing(Phi4Action action, RgBridge.Result result, RandomStream stream, double[] properTimes,
      double conditionalEss, double levelsVariance, int trajectories) {
    int levels() {
      return properTimes.length;
    }
  }

  @Override
  public void execute() throws IOException {
    Path file = Outputs.ensembleFile(out);
    if (replicas < CHAINS) {
      throw new IllegalArgumentException("--replicas " + replicas + ": must be at least " + CHAINS);
    }
    long chosenSeed = seed != null ? seed : ThreadLocalRandom.current().nextLong(1L << 40);
    ScoreModel model = drift == null ? null : model();
    Phi4Action action = model == null ? actionOptions.action() : model.configuration().action();
    Lattice chosen = model == null ? lattice() : model.configuration().lattice();
    try (Device device = deviceOptions.open(output);
        RunProgress progress = new RunProgress(output)) {
      output.line("%s lattice, %s; RG bridge%s, %d replicas, seed %d; %s", chosen, action,
          model == null ? "" : " along " + drift, replicas, chosenSeed, device.description());
      long begin = System.nanoTime();
      Crossing crossing = model == null ? annealed(chosen, action, chosenSeed, device, progress)
          : escorted(model, chosenSeed, device, progress);
      progress.close();
      LinkedHashMap<String, Estimate> observables = observables(action, crossing.result(), device);
      double seconds = 1e-9 * (System.nanoTime() - begin);
      if (file != null) {
        EnsembleFiles.write(file, ensemble(crossing, device));
      }
      report(crossing, observables, chosenSeed, device, seconds, file);
    } catch (CancellationException e) {
      throw Interruption.stop("nothing was written; a bridge cannot be resumed");
    }
  }

  private Lattice lattice() {
    if (lattice == null) {
      throw new IllegalArgumentException("--lattice is missing, for instance --lattice 8x8");
    }
    if (levels != null) {
      throw new IllegalArgumentException("--levels is for --drift; without it levels are found by --conditional-ess");
    }
    return lattice;
  }

  private ScoreModel model() throws IOException {
    if (lattice != null || actionOptions.given() || trajectories != null) {
      throw new IllegalArgumentException("with --drift leave out --lattice, the action and --trajectories: the model"
          + " has the theory, and its force takes the place of trajectories");
    }
    if (levels != null && conditionalEss != null) {
      throw new IllegalArgumentException("give --levels or --conditional-ess: one follows from the other");
    }
    if (levels != null && levels < 2) {
      throw new IllegalArgumentException("--levels " + levels + ": must be at least 2");
    }
    try (ModelFile file = ModelLocation.of(drift).open()) {
      return ScoreModel.read(file);
    }
  }

  private Crossing annealed(
      Lattice chosen, Phi4Action action, long chosenSeed, Device device, RunProgress progress) {
    int updates = trajectories != null ? Outputs.positive("--trajectories", trajectories) : 1;
    double ess = wantedEss();
    RgBridge bridge = new RgBridge(device, action, chosen, updates);
    // The levels are found by other fields than the results: their random numbers lie far beyond those of the run.
    List<RgBridge.Level> found =
        bridge.adapt(Math.min(replicas, PILOTS), ess, new RandomStream(chosenSeed, 1L << 40), progress);
    RandomStream stream = new RandomStream(chosenSeed);
    return new Crossing(action, bridge.run(replicas, found, stream, progress), stream,
        found.stream().mapToDouble(RgBridge.Level::properTime).toArray(), ess, Double.NaN, updates);
  }

  private double wantedEss() {
    double ess = conditionalEss != null ? conditionalEss : DEFAULT_ESS;
    if (!(ess > 0 && ess < 1)) {
      throw new IllegalArgumentException("--conditional-ess " + ess + ": must lie between 0 and 1");
    }
    return ess;
  }

  private Crossing escorted(ScoreModel model, long chosenSeed, Device device, RunProgress progress) {
    ScoreLevels found = levels != null ? ScoreBridge.adapt(model, levels, chosenSeed, device, progress)
        : ScoreBridge.adapt(model, wantedEss(), chosenSeed, device, progress);
    if (levels == null && found.conditionalEss() < wantedEss()) {
      output.warning(String.format(Locale.ROOT, "%d levels are the most that are found; the conditional effective"
          + " sample size is %s, below --conditional-ess %s", found.count(), found.conditionalEss(), wantedEss()));
    }
    RgBridge.Result result = ScoreBridge.run(model, found, replicas, chosenSeed, device, progress);
    double[] properTimes = Arrays.stream(found.places()).skip(1).map(model.path()::properTime).toArray();
    return new Crossing(model.configuration().action(), result, new RandomStream(chosenSeed), properTimes,
        found.conditionalEss(), found.variance(), 0);
  }

  private static LinkedHashMap<String, Estimate> observables(Phi4Action action, RgBridge.Result result, Device device) {
    try (Measurement measurement = new Measurement(result.layout(), result.fields(), device)) {
      measurement.measure();
      return Observables.evaluate(measurement.values(), 1, result.layout().lattice(), action, result.weights());
    }
  }

  /** The resampled fields as 16 series: what was drawn repeatedly stands together, and shows as autocorrelation. */
  private Ensemble ensemble(Crossing crossing, Device device) {
    RgBridge.Result result = crossing.result();
    RandomStream stream = crossing.stream();
    Lattice chosen = result.layout().lattice();
    FieldLayout layout = new FieldLayout(chosen, CHAINS);
    int length = replicas / CHAINS;
    Ensemble ensemble = new Ensemble(crossing.action(), layout);
    ensemble.setSampler("bridge");
    ensemble.setRandomPosition(stream.seed(), stream.step());
    ensemble.provenance().put("program", "rgflow " + Version.number());
    float[] drawn = result.resampled(stream);
    float[] snapshot = new float[layout.size()];
    float[] one = new float[chosen.sites()];
    try (Measurement measurement = new Measurement(layout, snapshot, device)) {
      for (int t = 0; t < length; t++) {
        for (int chain = 0; chain < CHAINS; chain++) {
          result.layout().gather(drawn, chain * length + t, one, 0);
          layout.scatter(one, 0, snapshot, chain);
        }
        ensemble.append(snapshot, layout);
        measurement.measure();
        measurement.recordTo(ensemble);
      }
    }
    return ensemble;
  }

  private void report(Crossing crossing, LinkedHashMap<String, Estimate> observables, long chosenSeed, Device device,
      double seconds, Path file) {
    RgBridge.Result result = crossing.result();
    Estimate logZ = result.weights().logMean();
    double efficiency = result.weights().effectiveFraction();
    output.line("%d levels, %seffective sample size %.1f %% of %d", crossing.levels(),
        drift == null ? String.format(Locale.ROOT, "acceptance %.3f, ", result.acceptance()) : "", 100 * efficiency,
        replicas);
    output.line("%s", places(crossing));
    double variance = variance(result);
    if (drift != null) {
      output.line("variance of ln w %.3f, of which about %.3f by the levels (conditional effective sample size %.5f)",
          variance, crossing.levelsVariance(), crossing.conditionalEss());
    }
    output.line("");
    LinkedHashMap<String, Estimate> shown = new LinkedHashMap<>(observables);
    shown.put("ln Z", logZ);
    Reports.observables(output, shown);
    output.line("");
    output.line("%.1f s%s", seconds, file == null ? "" : ", saved to " + file);

    JsonObject json = new JsonObject();
    json.add("observables", Json.estimates(observables));
    json.add("logPartition", Json.estimate(logZ));
    json.add("effectiveSampleFraction", Json.number(efficiency));
    json.addProperty("levels", crossing.levels());
    json.add("properTimes", Json.numbers(crossing.properTimes()));
    json.add("conditionalEss", Json.number(crossing.conditionalEss()));
    json.add("logWeightVariance", Json.number(variance));
    json.add("levelsVariance", Json.number(crossing.levelsVariance()));
    json.addProperty("trajectories", crossing.trajectories());
    json.add("acceptance", Json.number(result.acceptance()));
    json.addProperty("configurations", replicas);
    json.addProperty("seed", chosenSeed);
    json.addProperty("device", device.description());
    json.add("seconds", Json.number(seconds));
    json.addProperty("lattice", result.layout().lattice().toString());
    json.addProperty("action", crossing.action().toString());
    json.addProperty("sampler", "bridge");
    output.object(json);
    if (efficiency < LOW_EFFICIENCY) {
      output.warning("few fields carry nearly all of the weight, so that means and errors cannot be trusted; "
          + remedy(crossing, efficiency));
    }
  }

  private static String remedy(Crossing crossing, double efficiency) {
    if (Double.isNaN(crossing.levelsVariance())) {
      return "use a larger --conditional-ess or more --trajectories";
    }
    return crossing.levelsVariance() > -0.5 * Math.log(efficiency) ? "use a larger --conditional-ess or more --levels"
        : "more levels would not help, but a longer training of the model";
  }

  /** Of ln w. */
  private static double variance(RgBridge.Result result) {
    double[] logWeights =
        IntStream.range(0, result.layout().replicas()).mapToDouble(result.weights()::logWeight).toArray();
    double mean = Arrays.stream(logWeights).average().orElseThrow();
    return Arrays.stream(logWeights).map(w -> (w - mean) * (w - mean)).sum() / (logWeights.length - 1);
  }

  /** Where the levels are, or some of them, about {@value #SHOWN_LEVELS} and always the last. */
  private static String places(Crossing crossing) {
    int stride = Math.ceilDiv(crossing.levels(), SHOWN_LEVELS);
    StringBuilder line = new StringBuilder(stride == 1 ? "" : "one in " + stride + " ").append("levels at Lambda =");
    for (int level = (crossing.levels() - 1) % stride; level < crossing.levels(); level += stride) {
      line.append(level == crossing.levels() - 1 ? " infinity"
          : String.format(Locale.ROOT, " %.3g", 1 / Math.sqrt(crossing.properTimes()[level])));
    }
    return line.toString();
  }
}
