package org.rgflow.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import org.rgflow.device.Device;
import org.rgflow.training.bench.DeviceBench;
import org.rgflow.training.bench.DeviceBench.Effort;
import org.rgflow.training.bench.DeviceBench.KernelRow;
import org.rgflow.training.bench.DeviceBench.LatticeRow;
import org.rgflow.training.bench.DeviceBench.NetworkRow;
import org.rgflow.training.bench.DeviceBench.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rgflow bench device}. */
@Command(
    name = "device",
    description = {
      "Times a device: the leapfrog of phi4 in nanoseconds for each site and step, and as a fraction of what the "
          + "device copies; the networks of the presets, beside PyTorch on its GPU where there is one; and the slowest "
          + "kernels.",
      "Sizes are those of a GPU; on a processor take --quick."
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  rgflow bench device --device tornado",
      "  rgflow bench device --device tornado:0:1 --rows phi4,kernels",
      "  rgflow bench device --device jvm --quick"
    })
final class BenchDeviceCommand implements Runnable {
  @Option(names = "--rows", paramLabel = "TABLE", split = ",", converter = Converters.TableConverter.class,
      completionCandidates = Tables.class,
      description = "Only these tables: ${COMPLETION-CANDIDATES}.")
  private Set<Table> tables = EnumSet.allOf(Table.class);

  @Option(names = "--quick", description = "Small sizes, which show that everything runs.")
  private boolean quick;

  @Option(names = "--peak", paramLabel = "TFLOPS",
      description = "The device's peak in fp32, for the fraction that the networks reach.")
  private Double peak;

  @Mixin
  private DeviceOptions deviceOptions;

  @Mixin
  private OutputOptions output;

  private final JsonArray rows = new JsonArray();
  private final JsonArray notes = new JsonArray();

  /** Names of the tables. */
  static final class Tables extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Tables() {
      super(List.of(Table.values()).stream().map(Table::label).toList());
    }
  }

  @Override
  public void run() {
    if (peak != null && !(peak > 0)) {
      throw new IllegalArgumentException("--peak " + peak + ": must be a positive number of TFLOP/s");
    }
    try (Device device = deviceOptions.open(output)) {
      output.line("%s, %s%s", LocalDate.now(), device.description(), quick ? ", quick" : "");
      new DeviceBench(device, quick ? Effort.QUICK : Effort.FULL, new Printer()).run(tables);
      JsonObject result = new JsonObject();
      result.addProperty("device", device.description());
      result.addProperty("date", LocalDate.now().toString());
      result.add("rows", rows);
      result.add("notes", notes);
      output.object(result);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Prints what comes, with a heading before each table. */
  private final class Printer implements DeviceBench.Listener {
    private String heading = "";

    private void heading(String text) {
      if (!text.equals(heading)) {
        heading = text;
        output.line("");
        output.line(text);
      }
    }

    private JsonObject add(String table) {
      JsonObject row = new JsonObject();
      row.addProperty("table", table);
      rows.add(row);
      return row;
    }

    @Override
    public void bandwidth(double gigabytes) {
      output.line("");
      output.line("a copy reads and writes %.1f GB/s", gigabytes);
      add("copy").addProperty("gigabytesPerSecond", gigabytes);
    }

    @Override
    public void lattice(LatticeRow row) {
      heading("phi4 leapfrog          replicas   ns per site and step   of the copy's bandwidth");
      output.line("%-22s %8d   %20.4f   %22.0f%%", row.side() + "x" + row.side(), row.replicas(), row.nanoseconds(),
          100 * row.fraction());
      JsonObject json = add(Table.PHI4.label());
      json.addProperty("side", row.side());
      json.addProperty("replicas", row.replicas());
      json.addProperty("nanosecondsPerSiteStep", row.nanoseconds());
      json.addProperty("fractionOfCopy", row.fraction());
    }

    @Override
    public void network(NetworkRow row) {
      heading("networks                                         images/s   TFLOP/s   of peak   PyTorch   ours/theirs");
      output.line("%-46s %10.3g %9.3g %9s %9s %13s", row.what(), row.images(), 1e-3 * row.gigaflops(),
          peak == null ? "" : String.format(Locale.ROOT, "%.0f%%", 0.1 * row.gigaflops() / peak),
          text(row.peer()), text(row.peer().isPresent() ? OptionalDouble.of(row.images() / row.peer().getAsDouble())
              : OptionalDouble.empty()));
      JsonObject json = add(Table.NETWORKS.label());
      json.addProperty("what", row.what());
      json.addProperty("imagesPerSecond", row.images());
      json.addProperty("gigaflops", row.gigaflops());
      row.peer().ifPresent(images -> json.addProperty("torchImagesPerSecond", images));
    }

    private static String text(OptionalDouble value) {
      return value.isPresent() ? String.format(Locale.ROOT, "%.3g", value.getAsDouble()) : "";
    }

    @Override
    public void kernel(KernelRow row) {
      heading("slowest kernels of " + row.program() + ": share, launches, ms of one");
      output.line("%5.1f%% %5d %10.4f  %s", 100 * row.share(), row.launches(), row.milliseconds(), row.kernel());
      JsonObject json = add(Table.KERNELS.label());
      json.addProperty("program", row.program());
      json.addProperty("kernel", row.kernel());
      json.addProperty("launches", row.launches());
      json.addProperty("milliseconds", row.milliseconds());
      json.addProperty("share", row.share());
    }

    @Override
    public void note(String line) {
      output.line("");
      output.line(line);
      notes.add(line);
    }

    @Override
    public void progress(String what) {
      if (Interruption.requested()) {
        throw Interruption.stop("the tables above are not complete");
      }
      if (!output.quiet()) {
        output.err().println(what);
      }
    }
  }
}
