package org.rgflow.training;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.rgflow.io.OneLine;
import org.rgflow.model.ModelFile;
import org.rgflow.model.TensorEntry;
import org.rgflow.network.UNetConfiguration;

/** What a model file says of itself, as a text in Markdown. */
public final class ModelCard {
  /** Settings that have an option of their own. */
  private static final Map<String, String> OPTIONS = Map.of("optimizer.steps", "--steps", "optimizer.batchSize",
      "--batch-size", "network.width", "--width", "run.seed", "--seed");

  private ModelCard() {}

  /**
   * The card.
   *
   * @param reference how users name the model: its file, or {@code bundled:NAME}
   * @param evaluation what {@code images evaluate --format json} printed of the model, null for nothing
   * @throws IOException if the file is damaged, or the evaluation is none
   */
  public static String of(ModelFile file, String reference, JsonObject evaluation) throws IOException {
    ImageModel model = ImageModel.describedBy(file);
    TrainingConfiguration configuration = model.configuration();
    TrainingSummary summary = TrainingSummary.of(file);
    StringBuilder card = new StringBuilder();
    String title = reference.substring(Math.max(reference.lastIndexOf('/'), reference.lastIndexOf(':')) + 1)
        .replaceFirst("\\.safetensors$", "");
    line(card, "# %s", title);
    line(card, "");
    line(card, "%s", sentence(file, model));
    line(card, "");
    line(card, "```");
    line(card, "rgflow images sample --model %s --count 64 --out samples.png", reference);
    line(card, "```");
    line(card, "");
    if (!model.classes().isEmpty()) {
      line(card, "Classes: %s. `--class NAME` draws one of them, `--guidance 2` exaggerates it.",
          String.join(", ", model.classes()));
      line(card, "");
    }
    line(card, "## Training");
    line(card, "");
    line(card, "```");
    line(card, "%s", command(configuration));
    line(card, "```");
    line(card, "");
    line(card, "| | |");
    line(card, "| --- | --- |");
    line(card, "| steps | %d of %d |", file.state().step(), configuration.optimizer().steps());
    line(card, "| images seen | %d |", file.state().samples());
    if (Double.isFinite(summary.seconds())) {
      line(card, "| time of the steps | %s |", hours(summary.seconds()));
    }
    line(card, "| seed | %d |", file.state().seed());
    if (Double.isFinite(summary.loss())) {
      line(card, "| loss, mean of the last %d steps | %.5g |", summary.lossSteps(), summary.loss());
    }
    line(card, "");
    line(card, "The parameters are the moving average over the steps (decay %s).",
        configuration.optimizer().averageDecay());
    line(card, "");
    if (evaluation != null) {
      quality(card, evaluation);
    }
    line(card, "## Configuration");
    line(card, "");
    line(card, "| setting | value |");
    line(card, "| --- | --- |");
    Settings.values(configuration).forEach((path, value) -> line(card, "| %s | %s |", path, value));
    return card.toString();
  }

  private static void quality(StringBuilder card, JsonObject evaluation) throws IOException {
    if (!(evaluation.get("figures") instanceof JsonObject figures)) {
      throw new IOException("the evaluation has no figures; it must be what 'images evaluate --format json' printed");
    }
    line(card, "## Quality");
    line(card, "");
    line(card, "%s generated pictures%s against %s training pictures; beside them as many test pictures, where a"
        + " perfect model would stand.", text(evaluation, "count"),
        evaluation.has("sampler") ? " (" + text(evaluation, "sampler") + ", " + text(evaluation, "steps")
            + " steps, guidance " + text(evaluation, "guidance") + ", seed " + text(evaluation, "seed") + ")" : "",
        text(evaluation, "trainingCount"));
    line(card, "");
    line(card, "| | generated | test |");
    line(card, "| --- | --- | --- |");
    for (Map.Entry<String, JsonElement> figure : figures.entrySet()) {
      if (figure.getValue() instanceof JsonObject entry) {
        line(card, "| %s | %s | %s |", entry.has("title") ? text(entry, "title") : OneLine.of(figure.getKey()),
            text(entry, "value"), text(entry, "floor"));
      }
    }
    line(card, "");
    if (evaluation.get("classifier") instanceof JsonObject classifier) {
      line(card, "The classifier is right on a part of %s of the test pictures.", text(classifier, "testAccuracy"));
      line(card, "");
    }
  }

  /** A number to four digits or a text; a dash if there is neither. */
  private static String text(JsonObject json, String name) {
    if (!(json.get(name) instanceof JsonPrimitive value)) {
      return "-";
    }
    if (!value.isNumber() || value.getAsString().matches("-?\\d{1,18}")) {
      return OneLine.of(value.getAsString());
    }
    return String.format(Locale.ROOT, "%.4g", value.getAsDouble());
  }

  private static String sentence(ModelFile file, ImageModel model) {
    TrainingConfiguration configuration = model.configuration();
    DataSettings data = configuration.data();
    DiffusionSettings diffusion = configuration.diffusion();
    UNetConfiguration unet = configuration.unet();
    String types = file.tensors().values().stream().map(TensorEntry::type).filter(type -> type.holdsFloats()).distinct()
        .map(Enum::name).collect(Collectors.joining(", "));
    return String.format(Locale.ROOT, "A diffusion model of %s pictures of %dx%d%s, %s; U-Net of %.2f M parameters"
        + " (%s), %.3g G multiply-accumulates for each prediction. Preset `%s`, schedule `%s`.",
        data.colours() == 1 ? "grey" : "colour", data.width(), data.height(),
        model.classes().isEmpty() ? "" : " in " + model.classes().size() + " classes",
        diffusion.space() == DiffusionSettings.Space.PIXEL ? "in pixel space"
            : "on the DCT modes of patches of " + diffusion.patch() + "x" + diffusion.patch(),
        1e-6 * unet.parameters(diffusion.classes()), types, 1e-9 * unet.multiplyAccumulates(), configuration.preset(),
        diffusion.schedule());
  }

  /**
   * The command that trains a model of a configuration, apart from the places of data and run.
   *
   * @return one line
   */
  public static String command(TrainingConfiguration configuration) {
    List<String> words = new ArrayList<>(List.of("rgflow images train --preset", configuration.preset(),
        "--data PATH --out RUN"));
    TrainingConfiguration preset = TrainingConfiguration.presetNames().contains(configuration.preset())
        ? TrainingConfiguration.preset(configuration.preset()) : null;
    Map<String, String> before = preset == null ? Map.of() : Settings.values(preset);
    Settings.values(configuration).forEach((path, value) -> {
      if (!path.equals("preset") && !value.equals(before.get(path))) {
        String option = OPTIONS.get(path);
        words.add(option != null ? option + " " + value : "--set " + path + "=" + value);
      }
    });
    return String.join(" ", words);
  }

  private static String hours(double seconds) {
    return seconds < 3600 ? String.format(Locale.ROOT, "%.1f minutes", seconds / 60)
        : String.format(Locale.ROOT, "%.1f hours", seconds / 3600);
  }

  private static void line(StringBuilder card, String format, Object... arguments) {
    card.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
