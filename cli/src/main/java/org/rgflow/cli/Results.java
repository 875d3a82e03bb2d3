package org.rgflow.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import org.rgflow.device.Device;
import org.rgflow.flow.FlowReport;
import org.rgflow.io.Json;
import org.rgflow.lattice.Ensemble;
import org.rgflow.statistics.Estimate;

/** Results as JSON; the keys are a contract with scripts and do not change. */
final class Results {
  private Results() {}

  /**
   * A sampling run.
   *
   * @param extent T/ξ from the effective masses, or null where it was not measured
   * @param settled whether the automatic thermalisation found the means settled
   * @param warnings reasons not to trust the numbers
   */
  static JsonObject sample(Ensemble ensemble, Map<String, Estimate> observables, Estimate extent, boolean settled,
      List<String> warnings, Device device, double seconds) {
    JsonObject result = new JsonObject();
    result.add("observables", Json.estimates(observables));
    result.add("acceptance", Json.number(ensemble.acceptance()));
    result.addProperty("configurations", (long) ensemble.measurements() * ensemble.replicas());
    result.addProperty("seed", ensemble.seed());
    result.addProperty("device", device.description());
    result.add("seconds", Json.number(seconds));
    result.addProperty("lattice", ensemble.lattice().toString());
    result.addProperty("action", ensemble.action().toString());
    result.addProperty("sampler", ensemble.sampler());
    result.addProperty("replicas", ensemble.replicas());
    result.addProperty("thermalisation", ensemble.thermalisation());
    result.addProperty("thermalised", settled);
    JsonObject tuning = new JsonObject();
    ensemble.tuning().forEach((name, value) -> tuning.add(name, Json.number(value)));
    result.add("tuning", tuning);
    if (extent != null) {
      result.add("extentOverCorrelationLength", Json.estimate(extent));
    }
    JsonArray list = new JsonArray();
    warnings.forEach(list::add);
    result.add("warnings", list);
    return result;
  }

  /** The flow of an ensemble. */
  static JsonObject flow(FlowReport report, Ensemble ensemble, long seed, Device device, double seconds) {
    JsonArray list = new JsonArray();
    report.scales().forEach(scale -> list.add(scale(scale)));
    JsonObject result = new JsonObject();
    result.add("scales", list);
    result.add("start", scale(report.start()));
    result.addProperty("scheme", report.scheme());
    result.addProperty("lattice", ensemble.lattice().toString());
    result.addProperty("action", ensemble.action().toString());
    result.addProperty("configurations", (long) ensemble.snapshots() * ensemble.replicas());
    result.addProperty("seed", seed);
    result.addProperty("device", device.description());
    result.add("seconds", Json.number(seconds));
    return result;
  }

  private static JsonObject scale(FlowReport.Scale scale) {
    JsonObject result = new JsonObject();
    result.add("lambda", Json.number(scale.lambda()));
    result.add("observables", Json.estimates(scale.observables()));
    JsonArray propagator = new JsonArray();
    for (FlowReport.Point point : scale.propagator()) {
      JsonObject entry = new JsonObject();
      entry.addProperty("p2", point.momentum2());
      entry.add("value", Json.number(point.value().mean()));
      entry.add("error", Json.number(point.value().error()));
      propagator.add(entry);
    }
    result.add("propagator", propagator);
    JsonArray invariants = new JsonArray();
    scale.invariant().forEach(i -> invariants.add(invariant(i)));
    result.add("invariant", invariants);
    scale.zeroModeCumulant().ifPresent(i -> result.add("zeroModeCumulant", invariant(i)));
    if (!scale.stepError().isEmpty()) {
      result.add("stepError", Json.estimates(scale.stepError()));
    }
    scale.measuredOrder().ifPresent(order -> result.add("measuredOrder", Json.estimate(order)));
    return result;
  }

  /**
   * {@code value} and {@code expected} share their configurations; {@code differenceError} belongs to value − expected.
   */
  private static JsonObject invariant(FlowReport.Invariant invariant) {
    JsonObject entry = new JsonObject();
    entry.addProperty("p2", invariant.momentum2());
    entry.add("value", Json.number(invariant.value().mean()));
    entry.add("error", Json.number(invariant.value().error()));
    entry.add("expected", Json.number(invariant.expected().mean()));
    entry.add("difference", Json.number(invariant.difference().mean()));
    entry.add("differenceError", Json.number(Math.hypot(invariant.difference().error(), invariant.rounding())));
    entry.addProperty("informative", invariant.informative());
    return entry;
  }
}
