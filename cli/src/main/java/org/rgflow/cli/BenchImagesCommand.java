package org.rgflow.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.rgflow.bench.LaunchProfile;
import org.rgflow.device.Device;
import org.rgflow.device.Devices;
import org.rgflow.io.Json;
import org.rgflow.training.bench.ImagesBench;
import org.rgflow.training.bench.ImagesBench.Length;
import org.rgflow.training.bench.ImagesBench.Part;
import org.rgflow.training.bench.ImagesBench.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rgflow bench images}. */
@Command(
    name = "images",
    description = {
      "Times the networks of the presets, forward and in training, against the same networks in PyTorch; the matrix "
          + "kernel against OpenBLAS; the two routes of a convolution; and Table 1 of the paper. Ours and the peer run "
          + "in turns: a ratio is the median of the paired runs, with the least and the greatest.",
      "The peers need Debian's python3-torch, gcc and libopenblas-dev; what is missing is said, and the rest measured."
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  rgflow bench images",
      "  rgflow bench images --quick --rows inference,training",
      "  rgflow bench images --quick --rows training --profile 10",
      "  rgflow bench images --rows table1 --format json"
    })
final class BenchImagesCommand implements Runnable {
  @Option(names = "--rows", paramLabel = "PART", split = ",", converter = Converters.PartConverter.class,
      completionCandidates = Parts.class,
      description = "Only these parts of the table: ${COMPLETION-CANDIDATES}.")
  private Set<Part> parts = EnumSet.allOf(Part.class);

  @Option(names = "--quick",
      description = "Fewer and shorter rounds: about three minutes on two processors instead of up to ten.")
  private boolean quick;

  @Option(names = "--threads", paramLabel = "N",
      description = "Threads of the networks, ours and the peer's. Default: one per processor.")
  private Integer threads;

  @Option(names = "--profile", paramLabel = "N",
      description = "Below each network, where its time goes: the N kinds of launches that take the most of it.")
  private Integer profiled;

  @Mixin
  private OutputOptions output;

  private final JsonArray rows = new JsonArray();
  private final JsonArray profiles = new JsonArray();
  private final JsonArray notes = new JsonArray();

  /** Names of the parts. */
  static final class Parts extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Parts() {
      super(List.of(Part.values()).stream().map(Part::label).toList());
    }
  }

  @Override
  public void run() {
    if (threads != null) {
      Outputs.positive("--threads", threads);
    }
    if (profiled != null) {
      Outputs.positive("--profile", profiled);
    }
    int count = threads != null ? threads : Runtime.getRuntime().availableProcessors();
    String description;
    try (Device device = Devices.open("jvm:" + count)) {
      description = device.description();
    }
    output.line(description);
    try (Table table = new Table()) {
      new ImagesBench(parts, quick ? Length.QUICK : Length.FULL, count, profiled != null ? profiled : 0, table).run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Interruption.Interrupted e) {
      show(description);
      throw e;
    }
    show(description);
  }

  private void show(String description) {
    JsonObject result = new JsonObject();
    result.add("rows", rows);
    if (profiled != null) {
      result.add("profiles", profiles);
    }
    result.add("notes", notes);
    result.addProperty("device", description);
    output.object(result);
  }

  /** Prints what comes, a heading before each part, and shows the progress in between. */
  private final class Table implements ImagesBench.Monitor, AutoCloseable {
    private Part part;
    private final TaskProgress progress = new TaskProgress(output, "runs");

    @Override
    public void row(Row row) {
      close();
      if (row.part() != part) {
        part = row.part();
        output.line("");
        output.line("%-54s %9s %9s %6s %-13s %5s %8s", part.title(), part.value(), part.reference(), "ratio", "",
            part.target(), "GFLOP/s");
      }
      output.line("%-54s %9s %9s %6s %-13s %5s %8.1f%s", row.what(), significant(row.value()),
          row.reference().isPresent() ? significant(row.reference().getAsDouble()) : "",
          row.ratio().map(r -> String.format(Locale.ROOT, "%.2f", r.median())).orElse(""),
          row.ratio().map(r -> String.format(Locale.ROOT, "(%.2f-%.2f)", r.least(), r.greatest())).orElse(""),
          row.target().isPresent() ? String.format(Locale.ROOT, "%.1f", row.target().getAsDouble()) : "",
          row.gigaflops(), row.note().isEmpty() ? "" : "  " + row.note());
      rows.add(json(row));
    }

    @Override
    public void profile(String what, double seconds, List<LaunchProfile.Line> slowest) {
      close();
      JsonArray launches = new JsonArray();
      for (LaunchProfile.Line line : slowest) {
        double share = line.seconds() / seconds;
        output.line("  %-50s %4d x %8.2f ms = %4.1f %%  %8.1f GFLOP/s", line.name(), line.count(),
            1e3 * line.seconds() / line.count(), 100 * share, 1e-9 * line.operations() / line.seconds());
        JsonObject launch = new JsonObject();
        launch.addProperty("name", line.name());
        launch.addProperty("count", line.count());
        launch.add("seconds", Json.number(line.seconds()));
        launch.add("share", Json.number(share));
        launches.add(launch);
      }
      JsonObject profile = new JsonObject();
      profile.addProperty("what", what);
      profile.add("seconds", Json.number(seconds));
      profile.add("launches", launches);
      profiles.add(profile);
    }

    @Override
    public void note(String line) {
      close();
      output.line("");
      output.line(line);
      notes.add(line);
    }

    @Override
    public void progress(String what, int done, int total) {
      if (Interruption.requested()) {
        throw Interruption.stop("the table above is not complete");
      }
      progress.at(what, done, total);
    }

    @Override
    public void close() {
      progress.close();
    }
  }

  private static String significant(double value) {
    return String.format(Locale.ROOT, value >= 1000 ? "%.0f" : value >= 100 ? "%.1f" : "%.4g", value);
  }

  private static JsonObject json(Row row) {
    JsonObject result = new JsonObject();
    result.addProperty("part", row.part().label());
    result.addProperty("id", row.id());
    result.addProperty("what", row.what());
    result.add("value", Json.number(row.value()));
    result.add("reference", Json.number(row.reference()));
    result.add("ratio", row.ratio().isPresent() ? Json.number(row.ratio().get().median()) : JsonNull.INSTANCE);
    result.add("ratioLeast", row.ratio().isPresent() ? Json.number(row.ratio().get().least()) : JsonNull.INSTANCE);
    result.add("ratioGreatest", row.ratio().isPresent() ? Json.number(row.ratio().get().greatest())
        : JsonNull.INSTANCE);
    result.add(row.part() == Part.TABLE1 ? "published" : "goal", Json.number(row.target()));
    result.add("gigaflops", Json.number(row.gigaflops()));
    result.addProperty("note", row.note());
    return result;
  }
}
