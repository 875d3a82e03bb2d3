package org.rgflow.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.rgflow.device.Device;
import org.rgflow.validation.Check;
import org.rgflow.validation.Effort;
import org.rgflow.validation.FreeFieldSuite;
import org.rgflow.validation.Phi4Suite;
import org.rgflow.validation.Suite;
import org.rgflow.validation.SuiteReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rgflow validate}. */
@Command(
    name = "validate",
    description = "Checks the library against closed forms, quadrature and published numbers; exit code 1 if a check fails.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  rgflow validate --quick                            everything, in less than a minute",
      "  rgflow validate --suite free-field",
      "  rgflow validate --suite phi4 --format json > phi4.json"
    })
final class ValidateCommand implements Callable<Integer> {
  private static final String ALL = "all";

  @Option(names = "--suite", paramLabel = "NAME", defaultValue = ALL, converter = Converters.SuiteConverter.class,
      completionCandidates = Converters.SuiteNames.class, description = "free-field, phi4 or all. Default: all.")
  private String suite;

  @Option(names = "--quick", description = "Smaller lattices and shorter runs: less than a minute instead of up to 20.")
  private boolean quick;

  @Mixin
  private DeviceOptions deviceOptions;

  @Mixin
  private OutputOptions output;

  static List<String> suiteNames() {
    return List.of(FreeFieldSuite.NAME, Phi4Suite.NAME, ALL);
  }

  @Override
  public Integer call() {
    Effort effort = quick ? Effort.QUICK : Effort.FULL;
    SuiteReport report = SuiteReport.empty();
    try (Device device = deviceOptions.open()) {
      List<Suite> suites = new ArrayList<>();
      if (!suite.equals(Phi4Suite.NAME)) {
        suites.add(FreeFieldSuite.of(effort, device));
      }
      if (!suite.equals(FreeFieldSuite.NAME)) {
        suites.add(Phi4Suite.of(effort, device));
      }
      for (Suite next : suites) {
        try (Watch watch = new Watch(next)) {
          report = report.and(next.run(watch));
        }
      }
    }
    if (!output.json()) {
      output.out().print(report.toTable());
      output.out().flush();
    }
    output.object(report.toJson());
    return report.failed() == 0 ? Main.OK : Main.CHECK_FAILED;
  }

  /** Progress of one suite. */
  private final class Watch implements Suite.Progress, AutoCloseable {
    private final Progress progress;
    private int done;

    Watch(Suite suite) {
      progress = output.progress(suite.name(), "measurements", suite.measurements().size());
    }

    @Override
    public void close() {
      progress.close();
    }

    @Override
    public void started(String name, String measurement, int index, int total) {
      progress.at(index);
    }

    @Override
    public void finished(String name, String measurement, List<Check> checks, double seconds) {
      progress.at(++done);
      if (!output.quiet() && checks.stream().anyMatch(c -> !c.passed())) {
        output.err().println(String.format(Locale.ROOT, "%s: %s did not pass (%.1f s)", name, measurement, seconds));
      }
    }
  }
}
