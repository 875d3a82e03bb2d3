package org.rgflow.validation;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.rgflow.validation.figure.Figure;

/**
 * The outcome of one or several suites.
 *
 * @param parts one for each suite, in the order in which they were run
 */
public record SuiteReport(List<Part> parts) {
  /**
   * The outcome of one suite.
   *
   * @param suite its name
   * @param title its heading
   * @param about what it shows; may be empty
   * @param settings a line with effort, seed and device; may be empty
   * @param seconds how long it took
   * @param sections what it measured, by topic
   */
  public record Part(
      String suite, String title, String about, String settings, double seconds, List<Section> sections) {
    public Part {
      sections = List.copyOf(sections);
    }

    /** The checks of all sections. */
    public List<Check> checks() {
      return sections.stream().flatMap(s -> s.checks.stream()).toList();
    }

    /** The figures of all sections. */
    public List<Figure> figures() {
      return sections.stream().flatMap(s -> s.figures.stream()).toList();
    }
  }

  /**
   * Checks and figures on one topic.
   *
   * @param topic empty for what a suite has put under none
   */
  public record Section(Optional<Topic> topic, List<Check> checks, List<Figure> figures) {
    public Section {
      checks = List.copyOf(checks);
      figures = List.copyOf(figures);
    }
  }

  public SuiteReport {
    parts = List.copyOf(parts);
  }

  /** The report of no suite. */
  public static SuiteReport empty() {
    return new SuiteReport(List.of());
  }

  /** A report of bare checks. */
  public static SuiteReport of(List<Check> checks) {
    return new SuiteReport(
        List.of(new Part("", "", "", "", 0, List.of(new Section(Optional.empty(), checks, List.of())))));
  }

  /** Both reports' suites, this one's first. */
  public SuiteReport and(SuiteReport other) {
    return new SuiteReport(Stream.concat(parts.stream(), other.parts.stream()).toList());
  }

  /** The checks of all suites, in the order in which they were made. */
  public List<Check> checks() {
    return parts.stream().flatMap(p -> p.checks().stream()).toList();
  }

  public int passed() {
    return (int) checks().stream().filter(Check::passed).count();
  }

  /** Checks that did not pass, the inconclusive ones included. */
  public int failed() {
    return checks().size() - passed();
  }

  /**
   * {@code {"checks":[{"id","statement","reference","expected","measured","uncertainty","tolerance",
   * "verdict"}],"passed","failed"}}; numbers that are not finite become null.
   */
  public JsonObject toJson() {
    JsonArray list = new JsonArray();
    checks().forEach(c -> list.add(c.toJson()));
    JsonObject report = new JsonObject();
    report.add("checks", list);
    report.addProperty("passed", passed());
    report.addProperty("failed", failed());
    return report;
  }

  /** A table for terminals, one line per check, what did not pass explained below it, totals last. */
  public String toTable() {
    List<Check> checks = checks();
    int width = Math.max(5, checks.stream().mapToInt(c -> c.id().length()).max().orElse(0));
    StringBuilder text = new StringBuilder();
    parts.stream().map(Part::settings).filter(line -> !line.isEmpty())
        .forEach(line -> text.append(line).append(System.lineSeparator()));
    String row = "%-" + width + "s  %17s  %17s  %9s  %9s  %s%n";
    text.append(String.format(Locale.ROOT, row, "check", "expected", "measured", "error bar", "tolerance", "verdict"));
    for (Check check : checks) {
      text.append(String.format(Locale.ROOT, row, check.id(), value(check.expected(), check.uncertainty()),
          value(check.measured(), check.uncertainty()), check.uncertainty() == 0 ? "-" : bar(check.uncertainty()),
          bar(check.tolerance()), check.verdict()));
    }
    for (Check check : checks) {
      if (!check.passed()) {
        text.append(String.format("%n%s %s: %s%n", check.verdict(), check.id(), check.statement()));
        if (!check.reference().isEmpty()) {
          text.append(String.format("  reference: %s%n", check.reference()));
        }
      }
    }
    text.append(String.format("%n%d passed, %d failed%n", passed(), failed()));
    return text.toString();
  }

  /** 12 digits, or for Monte Carlo as many decimals as show two digits of the error bar. */
  private static String value(double x, double uncertainty) {
    if (!Double.isFinite(x)) {
      return "-";
    }
    if (x == 0) {
      return "0";
    }
    if (uncertainty > 0) {
      int decimals = (int) Math.clamp(1 - Math.floor(Math.log10(uncertainty)), 0, 12);
      return String.format(Locale.ROOT, "%." + decimals + "f", x);
    }
    return Math.abs(x) < 1e-4 ? String.format(Locale.ROOT, "%.2e", x) : String.format(Locale.ROOT, "%.12g", x);
  }

  private static String bar(double x) {
    return Double.isFinite(x) ? String.format(Locale.ROOT, "%.1e", x) : "-";
  }
}
