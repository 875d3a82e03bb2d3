package org.rgflow.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import org.rgflow.device.Device;
import org.rgflow.io.EnsembleFiles;
import org.rgflow.io.Json;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Measurement;
import org.rgflow.lattice.Phi4Action;
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
        + "weights: independent fields, both phases of a broken theory, and ln Z.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  rgflow phi4 bridge --lattice 8x8 --mass2 -4 --lambda 6.008 --seed 1",
      "  rgflow phi4 bridge --lattice 16x16 --mass2 -4 --lambda 3 --replicas 1024 --conditional-ess 0.999 --out e.npz"
    })
final class Phi4BridgeCommand implements Task {
  private static final int CHAINS = 16;
  private static final int PILOTS = 256;
  private static final double LOW_EFFICIENCY = 0.1;

  @Option(names = "--lattice", paramLabel = "LXxLY", required = true, converter = Converters.LatticeConverter.class,
      description = "Extents of the periodic lattice, 2 to 2048 each.")
  private Lattice lattice;

  @Mixin
  private ActionOptions actionOptions;

  @Option(names = "--replicas", paramLabel = "R", defaultValue = "4096",
      description = "Independent fields, at least 16; multiples of 16 are fastest. Default: ${DEFAULT-VALUE}.")
  private int replicas;

  @Option(names = "--conditional-ess", paramLabel = "X", defaultValue = "0.99",
      description = "Effective sample size of each step from level to level, as a fraction: nearer to 1 gives more "
          + "levels and more equal weights. Default: ${DEFAULT-VALUE}.")
  private double conditionalEss;

  @Option(names = "--trajectories", paramLabel = "N", defaultValue = "1",
      description = "HMC trajectories at each level. Default: ${DEFAULT-VALUE}.")
  private int trajectories;

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

  @Override
  public void execute() throws IOException {
    Path file = Outputs.ensembleFile(out);
    Phi4Action action = actionOptions.action();
    if (replicas < CHAINS) {
      throw new IllegalArgumentException("--replicas " + replicas + ": must be at least " + CHAINS);
    }
    if (trajectories < 1) {
      throw new IllegalArgumentException("--trajectories " + trajectories + ": must be at least 1");
    }
    if (!(conditionalEss > 0 && conditionalEss < 1)) {
      throw new IllegalArgumentException("--conditional-ess " + conditionalEss + ": must lie between 0 and 1");
    }
    long chosenSeed = seed != null ? seed : ThreadLocalRandom.current().nextLong(1L << 40);
    try (Device device = deviceOptions.open(output);
        RunProgress progress = new RunProgress(output)) {
      output.line("%s lattice, %s; RG bridge, %d replicas, seed %d; %s", lattice, action, replicas, chosenSeed,
          device.description());
      long begin = System.nanoTime();
      RgBridge bridge = new RgBridge(device, action, lattice, trajectories);
      // The levels are found by other fields than the results: their random numbers lie far beyond those of the run.
      List<RgBridge.Level> levels =
          bridge.adapt(Math.min(replicas, PILOTS), conditionalEss, new RandomStream(chosenSeed, 1L << 40), progress);
      RandomStream stream = new RandomStream(chosenSeed);
      RgBridge.Result result = bridge.run(replicas, levels, stream, progress);
      progress.close();
      LinkedHashMap<String, Estimate> observables = observables(action, result, device);
      double seconds = 1e-9 * (System.nanoTime() - begin);
      if (file != null) {
        EnsembleFiles.write(file, ensemble(action, result, stream, device));
      }
      report(action, result, levels, observables, chosenSeed, device, seconds, file);
    } catch (CancellationException e) {
      throw Interruption.stop("nothing was written; a bridge cannot be resumed");
    }
  }

  private static LinkedHashMap<String, Estimate> observables(Phi4Action action, RgBridge.Result result, Device device) {
    try (Measurement measurement = new Measurement(result.layout(), result.fields(), device)) {
      measurement.measure();
      return Observables.evaluate(measurement.values(), 1, result.layout().lattice(), action, result.weights());
    }
  }

  /** The resampled fields as 16 series: what was drawn repeatedly stands together, and shows as autocorrelation. */
  private Ensemble ensemble(Phi4Action action, RgBridge.Result result, RandomStream stream, Device device) {
    FieldLayout layout = new FieldLayout(lattice, CHAINS);
    int length = replicas / CHAINS;
    Ensemble ensemble = new Ensemble(action, layout);
    ensemble.setSampler("bridge");
    ensemble.setRandomPosition(stream.seed(), stream.step());
    ensemble.provenance().put("program", "rgflow " + Version.number());
    float[] drawn = result.resampled(stream);
    float[] snapshot = new float[layout.size()];
    float[] one = new float[lattice.sites()];
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

  private void report(Phi4Action action, RgBridge.Result result, List<RgBridge.Level> levels,
      LinkedHashMap<String, Estimate> observables, long chosenSeed, Device device, double seconds, Path file) {
    Estimate logZ = result.weights().logMean();
    double efficiency = result.weights().effectiveFraction();
    output.line("%d levels, acceptance %.3f, effective sample size %.1f %% of %d", levels.size(), result.acceptance(),
        100 * efficiency, replicas);
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
    json.addProperty("levels", levels.size());
    json.addProperty("trajectories", trajectories);
    json.add("acceptance", Json.number(result.acceptance()));
    json.addProperty("configurations", replicas);
    json.addProperty("seed", chosenSeed);
    json.addProperty("device", device.description());
    json.add("seconds", Json.number(seconds));
    json.addProperty("lattice", lattice.toString());
    json.addProperty("action", action.toString());
    json.addProperty("sampler", "bridge");
    output.object(json);
    if (efficiency < LOW_EFFICIENCY) {
      output.warning("few fields carry nearly all of the weight, so that means and errors cannot be trusted; "
          + "use a larger --conditional-ess or more --trajectories");
    }
  }
}
