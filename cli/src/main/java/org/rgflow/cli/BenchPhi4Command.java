package org.rgflow.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.OptionalDouble;
import org.rgflow.bench.Phi4Bench;
import org.rgflow.device.Device;
import org.rgflow.device.Devices;
import org.rgflow.io.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rgflow bench phi4}. */
@Command(
    name = "phi4",
    description = "Times the leapfrog loop, the exact Polchinski step and every sampler, against C peers that are"
        + " built here if there is a C compiler.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  rgflow bench phi4", "  rgflow bench phi4 --seconds 0.2 --format json"})
final class BenchPhi4Command implements Runnable {
  @Option(names = "--seconds", paramLabel = "S", defaultValue = "1",
      description = "Length of one measurement. Default: 1, three to four minutes in all.")
  private double seconds;

  @Mixin
  private OutputOptions output;

  @Override
  public void run() {
    JsonArray rows = new JsonArray();
    String description = description();
    output.line(description);
    output.line("%-58s %12s %12s %8s %6s", "", "rgflow", "reference", "ratio", "goal");
    Interruption.beforeTheEnd(() -> {
      show(rows, description);
      return "the table above is not complete";
    });
    try (Table table = new Table(rows)) {
      new Phi4Bench(seconds, table).run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Interruption.nothingToShow();
    show(rows, description);
  }

  private void show(JsonArray rows, String description) {
    JsonObject result = new JsonObject();
    synchronized (rows) {
      result.add("rows", rows.deepCopy());
    }
    result.addProperty("device", description);
    output.object(result);
  }

  /** Prints what comes, and shows the progress in between. */
  private final class Table implements Phi4Bench.Monitor, AutoCloseable {
    private final JsonArray rows;
    private final TaskProgress progress = new TaskProgress(output, "rounds");

    Table(JsonArray rows) {
      this.rows = rows;
    }

    @Override
    public void row(Phi4Bench.Row row) {
      close();
      print(row);
      synchronized (rows) {
        rows.add(json(row));
      }
    }

    @Override
    public void progress(String what, int done, int total) {
      progress.at(what, done, total);
    }

    @Override
    public void close() {
      progress.close();
    }
  }

  private static String description() {
    try (Device device = Devices.open("jvm:1")) {
      return device.description();
    }
  }

  private void print(Phi4Bench.Row row) {
    output.line("%-58s %12.4g %12s %8s %6s  %s%s", row.what(), row.value(), text("%.4g", row.reference()),
        text("%.2f", row.ratio()), text("%.1f", row.goal()), row.unit(), row.note().isEmpty() ? "" : "; " + row.note());
  }

  private static String text(String format, OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble()) : "";
  }

  private static JsonObject json(Phi4Bench.Row row) {
    JsonObject result = new JsonObject();
    result.addProperty("id", row.id());
    result.addProperty("what", row.what());
    result.addProperty("unit", row.unit());
    result.add("value", Json.number(row.value()));
    result.add("reference", Json.number(row.reference()));
    result.add("ratio", Json.number(row.ratio()));
    result.add("goal", Json.number(row.goal()));
    result.addProperty("note", row.note());
    return result;
  }
}
