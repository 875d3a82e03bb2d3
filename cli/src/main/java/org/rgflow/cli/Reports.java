package org.rgflow.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.rgflow.flow.FlowReport;
import org.rgflow.statistics.Estimate;

/** Tables of results for people. */
final class Reports {
  /** How many autocorrelation times a series must have for its error to be believed. */
  private static final int AUTOCORRELATION_TIMES = 50;

  private Reports() {}

  /** One line per observable: mean, error, integrated autocorrelation time. */
  static void observables(OutputOptions output, Map<String, Estimate> estimates) {
    output.line("%-22s %15s %11s   %s", "observable", "mean", "error", "tau_int");
    estimates.forEach((name, e) -> output.line("%-22s %15s %11s   %s%s", name, value(e), error(e.error()), tau(e),
        unreliable(e) ? " *" : ""));
    if (estimates.values().stream().anyMatch(Reports::unreliable)) {
      output.line("* the series is too short for its autocorrelation: the true error is larger");
    }
  }

  /** Whether the series was too short for its autocorrelation time, so that the error is too small. */
  static boolean unreliable(Estimate e) {
    return Double.isFinite(e.mean()) && (!e.windowFound() || e.samples() < AUTOCORRELATION_TIMES * e.tauInt());
  }

  /** The mean with as many decimals as its error has, plus one. */
  static String value(Estimate e) {
    if (!Double.isFinite(e.mean())) {
      return "-";
    }
    if (!(e.error() > 0)) {
      return String.format(Locale.ROOT, "%.8g", e.mean());
    }
    int decimals = Math.clamp((long) (1 - Math.floor(Math.log10(e.error()))), 0, 14);
    return String.format(Locale.ROOT, "%." + decimals + "f", e.mean());
  }

  /** {@code 0.2759 +- 0.0012}, or {@code -} where there is no value. */
  static String withError(Estimate e) {
    return Double.isFinite(e.mean()) ? value(e) + " +- " + error(e.error()) : "-";
  }

  /** How well what a flow must preserve was preserved. */
  static String preserved(FlowReport.Scale scale) {
    List<FlowReport.Invariant> known = scale.invariant().stream().filter(FlowReport.Invariant::informative).toList();
    return known.isEmpty() ? "-" : String.format(Locale.ROOT, "%d of %d modes within 2 sigma, worst %.1f sigma",
        known.stream().filter(i -> Math.abs(i.sigmas()) <= 2).count(), known.size(),
        known.stream().mapToDouble(i -> Math.abs(i.sigmas())).max().orElse(0));
  }

  static String error(double error) {
    if (!Double.isFinite(error)) {
      return "-";
    }
    int decimals = error > 0 ? Math.clamp((long) (1 - Math.floor(Math.log10(error))), 0, 14) : 0;
    return String.format(Locale.ROOT, "%." + decimals + "f", error);
  }

  private static String tau(Estimate e) {
    return Double.isFinite(e.tauInt()) ? String.format(Locale.ROOT, "%.2f", e.tauInt()) : "-";
  }
}
