package org.rgflow.learned;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import org.rgflow.lattice.ActionConvention;
import org.rgflow.lattice.Phi4Action;

/** Reads numbers, texts and actions out of a configuration. */
final class Settings {
  private Settings() {}

  static double number(JsonObject json, String name) throws IOException {
    if (json.get(name) instanceof JsonPrimitive value && value.isNumber()) {
      return value.getAsDouble();
    }
    throw new IOException("its configuration lacks the number " + name);
  }

  static int whole(JsonObject json, String name) throws IOException {
    double value = number(json, name);
    if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
      throw new IOException("its configuration has " + name + " = " + value + ", which is no whole number");
    }
    return (int) value;
  }

  static String text(JsonObject json, String name) throws IOException {
    if (json.get(name) instanceof JsonPrimitive value && value.isString()) {
      return value.getAsString();
    }
    throw new IOException("its configuration lacks the text " + name);
  }

  static JsonObject object(JsonObject json, String name) throws IOException {
    if (json.get(name) instanceof JsonObject value) {
      return value;
    }
    throw new IOException("its configuration lacks the part " + name);
  }

  /** What kind of model it describes; empty if it does not say. */
  static String kind(JsonObject json) {
    return json.get("model") instanceof JsonPrimitive kind ? kind.getAsString() : "";
  }

  static JsonObject ofAction(Phi4Action action) {
    JsonObject theory = new JsonObject();
    theory.addProperty("convention", action.convention().label());
    theory.addProperty(firstOf(action.convention()), action.first());
    theory.addProperty("lambda", action.lambda());
    return theory;
  }

  /** @throws IllegalArgumentException if the numbers make no action */
  static Phi4Action action(JsonObject json) throws IOException {
    JsonObject theory = object(json, "action");
    String label = text(theory, "convention");
    for (ActionConvention convention : ActionConvention.values()) {
      if (convention.label().equals(label)) {
        return new Phi4Action(convention, number(theory, firstOf(convention)), number(theory, "lambda"));
      }
    }
    throw new IOException("its configuration has an unknown convention '" + label + "'");
  }

  private static String firstOf(ActionConvention convention) {
    return convention == ActionConvention.KAPPA_LAMBDA ? "kappa" : "mass2";
  }
}
