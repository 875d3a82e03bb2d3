package org.rgflow.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.rgflow.data.FashionMnist;
import org.rgflow.data.ImageSet;
import org.rgflow.data.ImageSets;
import org.rgflow.device.Device;
import org.rgflow.io.Json;
import org.rgflow.model.CheckpointDirectory;
import org.rgflow.training.Settings;
import org.rgflow.training.Trainer;
import org.rgflow.training.TrainingConfiguration;
import org.rgflow.training.TrainingPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rgflow images train}. */
@Command(
    name = "train",
    description = "Trains the image model; writes checkpoints, a log (log.jsonl) and grids of samples into --out.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  rgflow images train --preset fddm-fashion-mnist --data fashion-mnist --out run --width 64",
      "  rgflow images train --data fashion-mnist --out run --resume latest",
      "  rgflow images train --preset fddm-celeba64-p4 --data faces.zip --out run --set diffusion.patch=8",
      "  rgflow images train --preset ddpm-celeba64 --dry-run --format json"
    })
final class ImagesTrainCommand implements Task {
  private static final String DEFAULT_PRESET = "fddm-fashion-mnist";

  @Option(names = "--preset", paramLabel = "NAME", completionCandidates = Presets.class,
      description = "One of ${COMPLETION-CANDIDATES}. Default: " + DEFAULT_PRESET + ".")
  private String preset;

  @Option(names = "--data", paramLabel = "PATH",
      description = "A folder with Fashion-MNIST's four files, or a folder or zip of JPEG and PNG files.")
  private Path data;

  @Option(names = {"-o", "--out"}, paramLabel = "RUN", description = "Folder of the run.")
  private Path out;

  @Option(names = "--steps", paramLabel = "N", description = "Steps of the whole training (optimizer.steps).")
  private Long steps;

  @Option(names = "--batch-size", paramLabel = "N", description = "Pictures of a step (optimizer.batchSize).")
  private Integer batchSize;

  @Option(names = "--width", paramLabel = "N",
      description = "Channels of the first level, a multiple of 32 (network.width).")
  private Integer width;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of all random numbers (run.seed).")
  private Long seed;

  @Option(names = "--set", paramLabel = "KEY=VALUE",
      description = "Any setting of the configuration, as --dry-run prints it; may be repeated.")
  private List<String> assignments = List.of();

  @Option(names = "--resume", paramLabel = "latest|STEP|FILE",
      description = "Go on from a checkpoint of --out, bit for bit as if the run had never stopped.")
  private String resume;

  @Option(names = "--dry-run",
      description = "Only print the resolved configuration, parameters, multiply-accumulates and bytes.")
  private boolean dryRun;

  @Mixin
  private DeviceOptions deviceOptions;

  @Mixin
  private OutputOptions output;

  /** Names of the presets. */
  static final class Presets extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Presets() {
      super(TrainingConfiguration.presetNames());
    }
  }

  @Override
  public void execute() throws IOException {
    if (resume != null && (out == null || preset != null)) {
      throw new IllegalArgumentException(out == null ? "--resume goes on with the run in --out; name its folder there"
          : "--preset does not go with --resume: the checkpoint has the configuration");
    }
    Path checkpoint = null;
    TrainingConfiguration configuration;
    if (resume == null) {
      configuration = TrainingConfiguration.preset(preset == null ? DEFAULT_PRESET : preset).with(settings());
    } else {
      CheckpointDirectory.Latest found = new CheckpointDirectory(out, 1).resolve(resume);
      found.skipped().forEach(line -> output.err().println("rgflow: passed over: " + line));
      checkpoint = found.path();
      configuration = Trainer.resumed(checkpoint, settings());
    }
    if (dryRun) {
      report(TrainingPlan.of(configuration, deviceOptions.threads()));
      return;
    }
    if (data == null || out == null) {
      throw new IllegalArgumentException(data == null ? "--data is missing: a folder or zip of pictures"
          : "--out is missing: the folder of the run");
    }
    Outputs.folder(out);
    TrainingPlan.requireMemory(configuration, deviceOptions.threads());
    ImageSet images = ImageSets.open(data, FashionMnist.Split.TRAIN, configuration.data().pictures());
    output.damaged(data, images.damaged());
    long total = configuration.optimizer().steps();
    int batch = configuration.optimizer().batchSize();
    try (Device device = deviceOptions.open(output);
        Progress progress = output.progress("training", "images", total * batch)) {
      output.line("%s, %d pictures, batch %d, seed %d; %s", configuration.preset(), images.size(),
          batch, configuration.run().seed(), device.description());
      Trainer.Outcome outcome = Trainer.train(configuration, images, out, checkpoint, device, (step, of, loss) -> {
        Interruption.waitForQuestions();
        progress.at(step * batch, String.format(Locale.ROOT, "step %d, loss %.4g", step, loss));
        return !Interruption.requested();
      });
      progress.close();
      if (!outcome.complete()) {
        throw Interruption.stop(outcome.step() + " of " + total + " steps kept in " + outcome.checkpoint()
            + "; resume with --resume latest");
      }
      output.line("%d steps, loss %.4g, %.1f images/s; model %s", outcome.step(), outcome.loss(),
          outcome.imagesPerSecond(), outcome.checkpoint());
      JsonObject json = new JsonObject();
      json.addProperty("step", outcome.step());
      json.add("loss", Json.number(outcome.loss()));
      json.add("imagesPerSecond", Json.number(outcome.imagesPerSecond()));
      json.addProperty("checkpoint", outcome.checkpoint().toString());
      json.addProperty("device", device.description());
      output.object(json);
    }
  }

  private List<String> settings() {
    List<String> settings = new ArrayList<>();
    add(settings, "optimizer.steps", steps);
    add(settings, "optimizer.batchSize", batchSize);
    add(settings, "network.width", width);
    add(settings, "run.seed", seed);
    settings.addAll(assignments);
    return settings;
  }

  private static void add(List<String> settings, String key, Number value) {
    if (value != null) {
      settings.add(key + "=" + value);
    }
  }

  private static double gibibytes(long bytes) {
    return bytes / 1073741824.0;
  }

  private void report(TrainingPlan plan) {
    Settings.values(plan.configuration()).forEach((path, value) -> output.line("%-32s %s", path, value));
    output.line("");
    output.line("parameters                       %.2f M (%d)", plan.parameters() * 1e-6, plan.parameters());
    output.line("multiply-accumulates an image    %.4g G", plan.multiplyAccumulates() * 1e-9);
    output.line("memory of a training             %.2f GiB, beside the data; the JVM may use %.2f GiB",
        gibibytes(plan.bytes()), gibibytes(Runtime.getRuntime().maxMemory()));
    output.line("memory of drawing samples        %.2f GiB on top", gibibytes(plan.samplingBytes()));
    output.object(plan.toJson());
  }
}
