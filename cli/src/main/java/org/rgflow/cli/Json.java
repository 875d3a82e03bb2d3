package org.rgflow.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Map;

/** Printing of JSON results: NaN and infinities, which JSON does not know, become null. */
final class Json {
  private static final Gson GSON = new GsonBuilder().serializeNulls().setPrettyPrinting().disableHtmlEscaping().create();

  private Json() {}

  static String print(JsonObject object) {
    return GSON.toJson(finite(object));
  }

  private static JsonElement finite(JsonElement element) {
    return switch (element) {
      case JsonObject object -> {
        JsonObject result = new JsonObject();
        for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
          result.add(entry.getKey(), finite(entry.getValue()));
        }
        yield result;
      }
      case JsonArray array -> {
        JsonArray result = new JsonArray();
        array.forEach(e -> result.add(finite(e)));
        yield result;
      }
      case JsonPrimitive p when p.isNumber() && !Double.isFinite(p.getAsDouble()) -> JsonNull.INSTANCE;
      default -> element;
    };
  }
}
