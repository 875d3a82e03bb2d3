package org.rgflow.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.rgflow.device.Device;
import org.rgflow.validation.Check;
import org.rgflow.validation.Effort;
import org.rgflow.validation.Suite;
import org.rgflow.validation.SuiteReport;
import org.rgflow.validation.Suites;
import org.rgflow.validation.report.RunInformation;
import org.rgflow.validation.report.ValidationReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rgflow validate}. */
@Command(
    name = "validate",
    description = "Checks the library against closed forms, quadrature and published numbers; exit code 1 if a "
        + "check fails.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  rgflow validate --quick                            everything, in about a minute",
      "  rgflow validate --suite transport",
      "  rgflow validate --suite all --report report        report/report.html for a browser, or for paper",
      "  rgflow validate --suite phi4 --format json > phi4.json"
    })
final class ValidateCommand implements Callable<Integer> {
  private static final String ALL = "all";

  @Option(names = "--suite", paramLabel = "NAME", defaultValue = ALL, converter = Converters.SuiteConverter.class,
      completionCandidates = Converters.SuiteNames.class, hideParamSyntax = true,
      description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private String suite;

  @Option(names = "--quick", description = "Smaller lattices and shorter runs: about a minute instead of up to 20.")
  private boolean quick;

  @Option(names = "--report", paramLabel = "DIR", description = "Write " + ValidationReport.PAGE + ", one page with "
      + "claims, "
      + "formulas, sources, figures and results, and " + ValidationReport.DATA + " into this folder.")
  private Path directory;

  @Spec
  private CommandSpec command;

  @Mixin
  private DeviceOptions deviceOptions;

  @Mixin
  private OutputOptions output;

  private final List<Check> finished = new ArrayList<>();

  static List<String> suiteNames() {
    return Stream.concat(Suites.names().stream(), Stream.of(ALL)).toList();
  }

  @Override
  public Integer call() throws IOException {
    Effort effort = quick ? Effort.QUICK : Effort.FULL;
    SuiteReport report = SuiteReport.empty();
    if (directory != null) {
      Outputs.folder("--report", directory);
    }
    Interruption.beforeTheEnd(this::showUnfinished);
    Instant start = Instant.now();
    long begin = System.nanoTime();
    String description;
    try (Device device = deviceOptions.open(output)) {
      description = device.description();
      for (String name : suite.equals(ALL) ? Suites.names() : List.of(suite)) {
        Suite next = Suites.of(name, effort, device);
        try (Watch watch = new Watch(next)) {
          report = report.and(directory == null ? next.run(watch) : next.runWithFigures(watch));
        }
      }
    }
    Interruption.nothingToShow();
    show(report);
    if (directory != null) {
      RunInformation run = new RunInformation(Version.number(), typed(), description, Version.platform(), start,
          1e-9 * (System.nanoTime() - begin));
      Path page = new ValidationReport(run, report).write(directory);
      output.line("report: %s", page);
    }
    return report.failed() == 0 ? Main.OK : Main.CHECK_FAILED;
  }

  private void show(SuiteReport report) {
    if (!output.json()) {
      output.out().print(report.toTable());
      output.out().flush();
    }
    output.object(report.toJson());
  }

  /** What an interrupted validation has found so far. */
  private String showUnfinished() {
    List<Check> found;
    synchronized (finished) {
      found = List.copyOf(finished);
    }
    if (found.isEmpty()) {
      return "no check was finished";
    }
    show(SuiteReport.of(found));
    return "the checks above are not all";
  }

  /** The command as it was typed, for the report. */
  private String typed() {
    return "rgflow " + command.root().commandLine().getParseResult().originalArgs().stream()
        .map(a -> a.matches("[\\w./:=,+-]+") ? a : "'" + a.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" "));
  }

  /** Progress of one suite. */
  private final class Watch implements Suite.Progress, AutoCloseable {
    private final Progress progress;
    private int done;

    Watch(Suite suite) {
      progress = output.progress(suite.name(), "measurements",
          suite.measurements().size() + (directory == null ? 0 : suite.drawings().size()));
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
      synchronized (ValidateCommand.this.finished) {
        ValidateCommand.this.finished.addAll(checks);
      }
      progress.at(++done);
      if (!output.quiet() && checks.stream().anyMatch(c -> !c.passed())) {
        output.err().println(String.format(Locale.ROOT, "%s: %s did not pass (%.1f s)", name, measurement, seconds));
      }
    }
  }
}
