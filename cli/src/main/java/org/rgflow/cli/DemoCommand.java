package org.rgflow.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.rgflow.data.ColorImage;
import org.rgflow.data.Landscape;
import org.rgflow.data.YCbCr;
import org.rgflow.device.Device;
import org.rgflow.diffusion.FermiSchedule;
import org.rgflow.diffusion.TwoVariables;
import org.rgflow.flow.FlowMeasurement;
import org.rgflow.flow.FlowReport;
import org.rgflow.flow.FlowScheme;
import org.rgflow.flow.RunningCovariance;
import org.rgflow.io.EnsembleFiles;
import org.rgflow.io.Json;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;
import org.rgflow.sampler.Sampler;
import org.rgflow.sampler.SamplerOptions;
import org.rgflow.sampler.Samplers;
import org.rgflow.sampler.SamplingRun;
import org.rgflow.spectral.Regulators;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.Observables;
import org.rgflow.validation.plot.Panels;
import org.rgflow.validation.plot.Summaries;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rgflow demo}. */
@Command(
    name = "demo",
    description = "The whole in less than a minute: samples fields near criticality, flows them through six scales,"
        + " and sends a picture through the same kernel. Pictures and numbers go to a folder.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  rgflow demo --out demo", "  rgflow demo --out demo --overwrite --seed 2"})
final class DemoCommand implements Task {
  private static final String FIELDS = "fields.npz";
  private static final String SAMPLE_PICTURE = "sample.png";
  private static final String FLOW_PICTURE = "flow.png";
  private static final String IMAGE_PICTURE = "image.png";
  private static final String NUMBERS = "demo.json";
  private static final List<String> FILES = List.of(FIELDS, SAMPLE_PICTURE, FLOW_PICTURE, IMAGE_PICTURE, NUMBERS);

  private static final Phi4Action ACTION = Phi4Action.gerdes(-4, 4.398);
  private static final String SAMPLER = "wolff";
  private static final int SIDE = 64;
  private static final int REPLICAS = 16;
  private static final int MEASUREMENTS = 100;
  private static final double[] SCALES = {4, 2, 1, 0.5, 0.25, 0.125};
  private static final int PICTURE_SIDE = 256;
  private static final int PATCH = 8;
  private static final double[] POTENTIALS = {2, 1, 0, -1, -2};

  @Option(names = {"-o", "--out"}, paramLabel = "DIR", defaultValue = "demo",
      description = "Folder for the pictures and numbers. Default: demo.")
  private Path out;

  @Option(names = "--overwrite", description = "Replace the files of an earlier demo in that folder.")
  private boolean overwrite;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
      description = "Seed of all random numbers. Default: 1.")
  private long seed;

  @Mixin
  private DeviceOptions deviceOptions;

  @Mixin
  private OutputOptions output;

  @Override
  public void execute() throws IOException {
    Path folder = Outputs.folder(out);
    if (!overwrite) {
      for (String name : FILES) {
        if (Files.exists(folder.resolve(name))) {
          throw new IllegalArgumentException(
              folder.resolve(name) + " exists already; choose another folder with --out, or allow --overwrite");
        }
      }
    }
    Files.createDirectories(folder);
    long begin = System.nanoTime();
    JsonObject numbers = new JsonObject();
    try (Device device = deviceOptions.open(output)) {
      output.line("rgflow on %s, seed %d", device.description(), seed);
      Ensemble ensemble = sample(device, folder, numbers);
      flow(device, folder, ensemble, numbers);
      image(device, folder, numbers);
    }
    numbers.addProperty("seed", seed);
    numbers.add("seconds", Json.number(1e-9 * (System.nanoTime() - begin)));
    Json.write(folder.resolve(NUMBERS), numbers);
    output.line("");
    output.line("All numbers are in %s. %.0f seconds.", folder.resolve(NUMBERS), 1e-9 * (System.nanoTime() - begin));
    output.line("");
    output.line("What to try next:");
    output.line("  bin/rgflow phi4 flow --in %s --scheme wegner-morris --seed-action quartic:1 --scales 2,1 --plot"
        + " wm.png",
        folder.resolve(FIELDS));
    output.line("  bin/rgflow phi4 sample --lattice 6x6 --mass2 -4 --lambda 6.975 --configurations 20000 --plot"
        + " sample.png");
    output.line("  bin/rgflow validate --quick");
    output.line("  bin/rgflow --help");
    output.object(numbers);
  }

  private Ensemble sample(Device device, Path folder, JsonObject numbers) throws IOException {
    output.line("");
    output.line("1. phi^4 fields on a %dx%d lattice near criticality (%s),", SIDE, SIDE, ACTION);
    output.line("   %d of them by %s clusters ...", MEASUREMENTS * REPLICAS, SAMPLER);
    FieldLayout layout = new FieldLayout(Lattice.square(SIDE), REPLICAS);
    SamplingRun.Settings settings =
        new SamplingRun.Settings(MEASUREMENTS, 1, 1, OptionalLong.empty(), SamplingRun.StepSize.TUNED);
    try (Sampler sampler = Samplers.create(SAMPLER, ACTION, layout, new RandomStream(seed), device,
        SamplerOptions.DEFAULTS);
        RunProgress progress = new RunProgress(output)) {
      SamplingRun run = new SamplingRun(sampler, device, settings, progress, SamplingRun.Saver.NONE);
      long begin = System.nanoTime();
      Ensemble ensemble = run.run();
      progress.close();
      double seconds = 1e-9 * (System.nanoTime() - begin);
      if (run.stopped()) {
        throw Interruption.stop("nothing was written yet");
      }
      LinkedHashMap<String, Estimate> observables = Observables.evaluate(ensemble);
      List<String> warnings = Warnings.of(ensemble, observables, run.settled());
      warnings.forEach(output::warning);
      numbers.add("sample", Results.sample(ensemble, observables, null, run.settled(), warnings, device, seconds));
      EnsembleFiles.write(folder.resolve(FIELDS), ensemble);
      Summaries.sample(folder.resolve(SAMPLE_PICTURE), ensemble);
      for (String name : List.of("phi2", "susceptibility", "correlationLength2nd", "schwingerDyson")) {
        Estimate e = observables.get(name);
        output.line("   %-22s %10s +- %-8s%s", name, Reports.value(e), Reports.error(e.error()),
            name.equals("schwingerDyson") ? "must be 1" : "");
      }
      output.line("   -> %s, %s", folder.resolve(FIELDS), folder.resolve(SAMPLE_PICTURE));
      return ensemble;
    }
  }

  private void flow(Device device, Path folder, Ensemble ensemble, JsonObject numbers) throws IOException {
    output.line("");
    output.line("2. All of them along Polchinski's exact RG flow through six scales:");
    long begin = System.nanoTime();
    FlowScheme scheme = FlowScheme.polchinski(RunningCovariance.of(ACTION, 1, new Regulators.Exponential()));
    FlowReport report = new FlowMeasurement(device, scheme, SCALES).run(ensemble, seed, FlowMeasurement.Keep.FIELDS);
    double seconds = 1e-9 * (System.nanoTime() - begin);
    for (FlowReport.Scale scale : report.scales()) {
      output.line("   Lambda = %-6s phi2 = %-20s %s", scale.lambda(),
          Reports.withError(scale.observables().get("phi2")), Reports.preserved(scale));
    }
    numbers.add("flow", Results.flow(report, ensemble, seed, device, seconds));
    Summaries.flow(folder.resolve(FLOW_PICTURE), ensemble, report);
    output.line("   -> %s", folder.resolve(FLOW_PICTURE));
  }

  private void image(Device device, Path folder, JsonObject numbers) throws IOException {
    output.line("");
    output.line("3. A picture through the same kernel, with the Fermi function as regulator:");
    ColorImage picture = Landscape.render(PICTURE_SIDE, 1);
    List<TwoVariables.Stage> stages =
        TwoVariables.follow(device, YCbCr.ofRgb(picture), FermiSchedule.published(PATCH), seed, POTENTIALS);
    List<Panels.Picture> panels = new ArrayList<>();
    JsonArray list = new JsonArray();
    for (TwoVariables.Stage stage : stages) {
      panels.add(new Panels.Picture("x at μ = " + mu(stage), "", YCbCr.toRgb(stage.diffused()).toPicture()));
    }
    for (TwoVariables.Stage stage : stages) {
      panels.add(new Panels.Picture("φ at μ = " + mu(stage), "φ = √K x", YCbCr.toRgb(stage.flowed()).toPicture()));
      JsonObject entry = new JsonObject();
      entry.add("mu", Json.number(stage.mu()));
      entry.add("alphaBarLowestMode", Json.number(stage.slowest()));
      entry.add("alphaBarHighestMode", Json.number(stage.fastest()));
      entry.add("largestDifference", Json.number(stage.difference()));
      list.add(entry);
      if (!Double.isInfinite(stage.mu())) {
        output.line("   mu = %4.0f   alpha-bar from %.4f (lowest mode) to %.4f (highest);   |phi/sqrt(K) - x| < %.1e",
            stage.mu(), stage.slowest(), stage.fastest(), Math.nextUp(stage.difference()));
      }
    }
    JsonObject image = new JsonObject();
    image.add("stages", list);
    image.addProperty("regulator", "fermi:0.5");
    image.addProperty("patch", PATCH);
    numbers.add("image", image);
    Panels.pictures(folder.resolve(IMAGE_PICTURE),
        "A picture along the same flow: the image model’s diffusion x (above) is Polchinski’s flow φ (below) in"
            + " another variable",
        panels, stages.size());
    output.line("   -> %s", folder.resolve(IMAGE_PICTURE));
  }

  private static String mu(TwoVariables.Stage stage) {
    return Double.isInfinite(stage.mu()) ? "∞" : String.format(Locale.ROOT, "%.0f", stage.mu()).replace('-', '−');
  }
}
