package org.rgflow.validation.figure;

import com.google.gson.JsonObject;
import java.util.Locale;
import java.util.Objects;
import org.rgflow.io.Json;
import org.rgflow.validation.plot.Axis;

/**
 * What is laid off along one axis.
 *
 * @param label name or symbol, such as {@code p̂²}
 * @param unit unit, such as {@code 1/a²}; empty for a pure number
 * @param scale linear or logarithmic; on a logarithmic one values ≤ 0 have no place and are left out
 * @param low lower end of the axis; NaN to take it from the values
 * @param high upper end of the axis; NaN to take it from the values
 */
public record Quantity(String label, String unit, Axis.Scale scale, double low, double high) {
  public Quantity {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(unit, "unit");
    Objects.requireNonNull(scale, "scale");
    if (low >= high || scale == Axis.Scale.LOGARITHMIC && low <= 0) {
      throw new IllegalArgumentException("axis " + label + " from " + low + " to " + high);
    }
  }

  /** A pure number on a linear axis whose range is that of the values. */
  public static Quantity linear(String label) {
    return new Quantity(label, "", Axis.Scale.LINEAR, Double.NaN, Double.NaN);
  }

  /** A pure number on a logarithmic axis whose range is that of the values. */
  public static Quantity logarithmic(String label) {
    return new Quantity(label, "", Axis.Scale.LOGARITHMIC, Double.NaN, Double.NaN);
  }

  /** The same in a unit. */
  public Quantity in(String newUnit) {
    return new Quantity(label, newUnit, scale, low, high);
  }

  /** The same on an axis with these ends, of which either may be NaN. */
  public Quantity between(double newLow, double newHigh) {
    return new Quantity(label, unit, scale, newLow, newHigh);
  }

  /** Label and unit as they are written along the axis. */
  public String title() {
    return unit.isEmpty() ? label : label + " [" + unit + "]";
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("label", label);
    json.addProperty("unit", unit);
    json.addProperty("scale", scale.name().toLowerCase(Locale.ROOT));
    json.add("low", Json.number(low));
    json.add("high", Json.number(high));
    return json;
  }
}
