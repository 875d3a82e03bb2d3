package org.rgflow.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.rgflow.diffusion.NoiseSchedule;
import org.rgflow.diffusion.SnrLimits;
import org.rgflow.io.Json;
import org.rgflow.model.LossHistory;
import org.rgflow.model.ModelFile;
import org.rgflow.model.TensorEntry;
import org.rgflow.network.UNetConfiguration;
import org.rgflow.training.ImageModel;
import org.rgflow.training.Settings;
import org.rgflow.training.TrainingConfiguration;
import org.rgflow.training.TrainingSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rgflow images inspect}. */
@Command(
    name = "inspect",
    description = "Shows what a model file holds: configuration, training, noise schedule, statistics and tensors."
        + " All of the file is checked on the way.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  rgflow images inspect --model run",
      "  rgflow images inspect --model run/checkpoints/step-00010000.safetensors --format json"
    })
final class ImagesInspectCommand implements Runnable {
  /** Lines of the loss history in the text, and entries of it in the JSON. */
  private static final int LOSS_LINES = 10;
  private static final int LOSS_ENTRIES = 200;
  /** What a checkpoint calls the averaged parameters. */
  private static final String AVERAGE = "ema.";

  @Mixin
  private ModelOptions models;

  @Mixin
  private OutputOptions output;

  @Override
  public void run() {
    try (ModelFile file = models.open()) {
      ImageModel.check(file); // all tensors, their shapes and numbers
      ImageModel model = ImageModel.describedBy(file);
      if (output.json()) {
        output.object(json(file, model));
      } else {
        text(file, model);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void text(ModelFile file, ImageModel model) throws IOException {
    TrainingConfiguration configuration = model.configuration();
    UNetConfiguration unet = configuration.unet();
    TrainingSummary summary = TrainingSummary.of(file);
    output.line("%s: %s of %.2f MB", file.name(), file.isCheckpoint() ? "checkpoint" : "exported model",
        1e-6 * file.size());
    output.line("%.2f M parameters, %.4g G multiply-accumulates for each prediction of a picture",
        1e-6 * unet.parameters(configuration.diffusion().classes()), 1e-9 * unet.multiplyAccumulates());
    if (!model.classes().isEmpty()) {
      output.line("classes: %s", String.join(", ", model.classes()));
    }
    output.line("");
    output.line("Training");
    output.line("step %d of %d, %d images seen, seed %d%s", file.state().step(), configuration.optimizer().steps(),
        file.state().samples(), file.state().seed(),
        Double.isFinite(summary.seconds()) ? String.format(Locale.ROOT, ", %.2f hours", summary.seconds() / 3600) : "");
    if (Double.isFinite(summary.loss())) {
      output.line("loss %.5g, the mean of the last %d steps", summary.loss(), summary.lossSteps());
    }
    for (Bin bin : bins(file.history(), LOSS_LINES)) {
      output.line("  up to step %-10d %.5g", bin.step(), bin.loss());
    }
    NoiseSchedule schedule = model.schedule();
    output.line("");
    output.line("Noise schedule %s: ln(signal/noise) of the modes of the data", schedule.label());
    output.line("%8s   %-30s %s", "step", "lowest", "highest");
    for (SnrLimits limits : limits(model, schedule)) {
      output.line("%8.0f   %-30s %s", limits.time(),
          at(limits.lowest(), limits.lowestMode(), configuration),
          at(limits.highest(), limits.highestMode(), configuration));
    }
    double[] deviation = model.statistics().deviation();
    output.line("");
    output.line("Statistics of the data: %d modes, the first with mean %.4g and standard deviation %.4g; standard"
        + " deviations from %.3g to %.3g", deviation.length, model.statistics().mean()[0], deviation[0],
        Arrays.stream(deviation).min().orElseThrow(), Arrays.stream(deviation).max().orElseThrow());
    output.line("");
    output.line("Configuration");
    Settings.values(configuration).forEach((path, value) -> output.line("%-32s %s", path, value));
    List<TensorEntry> shown = file.tensors().values().stream()
        .filter(tensor -> !file.isCheckpoint() || tensor.name().startsWith(AVERAGE)).toList();
    output.line("");
    output.line("Tensors%s", file.isCheckpoint() ? ": " + file.tensors().size() + "; the averaged parameters are" : "");
    for (TensorEntry tensor : shown) {
      output.line("%-48s %-6s %s", tensor.name(), tensor.type(),
          tensor.shape().stream().map(String::valueOf).collect(Collectors.joining(" x ")));
    }
  }

  private static JsonObject json(ModelFile file, ImageModel model) throws IOException {
    TrainingConfiguration configuration = model.configuration();
    TrainingSummary summary = TrainingSummary.of(file);
    JsonObject json = new JsonObject();
    json.addProperty("model", file.name());
    json.addProperty("kind", file.isCheckpoint() ? "checkpoint" : "model");
    json.addProperty("bytes", file.size());
    json.addProperty("parameters", configuration.unet().parameters(configuration.diffusion().classes()));
    json.addProperty("multiplyAccumulatesPerImage", configuration.unet().multiplyAccumulates());
    json.addProperty("step", file.state().step());
    json.addProperty("images", file.state().samples());
    json.addProperty("seed", file.state().seed());
    json.add("seconds", Json.number(summary.seconds()));
    json.add("loss", Json.number(summary.loss()));
    json.addProperty("lossSteps", summary.lossSteps());
    JsonArray history = new JsonArray();
    for (Bin bin : bins(file.history(), LOSS_ENTRIES)) {
      JsonObject entry = new JsonObject();
      entry.addProperty("step", bin.step());
      entry.add("loss", Json.number(bin.loss()));
      history.add(entry);
    }
    json.add("lossHistory", history);
    JsonArray classes = new JsonArray();
    model.classes().forEach(classes::add);
    json.add("classes", classes);
    json.add("configuration", configuration.toJson());
    NoiseSchedule schedule = model.schedule();
    JsonArray limits = new JsonArray();
    for (SnrLimits each : limits(model, schedule)) {
      JsonObject entry = new JsonObject();
      entry.addProperty("step", each.time());
      entry.add("lowest", Json.number(each.lowest()));
      entry.addProperty("lowestMode", mode(each.lowestMode(), configuration));
      entry.add("highest", Json.number(each.highest()));
      entry.addProperty("highestMode", mode(each.highestMode(), configuration));
      limits.add(entry);
    }
    JsonObject scheduleJson = new JsonObject();
    scheduleJson.addProperty("label", schedule.label());
    scheduleJson.add("logSnr", limits);
    json.add("schedule", scheduleJson);
    JsonObject statistics = new JsonObject();
    statistics.add("mean", Json.numbers(model.statistics().mean()));
    statistics.add("deviation", Json.numbers(model.statistics().deviation()));
    json.add("statistics", statistics);
    JsonArray tensors = new JsonArray();
    for (TensorEntry tensor : file.tensors().values()) {
      JsonObject entry = new JsonObject();
      entry.addProperty("name", tensor.name());
      entry.addProperty("type", tensor.type().name());
      JsonArray shape = new JsonArray();
      tensor.shape().forEach(shape::add);
      entry.add("shape", shape);
      tensors.add(entry);
    }
    json.add("tensors", tensors);
    return json;
  }

  /** First and last time step, of the data as they are. */
  private static List<SnrLimits> limits(ImageModel model, NoiseSchedule schedule) {
    double[] deviation = model.statistics().deviation();
    return List.of(SnrLimits.of(schedule, deviation, 0), SnrLimits.of(schedule, deviation, schedule.steps() - 1));
  }

  private static String at(double logSnr, int mode, TrainingConfiguration configuration) {
    return String.format(Locale.ROOT, "%.2f at %s", logSnr, mode(mode, configuration));
  }

  private static String mode(int mode, TrainingConfiguration configuration) {
    return Modes.name(mode, configuration.data().colours(), configuration.diffusion().patch());
  }

  private record Bin(long step, double loss) {}

  /** Means over stretches of equal length. */
  private static List<Bin> bins(LossHistory history, int most) {
    long[] steps = history.steps();
    double[] losses = history.losses();
    int count = Math.min(most, steps.length);
    return IntStream.range(0, count).mapToObj(i -> {
      int begin = (int) ((long) i * steps.length / count);
      int end = (int) ((long) (i + 1) * steps.length / count);
      return new Bin(steps[end - 1], Arrays.stream(losses, begin, end).average().orElseThrow());
    }).toList();
  }
}
