package org.rgflow.training;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.rgflow.io.OneLine;
import org.rgflow.text.NearestName;

/**
 * Trees of records to and from JSON, and with single values replaced. Components are numbers, booleans,
 * texts, enums (written as {@code min-snr} for {@code MIN_SNR}), lists of those, or records; a value deep
 * in the tree is named by its path, {@code optimizer.learningRate}.
 *
 * <p>Values that a record's constructor refuses, unknown names and values of the wrong kind are
 * IllegalArgumentExceptions of one line that names the path.
 */
public final class Settings {
  private Settings() {}

  /** The whole tree. */
  public static JsonObject toJson(Record settings) {
    JsonObject json = new JsonObject();
    for (RecordComponent component : settings.getClass().getRecordComponents()) {
      json.add(component.getName(), element(value(settings, component)));
    }
    return json;
  }

  private static JsonElement element(Object value) {
    return switch (value) {
      case Record inner -> toJson(inner);
      case Number number -> new JsonPrimitive(number);
      case Boolean bool -> new JsonPrimitive(bool);
      case String text -> new JsonPrimitive(text);
      case Enum<?> constant -> new JsonPrimitive(title(constant));
      case List<?> list -> {
        JsonArray array = new JsonArray();
        list.forEach(item -> array.add(element(item)));
        yield array;
      }
      default -> throw new IllegalStateException("no setting can be a " + value.getClass().getName());
    };
  }

  /**
   * A tree with the values of a JSON object; those that it lacks stay as they are.
   *
   * @throws IllegalArgumentException if the object has an unknown name or an impossible value
   */
  public static <R extends Record> R withJson(R base, JsonObject json) {
    return withJson(base, json, "", paths(base));
  }

  private static <R extends Record> R withJson(R base, JsonObject json, String path, List<String> known) {
    RecordComponent[] components = base.getClass().getRecordComponents();
    for (String name : json.keySet()) {
      if (Arrays.stream(components).noneMatch(component -> component.getName().equals(name))) {
        throw unknown(path + name, known);
      }
    }
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = components[i].getName();
      Object before = value(base, components[i]);
      JsonElement given = json.get(name);
      if (given == null) {
        values[i] = before;
      } else if (before instanceof Record inner) {
        if (!given.isJsonObject()) {
          throw new IllegalArgumentException(path + name + " is a group of settings, not a value");
        }
        values[i] = withJson(inner, given.getAsJsonObject(), path + name + ".", known);
      } else {
        values[i] = parsed(path + name, components[i].getGenericType(), texts(path + name, given));
      }
    }
    return made(base, path, values);
  }

  /** A value as texts: one, or those of a list. */
  private static List<String> texts(String path, JsonElement given) {
    List<String> texts = new ArrayList<>();
    Iterable<JsonElement> items = given.isJsonArray() ? given.getAsJsonArray() : List.of(given);
    for (JsonElement item : items) {
      if (!item.isJsonPrimitive()) {
        throw new IllegalArgumentException(
            path + " is a value, not " + (item.isJsonNull() ? "null" : "a group of settings"));
      }
      texts.add(item.getAsString());
    }
    return texts;
  }

  /**
   * A tree with one value replaced.
   *
   * @param assignment {@code path=value}; the items of a list are separated by commas
   * @throws IllegalArgumentException if there is no such path or the value is impossible
   */
  public static <R extends Record> R with(R base, String assignment) {
    return with(base, List.of(assignment));
  }

  /**
   * A tree with several values replaced at once: only the result need be possible. Of two assignments to one path
   * the later counts.
   *
   * @param assignments each as for {@link #with(Record, String)}
   * @throws IllegalArgumentException if there is no such path or the result is impossible
   */
  public static <R extends Record> R with(R base, List<String> assignments) {
    List<String> known = paths(base);
    JsonObject json = new JsonObject();
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("'" + OneLine.of(assignment) + "' is not of the form name=value");
      }
      String path = assignment.substring(0, equals).strip();
      if (!known.contains(path)) {
        throw unknown(path, known);
      }
      JsonArray items = new JsonArray();
      Stream.of(assignment.substring(equals + 1).strip().split(",", -1)).map(String::strip).forEach(items::add);
      JsonObject group = json;
      String[] names = path.split("\\.");
      for (String name : Arrays.copyOf(names, names.length - 1)) {
        if (!group.has(name)) {
          group.add(name, new JsonObject());
        }
        group = group.getAsJsonObject(name);
      }
      group.add(names[names.length - 1], items);
    }
    return withJson(base, json, "", known);
  }

  /** Every single value of a tree as a text, by its path and in the order of {@link #paths}; lists with commas. */
  public static Map<String, String> values(Record settings) {
    JsonObject json = toJson(settings);
    Map<String, String> values = new LinkedHashMap<>();
    for (String path : paths(settings)) {
      JsonElement value = json;
      for (String name : path.split("\\.")) {
        value = value.getAsJsonObject().get(name);
      }
      values.put(path, String.join(",", texts(path, value)));
    }
    return values;
  }

  /** The paths of all values, in order. */
  public static List<String> paths(Record settings) {
    List<String> paths = new ArrayList<>();
    for (RecordComponent component : settings.getClass().getRecordComponents()) {
      if (value(settings, component) instanceof Record inner) {
        paths(inner).forEach(path -> paths.add(component.getName() + "." + path));
      } else {
        paths.add(component.getName());
      }
    }
    return paths;
  }

  private static IllegalArgumentException unknown(String path, List<String> known) {
    String written = OneLine.of(path);
    // A name without its group is the most frequent slip.
    return new IllegalArgumentException(known.stream()
        .filter(name -> name.toLowerCase(Locale.ROOT).endsWith("." + written.toLowerCase(Locale.ROOT))).findFirst()
        .map(name -> "unknown setting '" + written + "'; did you mean '" + name + "'?")
        .orElseGet(() -> NearestName.message("setting", written, known)));
  }

  private static Object parsed(String path, Type type, List<String> texts) {
    if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
      Type item = list.getActualTypeArguments()[0];
      List<Object> items = new ArrayList<>();
      for (String text : texts) {
        if (!text.isEmpty() || texts.size() > 1) {
          items.add(parsed(path, item, List.of(text)));
        }
      }
      return List.copyOf(items);
    }
    if (texts.size() != 1) {
      throw new IllegalArgumentException(path + " is one value, not " + texts.size());
    }
    String text = texts.getFirst();
    try {
      if (type == int.class || type == Integer.class) {
        return Integer.parseInt(text);
      }
      if (type == long.class) {
        return Long.parseLong(text);
      }
      if (type == double.class) {
        double value = Double.parseDouble(text);
        if (!Double.isFinite(value)) {
          throw new NumberFormatException(text);
        }
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          path + " is a " + (type == double.class ? "" : "whole ") + "number, not '" + OneLine.of(text) + "'", e);
    }
    if (type == boolean.class) {
      return switch (text) {
        case "true" -> true;
        case "false" -> false;
        default -> throw new IllegalArgumentException(path + " is true or false, not '" + OneLine.of(text) + "'");
      };
    }
    if (type instanceof Class<?> enumeration && enumeration.isEnum()) {
      Map<String, Object> constants = new LinkedHashMap<>();
      for (Object constant : enumeration.getEnumConstants()) {
        constants.put(title((Enum<?>) constant), constant);
      }
      Object constant = constants.get(text);
      if (constant == null) {
        throw new IllegalArgumentException(NearestName.message(path, OneLine.of(text), constants.keySet()));
      }
      return constant;
    }
    return text;
  }

  private static String title(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Object value(Record settings, RecordComponent component) {
    try {
      return component.getAccessor().invoke(settings);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("settings must be public records: " + settings.getClass().getName(), e);
    }
  }

  @SuppressWarnings("unchecked") // the constructor of a record's class makes that record
  private static <R extends Record> R made(R base, String path, Object[] values) {
    Class<?>[] types = Arrays.stream(base.getClass().getRecordComponents()).map(RecordComponent::getType)
        .toArray(Class<?>[]::new);
    try {
      return (R) base.getClass().getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        String group = path.isEmpty() ? "" : path.substring(0, path.length() - 1) + ": ";
        throw new IllegalArgumentException(group + refused.getMessage(), refused);
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("settings must be public records: " + base.getClass().getName(), e);
    }
  }
}
