package org.rgflow.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import org.rgflow.device.Device;
import org.rgflow.device.Devices;
import org.rgflow.io.Json;
import org.rgflow.learned.FlowModel;
import org.rgflow.learned.LearnedBench;
import org.rgflow.learned.LearnedBench.Length;
import org.rgflow.learned.LearnedBench.Named;
import org.rgflow.learned.LearnedBench.NamedScore;
import org.rgflow.learned.LearnedBench.Part;
import org.rgflow.learned.LearnedBench.Row;
import org.rgflow.learned.ScoreModel;
import org.rgflow.model.ModelFile;
import org.rgflow.model.ModelLocation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rgflow bench learned}. */
@Command(
    name = "learned",
    description = {
      "Times the training of flows and scores and what they generate, in sites per second, and the independent "
          + "fields per second of learned sampling against hybrid Monte Carlo and clusters: rejections and "
          + "autocorrelations of m² are counted, training and thermalisation are not."
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  rgflow bench learned",
      "  rgflow bench learned --quick --rows sampling",
      "  rgflow bench learned --rows sampling --model run --format json"
    })
final class BenchLearnedCommand implements Task {
  @Option(names = "--rows", paramLabel = "PART", split = ",", converter = Converters.LearnedPartConverter.class,
      completionCandidates = Parts.class,
      description = "Only these parts of the table: ${COMPLETION-CANDIDATES}.")
  private Set<Part> parts = EnumSet.allOf(Part.class);

  @Option(names = "--quick",
      description = "The bundled models alone and shorter measurements; else a flow of 6x6 sites is trained, too.")
  private boolean quick;

  @Option(names = {"-m", "--model"}, paramLabel = "MODEL",
      description = "A model of 'phi4 learn' to be measured besides, the folder of a run or a file; may be repeated.")
  private List<String> models = new ArrayList<>();

  @Option(names = "--threads", paramLabel = "N", description = "Threads. Default: one per processor.")
  private Integer threads;

  @Mixin
  private OutputOptions output;

  private final JsonArray rows = new JsonArray();

  /** Names of the parts. */
  static final class Parts extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Parts() {
      super(List.of(Part.values()).stream().map(Part::label).toList());
    }
  }

  @Override
  public void execute() throws IOException {
    if (threads != null) {
      Outputs.positive("--threads", threads);
    }
    int count = threads != null ? threads : Runtime.getRuntime().availableProcessors();
    List<String> names = new ArrayList<>();
    for (String name : ModelLocation.bundledNames(ModelLocation.Kind.FIELDS)) {
      names.add(ModelLocation.BUNDLED + name);
    }
    names.addAll(models);
    List<Named> flows = new ArrayList<>();
    List<NamedScore> scores = new ArrayList<>();
    for (String name : names) {
      try (ModelFile file = ModelLocation.of(name).open()) {
        if (ScoreModel.describes(file)) {
          scores.add(new NamedScore(name, ScoreModel.read(file)));
        } else {
          flows.add(new Named(name, FlowModel.read(file)));
        }
      }
    }
    String description;
    try (Device device = Devices.open("jvm:" + count)) {
      description = device.description();
    }
    output.line(description);
    output.line("%-62s %10s %6s %7s", "", "", "tau", "ratio");
    Interruption.beforeTheEnd(() -> {
      show(description);
      return "the table above is not complete";
    });
    new LearnedBench(parts, quick ? Length.QUICK : Length.FULL, count, this::row).run(flows, scores);
    Interruption.nothingToShow();
    show(description);
  }

  private void row(Row row) {
    output.line("%-62s %10.4g %6s %7s  %s%s", row.what(), row.value(), text("%.2f", row.tauInt()),
        text("%.3g", row.ratio()), row.unit(), row.note().isEmpty() ? "" : "; " + row.note());
    synchronized (rows) {
      rows.add(json(row));
    }
  }

  private void show(String description) {
    JsonObject result = new JsonObject();
    synchronized (rows) {
      result.add("rows", rows.deepCopy());
    }
    result.addProperty("device", description);
    output.object(result);
  }

  private static String text(String format, OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble()) : "";
  }

  private static JsonObject json(Row row) {
    JsonObject result = new JsonObject();
    result.addProperty("part", row.part().label());
    result.addProperty("id", row.id());
    result.addProperty("what", row.what());
    result.addProperty("unit", row.unit());
    result.add("value", Json.number(row.value()));
    result.add("tauInt", Json.number(row.tauInt()));
    result.add("ratio", Json.number(row.ratio()));
    result.addProperty("note", row.note());
    return result;
  }
}
