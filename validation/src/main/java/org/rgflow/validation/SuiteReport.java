package org.rgflow.validation;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The outcome of one or several suites.
 *
 * @param checks in the order in which they were made
 * @param settings one line for each suite that took part: its name, effort and seed
 */
public record SuiteReport(List<Check> checks, List<String> settings) {
  public SuiteReport {
    checks = List.copyOf(checks);
    settings = List.copyOf(settings);
  }

  /** A report without settings. */
  public SuiteReport(List<Check> checks) {
    this(checks, List.of());
  }

  /** Both reports' checks and settings, this one's first. */
  public SuiteReport and(SuiteReport other) {
    return new SuiteReport(Stream.concat(checks.stream(), other.checks.stream()).toList(),
        Stream.concat(settings.stream(), other.settings.stream()).toList());
  }

  public int passed() {
    return (int) checks.stream().filter(Check::passed).count();
  }

  /** Checks that did not pass, the inconclusive ones included. */
  public int failed() {
    return checks.size() - passed();
  }

  /**
   * {@code {"checks":[{"id","statement","reference","expected","measured","uncertainty","tolerance",
   * "verdict"}],"passed","failed"}}; numbers that are not finite become null.
   */
  public JsonObject toJson() {
    JsonArray list = new JsonArray();
    for (Check check : checks) {
      JsonObject entry = new JsonObject();
      entry.addProperty("id", check.id());
      entry.addProperty("statement", check.statement());
      entry.addProperty("reference", check.reference());
      entry.add("expected", number(check.expected()));
      entry.add("measured", number(check.measured()));
      entry.add("uncertainty", number(check.uncertainty()));
      entry.add("tolerance", number(check.tolerance()));
      entry.addProperty("verdict", check.verdict().name());
      list.add(entry);
    }
    JsonObject report = new JsonObject();
    report.add("checks", list);
    report.addProperty("passed", passed());
    report.addProperty("failed", failed());
    return report;
  }

  private static JsonElement number(double value) {
    return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
  }

  /** A table for terminals, one line per check, what did not pass explained below it, totals last. */
  public String toTable() {
    int width = Math.max(5, checks.stream().mapToInt(c -> c.id().length()).max().orElse(0));
    StringBuilder text = new StringBuilder();
    settings.forEach(line -> text.append(line).append(System.lineSeparator()));
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
