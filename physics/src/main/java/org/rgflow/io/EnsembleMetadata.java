package org.rgflow.io;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rgflow.lattice.ActionConvention;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;

/**
 * Everything of an ensemble that is not an array, as one JSON object. Numbers are written in Java's
 * shortest decimal form, which reads back to the same bits; 64-bit integers are strings, since other
 * programs read JSON numbers as doubles.
 *
 * @param ensemble the ensemble described, still without its arrays
 * @param snapshots number of snapshots in the file
 * @param measurements number of measurements in the file
 * @param series names of the series in the file
 * @param hasState whether the file has the state of the chain
 */
record EnsembleMetadata(Ensemble ensemble, int snapshots, int measurements, List<String> series, boolean hasState) {
  private static final String FORMAT = "rgflow-ensemble";
  private static final int VERSION = 1;
  private static final int MAX_SERIES = 10_000;

  /** The description of an ensemble: ASCII only, so that it is the same in every character set. */
  static String describe(Ensemble ensemble) {
    JsonObject json = new JsonObject();
    json.addProperty("format", FORMAT);
    json.addProperty("formatVersion", VERSION);
    JsonObject lattice = new JsonObject();
    lattice.addProperty("lx", ensemble.lattice().lx());
    lattice.addProperty("ly", ensemble.lattice().ly());
    json.add("lattice", lattice);
    json.addProperty("replicas", ensemble.replicas());
    json.addProperty("paddedReplicas", ensemble.layout().paddedReplicas());
    json.addProperty("snapshots", ensemble.snapshots());
    json.addProperty("measurements", ensemble.measurements());
    json.addProperty("saveEvery", ensemble.saveEvery());
    json.addProperty("hasState", ensemble.hasState());
    JsonArray names = new JsonArray();
    ensemble.seriesNames().forEach(names::add);
    json.add("series", names);
    JsonObject action = new JsonObject();
    Phi4Action phi4 = ensemble.action();
    action.addProperty("convention", phi4.convention().label());
    action.add(firstName(phi4.convention()), real(phi4.first()));
    action.add("lambda", real(phi4.lambda()));
    action.addProperty("density", density(phi4.convention()));
    json.add("action", action);
    json.addProperty("sampler", ensemble.sampler());
    JsonObject tuning = new JsonObject();
    ensemble.tuning().forEach((name, value) -> tuning.add(name, real(value)));
    json.add("tuning", tuning);
    json.addProperty("seed", Long.toString(ensemble.seed()));
    json.addProperty("step", Long.toString(ensemble.step()));
    json.addProperty("thermalisation", Long.toString(ensemble.thermalisation()));
    JsonObject acceptance = new JsonObject();
    acceptance.add("sum", real(ensemble.acceptanceSum()));
    acceptance.addProperty("updates", Long.toString(ensemble.acceptanceUpdates()));
    json.add("acceptance", acceptance);
    JsonObject flow = new JsonObject();
    flow.addProperty("scheme", ensemble.scheme());
    flow.add("scale", real(ensemble.scale()));
    json.add("flow", flow);
    JsonObject provenance = new JsonObject();
    ensemble.provenance().forEach(provenance::addProperty);
    json.add("provenance", provenance);
    return ascii(Json.text(json));
  }

  private static String firstName(ActionConvention convention) {
    return convention == ActionConvention.KAPPA_LAMBDA ? "kappa" : "mass2";
  }

  private static String density(ActionConvention convention) {
    return switch (convention) {
      case CANONICAL -> "1/2 sum_mu (phi(x+mu)-phi)^2 + mass2/2 phi^2 + lambda/4 phi^4";
      case GERDES -> "sum_mu (phi(x+mu)-phi)^2 + mass2 phi^2 + lambda phi^4";
      case KAPPA_LAMBDA -> "-2 kappa sum_mu phi phi(x+mu) + (1-2 lambda) phi^2 + lambda phi^4";
    };
  }

  private static JsonPrimitive real(double value) {
    return Double.isFinite(value) ? new JsonPrimitive(value) : new JsonPrimitive(Double.toString(value));
  }

  private static String ascii(String text) {
    StringBuilder ascii = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      ascii.append(c < 0x7F ? String.valueOf(c) : String.format("\\u%04x", (int) c));
    }
    return ascii.toString();
  }

  /**
   * Reads a description.
   *
   * @throws IOException if anything is missing, of the wrong type, or impossible
   */
  static EnsembleMetadata parse(String text) throws IOException {
    JsonObject json = Json.parseObject(text);
    if (!string(json, "format").equals(FORMAT)) {
      throw new IOException("its format is not '" + FORMAT + "'");
    }
    long version = integer(json, "formatVersion");
    if (version != VERSION) {
      throw new IOException("its format version is " + version + ", this program reads version " + VERSION);
    }
    try {
      JsonObject sides = object(json, "lattice");
      Lattice lattice = new Lattice(count(sides, "lx"), count(sides, "ly"));
      FieldLayout layout = new FieldLayout(lattice, count(json, "replicas"));
      if (count(json, "paddedReplicas") != layout.paddedReplicas()) {
        throw new IOException("'paddedReplicas' must be " + layout.paddedReplicas());
      }
      Ensemble ensemble = new Ensemble(action(object(json, "action")), layout);
      ensemble.setSampler(string(json, "sampler"));
      Map<String, Double> tuning = new LinkedHashMap<>();
      JsonObject tuned = object(json, "tuning");
      for (String name : tuned.keySet()) {
        tuning.put(name, real(tuned, name));
      }
      ensemble.setTuning(tuning);
      ensemble.setRandomPosition(integer(json, "seed"), integer(json, "step"));
      ensemble.setSaveEvery(count(json, "saveEvery"));
      ensemble.setThermalisation(integer(json, "thermalisation"));
      JsonObject acceptance = object(json, "acceptance");
      ensemble.setAcceptance(real(acceptance, "sum"), integer(acceptance, "updates"));
      JsonObject flow = object(json, "flow");
      ensemble.setFlow(string(flow, "scheme"), real(flow, "scale"));
      JsonObject provenance = object(json, "provenance");
      for (String name : provenance.keySet()) {
        ensemble.provenance().put(name, string(provenance, name));
      }
      return new EnsembleMetadata(ensemble, count(json, "snapshots"), count(json, "measurements"),
          names(json, ensemble), logical(json, "hasState"));
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static Phi4Action action(JsonObject json) throws IOException {
    String label = string(json, "convention");
    for (ActionConvention convention : ActionConvention.values()) {
      if (convention.label().equals(label)) {
        return new Phi4Action(convention, real(json, firstName(convention)), real(json, "lambda"));
      }
    }
    throw new IOException("the action convention '" + label + "' is unknown");
  }

  /** The names of the series; each is made in the ensemble, so that impossible and repeated ones are found. */
  private static List<String> names(JsonObject json, Ensemble ensemble) throws IOException {
    if (!(json.get("series") instanceof JsonArray array) || array.size() > MAX_SERIES) {
      throw new IOException("'series' must be a list of names");
    }
    List<String> names = new ArrayList<>();
    for (JsonElement element : array) {
      if (!(element instanceof JsonPrimitive name) || !name.isString()) {
        throw new IOException("'series' must be a list of names");
      }
      ensemble.record(name.getAsString());
      names.add(name.getAsString());
    }
    if (ensemble.seriesNames().size() != names.size()) {
      throw new IOException("'series' names one series twice");
    }
    return names;
  }

  private static JsonObject object(JsonObject json, String name) throws IOException {
    if (json.get(name) instanceof JsonObject object) {
      return object;
    }
    throw new IOException("'" + name + "' must be an object");
  }

  private static String string(JsonObject json, String name) throws IOException {
    if (json.get(name) instanceof JsonPrimitive value && value.isString()) {
      return value.getAsString();
    }
    throw new IOException("'" + name + "' must be a string");
  }

  private static boolean logical(JsonObject json, String name) throws IOException {
    if (json.get(name) instanceof JsonPrimitive value && value.isBoolean()) {
      return value.getAsBoolean();
    }
    throw new IOException("'" + name + "' must be true or false");
  }

  private static double real(JsonObject json, String name) throws IOException {
    if (json.get(name) instanceof JsonPrimitive value && !value.isBoolean()) {
      try {
        return Double.parseDouble(value.getAsString());
      } catch (NumberFormatException e) {
        throw new IOException("'" + name + "' must be a number", e);
      }
    }
    throw new IOException("'" + name + "' must be a number");
  }

  private static long integer(JsonObject json, String name) throws IOException {
    if (json.get(name) instanceof JsonPrimitive value && !value.isBoolean()) {
      try {
        return Long.parseLong(value.getAsString());
      } catch (NumberFormatException e) {
        throw new IOException("'" + name + "' must be a 64-bit integer", e);
      }
    }
    throw new IOException("'" + name + "' must be a 64-bit integer");
  }

  private static int count(JsonObject json, String name) throws IOException {
    long value = integer(json, name);
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new IOException("'" + name + "' = " + value + " is impossible");
    }
    return (int) value;
  }

  /** Refuses early what does not fit the memory. */
  void requireMemory() throws IOException {
    Heap.require(Ensemble.bytes(ensemble.layout(), snapshots, measurements, series.size()),
        "an ensemble of " + snapshots + " snapshots of " + ensemble.replicas() + " replicas of " + ensemble.lattice());
  }

  /** Refuses fields with NaN or infinite values. */
  static void requireFinite(float[] values, String what) throws IOException {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new IOException(what + " holds the value " + value + ": these are no fields to work with");
      }
    }
  }
}
