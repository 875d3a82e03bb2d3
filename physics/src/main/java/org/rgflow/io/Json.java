package org.rgflow.io;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalDouble;
import org.rgflow.statistics.Estimate;

/** JSON trees to and from text: RFC 8259, nulls kept, non-finite numbers as null. */
public final class Json {
  private static final int MAX_DEPTH = 64;
  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

  private Json() {}

  /** A number, or null for NaN and infinities, which JSON does not have. */
  public static JsonElement number(double value) {
    return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
  }

  /** A number as {@link #number(double)}, or null if there is none. */
  public static JsonElement number(OptionalDouble value) {
    return number(value.orElse(Double.NaN));
  }

  /** Numbers as {@link #number(double)}. */
  public static JsonArray numbers(double[] values) {
    JsonArray array = new JsonArray();
    for (double value : values) {
      array.add(number(value));
    }
    return array;
  }

  /** {@code {"mean", "error", "tauInt"}}. */
  public static JsonObject estimate(Estimate estimate) {
    JsonObject object = new JsonObject();
    object.add("mean", number(estimate.mean()));
    object.add("error", number(estimate.error()));
    object.add("tauInt", number(estimate.tauInt()));
    return object;
  }

  /** Estimates by name, in the order of the map. */
  public static JsonObject estimates(Map<String, Estimate> estimates) {
    JsonObject object = new JsonObject();
    estimates.forEach((name, value) -> object.add(name, estimate(value)));
    return object;
  }

  /**
   * Indented text.
   *
   * @throws IllegalArgumentException if the tree holds NaN or an infinity: use {@link #number}
   */
  public static String text(JsonElement json) {
    return PRETTY.toJson(json);
  }

  /** Writes indented text and a final line break through {@link AtomicFile}. */
  public static void write(Path target, JsonElement json) throws IOException {
    AtomicFile.writeText(target, text(json) + "\n");
  }

  /**
   * Reads one JSON object, strictly: no comments, no trailing text, at most 64 levels deep.
   *
   * @throws IOException if the text is anything else, with the position
   */
  public static JsonObject parseObject(String text) throws IOException {
    try {
      JsonReader reader = new JsonReader(new StringReader(text));
      reader.setStrictness(Strictness.STRICT);
      reader.setNestingLimit(MAX_DEPTH);
      JsonElement json = JsonParser.parseReader(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new IOException("there is text after the JSON object");
      }
      if (!json.isJsonObject()) {
        throw new IOException("not a JSON object");
      }
      return json.getAsJsonObject();
    } catch (JsonParseException | MalformedJsonException | EOFException | NumberFormatException
        | IllegalStateException e) {
      throw new IOException("not valid JSON" + position(e.getMessage()), e);
    }
  }

  /** Gson's " at line 1 column 2 path $.x", without its advice to be lenient. */
  private static String position(String message) {
    int at = message == null ? -1 : message.indexOf(" at line ");
    return at < 0 ? "" : message.substring(at).lines().findFirst().orElse("");
  }
}
