package org.rgflow.learned;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;

/** Reads numbers and texts out of a configuration. */
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
}
