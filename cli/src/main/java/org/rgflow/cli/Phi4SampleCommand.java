package org.rgflow.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import org.rgflow.device.Device;
import org.rgflow.io.EnsembleFiles;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;
import org.rgflow.sampler.Integrator;
import org.rgflow.sampler.Sampler;
import org.rgflow.sampler.SamplerOptions;
import org.rgflow.sampler.Samplers;
import org.rgflow.sampler.SamplingRun;
import org.rgflow.sampler.Start;
import org.rgflow.statistics.Correlator;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.Observables;
import org.rgflow.validation.plot.Summaries;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rgflow phi4 sample}. */
@Command(
    name = "sample",
    description = "Samples the lattice phi^4 theory and reports its observables with their errors.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  rgflow phi4 sample --lattice 6x6 --mass2 -4 --lambda 6.975 --configurations 20000 --seed 7",
      "  rgflow phi4 sample --lattice 64x64 --mass2 -4 --lambda 4.398 --sampler wolff -o e.npz --plot e.png",
      "  rgflow phi4 sample --resume --out e.npz --configurations 40000",
      "  rgflow phi4 sample --lattice 16x32 --action kappa-lambda --kappa 0.25 --lambda 0.5 --format json"
    })
final class Phi4SampleCommand implements Task {
  private static final int DEFAULT_REPLICAS = 16;
  private static final long DEFAULT_CONFIGURATIONS = 1000;
  private static final String DEFAULT_SAMPLER = "hmc";
  private static final String UPDATES = "updatesPerMeasurement";
  private static final String STEPS = "steps";
  private static final String TRAJECTORY = "trajectoryLength";

  @Option(names = "--lattice", paramLabel = "LXxLY", converter = Converters.LatticeConverter.class,
      description = "Extents of the periodic lattice, 2 to 2048 each.")
  private Lattice lattice;

  @Mixin
  private ActionOptions actionOptions;

  @Option(names = "--sampler", paramLabel = "NAME", converter = Converters.SamplerConverter.class,
      completionCandidates = Converters.SamplerNames.class,
      description = "One of ${COMPLETION-CANDIDATES}. Default: hmc. The step size biases langevin and"
          + " langevin-exponential (schwingerDyson is then not 1); mala is exact.")
  private String sampler;

  @Option(names = "--configurations", paramLabel = "N",
      description = "Measured configurations of all replicas together. Default: 1000.")
  private Long configurations;

  @Option(names = "--replicas", paramLabel = "R",
      description = "Independent chains side by side; multiples of 16 are fastest. Default: 16.")
  private Integer replicas;

  @Option(names = "--thermalise", paramLabel = "N",
      description = "Updates to discard. Default: automatic, until the means of phi^2 and |m| have settled.")
  private Long thermalise;

  @Option(names = "--updates-per-measurement", paramLabel = "N",
      description = "Updates between measurements. Default: 1.")
  private Integer updatesPerMeasurement;

  @Option(names = "--save-every", paramLabel = "N",
      description = "Save every N-th measured configuration to --out; 0 saves only the observables. Default: 1.")
  private Integer saveEvery;

  @Option(names = "--start", paramLabel = "hot|cold", converter = Converters.StartConverter.class,
      completionCandidates = Converters.StartNames.class, description = "First configuration. Default: hot.")
  private Start start;

  @Option(names = "--integrator", paramLabel = "NAME", converter = Converters.IntegratorConverter.class,
      completionCandidates = Converters.IntegratorNames.class,
      description = "Of hmc: leapfrog or omelyan. Default: leapfrog.")
  private Integrator integrator;

  @Option(names = "--steps", paramLabel = "N",
      description = "Steps per trajectory of hmc, which then tunes nothing; or steps or sweeps per update.")
  private Integer steps;

  @Option(names = "--step-size", paramLabel = "E", description = "Step size; then nothing is tuned.")
  private Double stepSize;

  @Option(names = "--trajectory-length", paramLabel = "T",
      description = "Molecular-dynamics time of a trajectory of hmc.")
  private Double trajectoryLength;

  @Option(names = "--seed", paramLabel = "N",
      description = "Seed of all random numbers. Default: a new one, which is printed.")
  private Long seed;

  @Option(names = {"-o", "--out"}, paramLabel = "FILE",
      description = "Where the ensemble goes, .npz (for numpy) or .h5; saved now and then and at the end. A .png is"
          + " as --plot.")
  private Path out;

  @Option(names = "--resume", description = "Continue the run saved in --out, bit for bit, up to --configurations.")
  private boolean resume;

  @Option(names = "--plot", paramLabel = "FILE.png",
      description = "Draw a configuration, the time series of |m|, its autocorrelation and the distribution of m.")
  private Path plot;

  @Mixin
  private DeviceOptions deviceOptions;

  @Mixin
  private OutputOptions output;

  @Override
  public void execute() throws IOException {
    Path file = Outputs.ensembleFile(out);
    Path picture = Outputs.picture(out, plot);
    if (resume) {
      requireNotGiven("--start", start);
      requireNotGiven("--thermalise", thermalise);
      requireNotGiven("--step-size", stepSize);
    }
    Ensemble saved = resume ? toResume(file) : null;
    Phi4Action action = saved == null || actionOptions.given() ? actionOptions.action() : saved.action();
    if (lattice == null && saved == null) {
      throw new IllegalArgumentException("--lattice is missing, for instance --lattice 64x64");
    }
    Lattice sites = lattice != null ? lattice : saved.lattice();
    int chains = replicas != null ? replicas : saved != null ? saved.replicas() : DEFAULT_REPLICAS;
    FieldLayout layout = new FieldLayout(sites, chains);
    long chosenSeed = seed != null ? seed
        : saved != null ? saved.seed() : ThreadLocalRandom.current().nextLong(1L << 40);
    String samplerName = samplerName(saved);
    SamplerOptions options = samplerOptions(saved);
    SamplingRun.Settings settings = settings(saved, chains);

    try (Device device = deviceOptions.open(output);
        Sampler chain = Samplers.create(samplerName, action, layout, new RandomStream(chosenSeed), device, options);
        RunProgress progress = new RunProgress(output)) {
      output.line("%s lattice, %s; %s, %d %s, seed %d; %s", sites, action, samplerName, chains,
          chains == 1 ? "replica" : "replicas", chosenSeed, device.description());
      long begin = System.nanoTime();
      SamplingRun run = new SamplingRun(chain, device, settings, progress,
          ensemble -> save(ensemble, file, settings, options));
      Ensemble ensemble = saved == null ? run.run() : run.resume(saved);
      double seconds = 1e-9 * (System.nanoTime() - begin);
      progress.close();
      if (run.stopped()) {
        throw Interruption.stop(kept(ensemble, file, settings, chains));
      }
      LinkedHashMap<String, Estimate> observables = Observables.evaluate(ensemble);
      Estimate extent = saved == null && run.correlators().length > 0
          ? new Correlator(run.correlatorExtent(), chains, run.correlators()).extentOverCorrelationLength() : null;
      report(ensemble, observables, extent, run, device, seconds, file);
      if (picture != null) {
        Summaries.sample(picture, ensemble);
        output.line("Picture: %s", picture);
      }
    }
  }

  private static void requireNotGiven(String option, Object value) {
    if (value != null) {
      throw new IllegalArgumentException(option + " belongs to the beginning of a run; with --resume leave it out");
    }
  }

  private static Ensemble toResume(Path file) throws IOException {
    if (file == null) {
      throw new IllegalArgumentException("--resume continues the run in --out; name its .npz or .h5 file there");
    }
    if (!Files.exists(file)) {
      throw new IllegalArgumentException("nothing to resume: " + file
          + " does not exist; without --resume a new run starts");
    }
    return EnsembleFiles.read(file);
  }

  private String samplerName(Ensemble saved) {
    String name = sampler != null ? sampler : saved != null ? saved.sampler() : DEFAULT_SAMPLER;
    if (integrator == null) {
      return name;
    }
    if (!name.startsWith("hmc") || name.contains("omelyan") && integrator == Integrator.LEAPFROG) {
      throw new IllegalArgumentException("--integrator " + integrator.label() + " does not go with --sampler " + name);
    }
    return integrator == Integrator.LEAPFROG || name.contains("omelyan") ? name
        : name.replaceFirst("hmc", "hmc-omelyan");
  }

  private SamplerOptions samplerOptions(Ensemble saved) {
    Map<String, String> before = saved == null ? Map.of() : saved.provenance();
    SamplerOptions options = SamplerOptions.DEFAULTS;
    if (start != null) {
      options = options.withStart(start);
    }
    if (steps != null) {
      options = options.withSteps(Outputs.positive("--steps", steps));
    } else if (before.containsKey(STEPS)) {
      options = options.withSteps(Integer.parseInt(before.get(STEPS)));
    }
    if (stepSize != null) {
      options = options.withStepSize(Outputs.positive("--step-size", stepSize));
    }
    if (trajectoryLength != null) {
      options = options.withTrajectoryLength(Outputs.positive("--trajectory-length", trajectoryLength));
    } else if (before.containsKey(TRAJECTORY)) {
      options = options.withTrajectoryLength(Double.parseDouble(before.get(TRAJECTORY)));
    }
    return options;
  }

  private SamplingRun.Settings settings(Ensemble saved, int chains) {
    long wanted = configurations != null ? configurations : saved != null ? (long) saved.measurements() * chains
        : DEFAULT_CONFIGURATIONS;
    if (wanted < 1) {
      throw new IllegalArgumentException("--configurations " + wanted + ": must be at least 1");
    }
    int updates = updatesPerMeasurement != null ? updatesPerMeasurement
        : saved != null ? Integer.parseInt(saved.provenance().getOrDefault(UPDATES, "1")) : 1;
    if (saveEvery != null && saveEvery < 0) {
      throw new IllegalArgumentException("--save-every " + saveEvery + ": must be at least 0");
    }
    int every = saveEvery != null ? saveEvery : saved == null ? 1 : saved.snapshots() == 0 ? 0 : saved.saveEvery();
    if (out == null || out.toString().endsWith(".png")) {
      every = 0; // nobody will see the configurations
    }
    return new SamplingRun.Settings(Math.ceilDiv(wanted, chains), updates, every,
        thermalise == null ? OptionalLong.empty() : OptionalLong.of(thermalise),
        stepSize != null || steps != null && samplerName(saved).startsWith("hmc") ? SamplingRun.StepSize.FIXED
            : SamplingRun.StepSize.TUNED);
  }

  private static void save(Ensemble ensemble, Path file, SamplingRun.Settings settings, SamplerOptions options)
      throws IOException {
    if (file == null) {
      return;
    }
    Map<String, String> provenance = ensemble.provenance();
    provenance.put("program", "rgflow " + Version.number());
    provenance.put(UPDATES, Integer.toString(settings.updatesPerMeasurement()));
    if (options.steps() > 0) {
      provenance.put(STEPS, Integer.toString(options.steps()));
    }
    if (options.trajectoryLength() > 0) {
      provenance.put(TRAJECTORY, Double.toString(options.trajectoryLength()));
    }
    EnsembleFiles.write(file, ensemble);
  }

  private static String kept(Ensemble ensemble, Path file, SamplingRun.Settings settings, int chains) {
    long done = (long) ensemble.measurements() * chains;
    if (file == null) {
      return "nothing was kept, for there was no --out";
    }
    return done == 0 ? "nothing was measured yet, and " + file + " is as it was"
        : done + " of " + settings.measurements() * chains + " configurations kept in " + file
        + "; resume with --resume";
  }

  private void report(Ensemble ensemble, LinkedHashMap<String, Estimate> observables, Estimate extent,
      SamplingRun run, Device device, double seconds, Path file) {
    long measured = (long) ensemble.measurements() * ensemble.replicas();
    output.line("thermalised with %d updates (%s)%s", ensemble.thermalisation(),
        resume ? "when the run began" : thermalise == null ? "automatic" : "as given", tuning(ensemble.tuning()));
    output.line("");
    Map<String, Estimate> shown = new LinkedHashMap<>(observables);
    if (extent != null && Double.isFinite(extent.error())) {
      shown.put("L/xi", extent);
    }
    Reports.observables(output, shown);
    output.line("");
    output.line("%d configurations in %.1f s%s%s", measured, seconds,
        Double.isNaN(ensemble.acceptance()) ? ""
            : String.format(Locale.ROOT, ", acceptance %.3f", ensemble.acceptance()),
        file == null ? "" : ", saved to " + file);

    List<String> warnings = Warnings.of(ensemble, observables, run.settled());
    output.object(Results.sample(ensemble, observables, extent, run.settled(), warnings, device, seconds));
    warnings.forEach(output::warning);
  }

  private static String tuning(Map<String, Double> tuning) {
    StringBuilder text = new StringBuilder();
    tuning.forEach((name, value) -> text.append(String.format(Locale.ROOT,
        value == Math.rint(value) && value < 1e6 ? ", %s %.0f" : ", %s %.4g", name, value)));
    return text.toString();
  }
}
