package org.rgflow.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.rgflow.io.AtomicFile;
import org.rgflow.io.Json;
import org.rgflow.io.OneLine;
import org.rgflow.model.CheckpointDirectory;
import org.rgflow.model.ModelFile;
import org.rgflow.model.ModelLocation;
import org.rgflow.model.Rounding;
import org.rgflow.model.TensorType;
import org.rgflow.training.ModelCard;
import org.rgflow.training.ModelExport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rgflow images export}. */
@Command(
    name = "export",
    description = "Writes a model to share: the averaged parameters with configuration and statistics, but without what"
        + " only a training needs. In half precision it has an eighth of the checkpoint's size.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  rgflow images export --model run --out fashion-mnist.safetensors --card fashion-mnist.md",
      "  rgflow images export --model run --precision single --out m.safetensors"
    })
final class ImagesExportCommand implements Task {
  /** Relative loss of a tensor in the shorter type that is worth a word. */
  private static final double NOTABLE = 0.01;
  private static final long MAX_EVALUATION = 1 << 24;

  /** Types of the parameters. */
  enum Precision {
    HALF(TensorType.F16), BFLOAT16(TensorType.BF16), SINGLE(TensorType.F32);

    private final TensorType type;

    Precision(TensorType type) {
      this.type = type;
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Mixin
  private ModelOptions models;

  @Option(names = "--precision", paramLabel = "NAME", defaultValue = "half",
      converter = Converters.PrecisionConverter.class, completionCandidates = Precisions.class,
      description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Precision precision;

  @Option(names = {"-o", "--out"}, required = true, paramLabel = "FILE.safetensors", description = "The file.")
  private Path out;

  @Option(names = "--card", paramLabel = "FILE.md", description = "Also write what is known of the model, in Markdown.")
  private Path card;

  @Option(names = "--evaluation", paramLabel = "FILE.json",
      description = "With --card: what 'images evaluate --format json' printed of the model, for a table of its"
          + " quality.")
  private Path evaluation;

  @Option(names = "--overwrite", description = "Replace files that exist.")
  private boolean overwrite;

  @Mixin
  private OutputOptions output;

  /** Names of the precisions. */
  static final class Precisions extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Precisions() {
      super(List.of(Precision.values()).stream().map(Precision::label).toList());
    }
  }

  @Override
  public void execute() throws IOException {
    requireNew(out, ".safetensors", "--out");
    if (card != null) {
      requireNew(card, ".md", "--card");
    }
    if (evaluation != null && card == null) {
      throw new IllegalArgumentException("--evaluation belongs to --card, which is missing");
    }
    JsonObject quality = evaluation == null ? null : evaluation();
    long before;
    Rounding rounding;
    requireOther(models.location());
    try (ModelFile file = models.open()) {
      before = file.size();
      rounding = ModelExport.write(file, out, precision.type);
    }
    if (rounding.worstError() > NOTABLE) {
      output.warning(String.format(Locale.ROOT, "tensor %s loses %.1f %% of itself in %s precision; --precision single"
          + " keeps it", rounding.worst(), 100 * rounding.worstError(), precision.label()));
    }
    JsonObject json = new JsonObject();
    try (ModelFile written = ModelFile.open(out)) {
      if (card != null) {
        AtomicFile.writeText(card, ModelCard.of(written, out.getFileName().toString(), quality));
      }
      output.line("%s: %.2f MB (the original has %.2f MB), %s precision, %d steps", out, 1e-6 * written.size(),
          1e-6 * before, precision.label(), written.state().step());
      output.line("rounding changes the parameters by %.2g of their norm, at most %.2g (%s); %d became zero",
          rounding.relativeError(), rounding.worstError(), rounding.worst(), rounding.lost());
      json.addProperty("out", out.toString());
      json.addProperty("bytes", written.size());
      json.addProperty("originalBytes", before);
      json.addProperty("precision", precision.label());
      json.addProperty("step", written.state().step());
      json.add("relativeError", Json.number(rounding.relativeError()));
      json.add("worstError", Json.number(rounding.worstError()));
      json.addProperty("worstTensor", rounding.worst());
      json.addProperty("becameZero", rounding.lost());
      if (card != null) {
        json.addProperty("card", card.toString());
        output.line("card: %s", card);
      }
    }
    output.object(json);
  }

  private JsonObject evaluation() throws IOException {
    if (Files.exists(evaluation) && !Files.isRegularFile(evaluation)) { // a pipe would be waited for
      throw new IOException("cannot read " + evaluation + ": that is no file");
    }
    if (Files.size(evaluation) > MAX_EVALUATION) {
      throw new IOException("cannot read " + evaluation + ": too large for an evaluation");
    }
    JsonObject json;
    try {
      json = Json.parseObject(new String(Files.readAllBytes(evaluation), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IOException("cannot read " + evaluation + ": " + OneLine.of(e.getMessage()), e);
    }
    if (!json.has("figures")) {
      throw new IOException("cannot read " + evaluation
          + ": it has no figures; 'images evaluate --format json' prints them");
    }
    return json;
  }

  /** A checkpoint that is written over could not be gone on from. */
  private void requireOther(ModelLocation model) throws IOException {
    boolean same = !model.isBundled() && Files.exists(out) && Files.isSameFile(out, model.file().path());
    if (same || CheckpointDirectory.isCheckpointOfRun(out)) {
      throw new IllegalArgumentException("--out " + out + " is " + (same ? "the model itself"
          : "where a training keeps its checkpoints") + "; choose another name");
    }
  }

  private void requireNew(Path file, String ending, String option) throws IOException {
    if (!file.toString().toLowerCase(Locale.ROOT).endsWith(ending)) {
      throw new IllegalArgumentException(option + " " + file + ": the name must end in " + ending);
    }
    if (!overwrite && Files.exists(file)) {
      throw new IllegalArgumentException(file + " exists already; choose another name, or allow --overwrite");
    }
    AtomicFile.requireWritable(file);
  }
}
