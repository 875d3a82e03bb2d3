package org.rgflow.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import org.rgflow.device.Device;
import org.rgflow.flow.FlowIntegrator;
import org.rgflow.flow.FlowMeasurement;
import org.rgflow.flow.FlowReport;
import org.rgflow.flow.FlowScheme;
import org.rgflow.flow.RunningCovariance;
import org.rgflow.flow.SeedAction;
import org.rgflow.io.EnsembleFiles;
import org.rgflow.io.Json;
import org.rgflow.lattice.Ensemble;
import org.rgflow.spectral.Regulator;
import org.rgflow.spectral.Regulators;
import org.rgflow.validation.plot.Summaries;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rgflow phi4 flow}. */
@Command(
    name = "flow",
    description = "Takes sampled fields along an exact RG flow to lower and lower scales, and measures them there.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  rgflow phi4 flow --in e.npz --scales 4,2,1,0.5 --seed 1 --plot flow.png",
      "  rgflow phi4 flow --in e.npz --scales 2,1 --regulator power:4 --reference-mass2 0.5 --out flowed",
      "  rgflow phi4 flow --in e.npz --scheme wegner-morris --seed-action quartic:1 --scales 2,1 --extrapolate 3",
      "  rgflow phi4 flow --in e.npz --scheme gradient-flow --scales 1,0.5 --format json"
    })
final class Phi4FlowCommand implements Task {
  private static final String POLCHINSKI = "polchinski";
  private static final String WEGNER_MORRIS = "wegner-morris";
  private static final String STOCHASTIC = "stochastic-gradient-flow";

  @Option(names = {"-i", "--in"}, paramLabel = "FILE", required = true,
      description = "The ensemble: .npz or .h5 of 'phi4 sample'.")
  private Path in;

  @Option(names = "--scheme", paramLabel = "NAME", defaultValue = POLCHINSKI,
      converter = Converters.SchemeConverter.class, completionCandidates = Converters.SchemeNames.class,
      description = "One of ${COMPLETION-CANDIDATES}. Default: polchinski.")
  private String scheme;

  @Option(names = "--scales", paramLabel = "L1,L2,...", split = ",", required = true, hideParamSyntax = true,
      description = "Cutoff scales in inverse lattice spacings, descending.")
  private double[] scales;

  @Option(names = "--regulator", paramLabel = "NAME", converter = Converters.RegulatorConverter.class,
      completionCandidates = Converters.RegulatorNames.class,
      description = "Of polchinski and wegner-morris: exponential, power[:n], litim, sharp, fermi[:T]. Default:"
          + " exponential, which the gradient flows have by themselves.")
  private Regulator regulator;

  @Option(names = "--reference-mass2", paramLabel = "M2",
      description = "Of polchinski and wegner-morris: M^2 > 0 of the propagator K/(p^2+M^2) that is integrated out."
          + " Default: 1.")
  private Double referenceMass2;

  @Option(names = "--seed-action", paramLabel = "free|quartic:G", converter = Converters.SeedActionConverter.class,
      description = "Of wegner-morris. Default: free, which makes it Polchinski's and is all that polchinski takes.")
  private SeedAction seedAction;

  @Option(names = "--integrator", paramLabel = "NAME", converter = Converters.FlowIntegratorConverter.class,
      completionCandidates = Converters.FlowIntegratorNames.class,
      description = "Of wegner-morris: one of ${COMPLETION-CANDIDATES}. Default: exponential.")
  private FlowIntegrator integrator;

  @Option(names = "--steps", paramLabel = "N", description = "Of wegner-morris: steps between two scales. Default: 20.")
  private Integer steps;

  @Option(names = "--extrapolate", paramLabel = "N",
      description = "Of wegner-morris: extrapolate to step size zero from N step sizes, each half of the one before.")
  private Integer levels;

  @Option(names = "--sigma", paramLabel = "S",
      description = "Of stochastic-gradient-flow: amplitude of the noise. Default: 1.")
  private Double sigma;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of the noise. Default: a new one, which is printed.")
  private Long seed;

  @Option(names = {"-o", "--out"}, paramLabel = "DIR",
      description = "Folder for the flowed ensembles, one file for each scale, and the numbers. A .png is as --plot.")
  private Path out;

  @Option(names = "--plot", paramLabel = "FILE.png",
      description = "Draw one configuration along the flow, the propagators and what is preserved.")
  private Path plot;

  @Mixin
  private DeviceOptions deviceOptions;

  @Mixin
  private OutputOptions output;

  @Override
  public void execute() throws IOException {
    Path picture = Outputs.picture(out, plot);
    Path folder = out == null || Outputs.isPicture(out) ? null : Outputs.folder(out);
    requireOptionsOfTheScheme();
    Ensemble ensemble = EnsembleFiles.read(in);
    FlowScheme recipe = recipe(ensemble);
    if (referenceMass2 != null && !covariant()) {
      output.note("--reference-mass2 changes nothing: " + scheme
          + " damps every mode by the exponential cutoff e^(-p^2/L^2) whatever the mass");
    }
    long chosenSeed = seed != null ? seed : ThreadLocalRandom.current().nextLong(1L << 40);
    try (Device device = deviceOptions.open(output);
        RunProgress progress = new RunProgress(output)) {
      output.line("%s lattice, %s; %d configurations, %s%s, seed %d; %s", ensemble.lattice(), ensemble.action(),
          (long) ensemble.snapshots() * ensemble.replicas(), scheme, details(), chosenSeed, device.description());
      long begin = System.nanoTime();
      FlowMeasurement.Keep keep = folder != null || picture != null ? FlowMeasurement.Keep.FIELDS
          : FlowMeasurement.Keep.MEASUREMENTS;
      FlowMeasurement measurement = new FlowMeasurement(device, recipe, scales);
      FlowReport report = levels == null ? measurement.run(ensemble, chosenSeed, keep, progress)
          : measurement.extrapolate(ensemble, chosenSeed, keep, levels, progress);
      progress.close();
      double seconds = 1e-9 * (System.nanoTime() - begin);
      JsonObject result = Results.flow(report, ensemble, chosenSeed, device, seconds);
      if (covariant()) {
        result.addProperty("regulator", kept().label());
        result.addProperty("referenceMass2", mass2());
      }
      if (folder != null) {
        write(folder, report, result);
      }
      print(report, seconds, folder);
      output.object(result);
      if (picture != null) {
        Summaries.flow(picture, ensemble, report);
        output.line("Picture: %s", picture);
      }
    } catch (CancellationException e) {
      throw Interruption.stop("nothing was written; start the flow again from " + in);
    }
  }

  private void requireOptionsOfTheScheme() {
    boolean wegnerMorris = scheme.equals(WEGNER_MORRIS);
    boolean exponentialAnyway = regulator instanceof Regulators.Exponential;
    requireOnlyWith(covariant() || exponentialAnyway, "--regulator", regulator);
    mass2();
    boolean freeAnyway = scheme.equals(POLCHINSKI) && SeedAction.FREE.equals(seedAction);
    requireOnlyWith(wegnerMorris || freeAnyway, "--seed-action", seedAction);
    requireOnlyWith(wegnerMorris, "--integrator", integrator);
    requireOnlyWith(wegnerMorris, "--steps", steps);
    requireOnlyWith(wegnerMorris, "--extrapolate", levels);
    requireOnlyWith(scheme.equals(STOCHASTIC), "--sigma", sigma);
  }

  /** Whether the scheme flows along the covariance of a regulated propagator. */
  private boolean covariant() {
    return scheme.equals(POLCHINSKI) || scheme.equals(WEGNER_MORRIS);
  }

  private void requireOnlyWith(boolean fits, String option, Object value) {
    if (value != null && !fits) {
      throw new IllegalArgumentException(option + " means nothing to --scheme " + scheme + "; leave it out");
    }
  }

  private FlowScheme recipe(Ensemble ensemble) {
    return switch (scheme) {
      case POLCHINSKI -> FlowScheme.polchinski(covariance(ensemble));
      case WEGNER_MORRIS -> new FlowScheme.WegnerMorris(covariance(ensemble),
          seedAction == null ? SeedAction.FREE : seedAction,
          integrator == null ? FlowIntegrator.EXPONENTIAL : integrator,
          steps == null ? 20 : Outputs.positive("--steps", steps));
      case STOCHASTIC -> FlowScheme.stochasticGradientFlow(ensemble.action(), sigma == null ? 1 : sigma);
      default -> FlowScheme.gradientFlow();
    };
  }

  private RunningCovariance covariance(Ensemble ensemble) {
    return RunningCovariance.of(ensemble.action(), mass2(), kept());
  }

  private double mass2() {
    return referenceMass2 == null ? 1 : Outputs.positive("--reference-mass2", referenceMass2);
  }

  private Regulator kept() {
    return regulator == null ? new Regulators.Exponential() : regulator;
  }

  private String details() {
    return switch (scheme) {
      case POLCHINSKI -> " with the " + kept().label() + " regulator, M^2 = " + mass2();
      case WEGNER_MORRIS -> " with the " + kept().label() + " regulator, M^2 = " + mass2() + ", seed action "
          + (seedAction == null ? SeedAction.FREE : seedAction).label();
      default -> "";
    };
  }

  private static void write(Path folder, FlowReport report, JsonObject result) throws IOException {
    Files.createDirectories(folder);
    for (FlowReport.Scale scale : report.scales()) {
      EnsembleFiles.write(folder.resolve("scale-" + scale.lambda() + ".npz"), scale.fields().orElseThrow());
    }
    Json.write(folder.resolve("flow.json"), result);
  }

  private void print(FlowReport report, double seconds, Path folder) {
    List<FlowReport.Scale> all = new ArrayList<>();
    all.add(report.start());
    all.addAll(report.scales());
    output.line("");
    output.line("%8s  %-22s %-22s %-22s %-20s %s", "Lambda", "phi2", "susceptibility", "binder", "xi_2nd", "preserved");
    for (FlowReport.Scale scale : all) {
      output.line("%8s  %-22s %-22s %-22s %-20s %s",
          Double.isInfinite(scale.lambda()) ? "inf" : trimmed(scale.lambda()),
          Reports.withError(scale.observables().get("phi2")),
          Reports.withError(scale.observables().get("susceptibility")),
          Reports.withError(scale.observables().get("binder")),
          Reports.withError(scale.observables().get("correlationLength2nd")), Reports.preserved(scale));
    }
    output.line("");
    output.line("%.1f s%s", seconds, folder == null ? "" : "; the flowed ensembles and all numbers are in " + folder);
  }

  private static String trimmed(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
