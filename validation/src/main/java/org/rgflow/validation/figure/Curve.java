package org.rgflow.validation.figure;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.rgflow.io.Json;

/**
 * One series of a diagram. Values that are not finite are left out, and interrupt a line.
 *
 * @param label its name in the legend; empty for none
 * @param mark how it is drawn
 * @param hue curves of equal hue ≥ 0 have one colour, a prediction and its measurement for instance; {@link #AUTOMATIC}
 *     takes the next one
 * @param x abscissae; for {@link Mark#STEPS} the edges of the bins, one more than ordinates
 * @param y ordinates
 * @param error standard errors of the ordinates, or null
 */
public record Curve(String label, Mark mark, int hue, double[] x, double[] y, double[] error) {
  /** The hue of a curve that has its colour to itself. */
  public static final int AUTOMATIC = -1;

  /** How a curve is drawn. */
  public enum Mark {
    /** A full line. */
    LINE,
    /** A dashed line, for predictions and limits. */
    DASHES,
    /** Symbols, with error bars if there are errors. */
    POINTS,
    /** A histogram's outline over its filled area. */
    STEPS
  }

  /** @throws IllegalArgumentException if the lengths do not fit each other */
  public Curve {
    Objects.requireNonNull(label, "label");
    if (x.length != y.length + (mark == Mark.STEPS ? 1 : 0) || error != null && error.length != y.length
        || hue < AUTOMATIC) {
      throw new IllegalArgumentException("curve '" + label + "' has " + x.length + " abscissae, " + y.length
          + " ordinates, " + (error == null ? "no" : error.length) + " errors and the hue " + hue);
    }
    x = x.clone();
    y = y.clone();
    error = error == null ? null : error.clone();
  }

  public static Curve line(String label, double[] x, double[] y) {
    return new Curve(label, Mark.LINE, AUTOMATIC, x, y, null);
  }

  public static Curve dashes(String label, double[] x, double[] y) {
    return new Curve(label, Mark.DASHES, AUTOMATIC, x, y, null);
  }

  /** @param error may be null */
  public static Curve points(String label, double[] x, double[] y, double[] error) {
    return new Curve(label, Mark.POINTS, AUTOMATIC, x, y, error);
  }

  /** @param edges one more than heights */
  public static Curve steps(String label, double[] edges, double[] heights) {
    return new Curve(label, Mark.STEPS, AUTOMATIC, edges, heights, null);
  }

  /** The same in the colour of a number ≥ 0. */
  public Curve hue(int newHue) {
    return new Curve(label, mark, newHue, x, y, error);
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("label", label);
    json.addProperty("mark", mark.name().toLowerCase(Locale.ROOT));
    json.add("x", numbers(x));
    json.add("y", numbers(y));
    json.add("error", error == null ? JsonNull.INSTANCE : numbers(error));
    return json;
  }

  private static JsonElement numbers(double[] values) {
    JsonArray array = new JsonArray();
    Arrays.stream(values).forEach(v -> array.add(Json.number(v)));
    return array;
  }
}
