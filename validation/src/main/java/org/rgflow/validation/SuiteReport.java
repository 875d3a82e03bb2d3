package org.rgflow.validation;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The outcome of one or several suites.
 *
 * @param checks in the order in which they were made
 */
public record SuiteReport(List<Check> checks) {
  public SuiteReport {
    checks = List.copyOf(checks);
  }

  /** Both reports' checks, this one's first. */
  public SuiteReport and(SuiteReport other) {
    List<Check> all = new ArrayList<>(checks);
    all.addAll(other.checks);
    return new SuiteReport(all);
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
    String row = "%-" + width + "s  %18s  %18s  %10s  %10s  %s%n";
    text.append(String.format(Locale.ROOT, row, "check", "expected", "measured", "error bar", "tolerance", "verdict"));
    for (Check check : checks) {
      text.append(String.format(Locale.ROOT, row, check.id(), value(check.expected()), value(check.measured()),
          check.uncertainty() == 0 ? "-" : bar(check.uncertainty()), bar(check.tolerance()), check.verdict()));
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

  private static String value(double x) {
    if (Double.isNaN(x)) {
      return "-";
    }
    return x == 0 ? "0" : Math.abs(x) < 1e-4 ? String.format(Locale.ROOT, "%.6e", x) : String.format(Locale.ROOT, "%.12g", x);
  }

  private static String bar(double x) {
    return Double.isNaN(x) ? "-" : String.format(Locale.ROOT, "%.2e", x);
  }
}
