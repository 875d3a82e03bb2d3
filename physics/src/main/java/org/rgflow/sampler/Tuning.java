package org.rgflow.sampler;

import java.util.Map;

/** Reads adapted parameters. */
final class Tuning {
  private Tuning() {}

  /** @throws IllegalArgumentException if the parameter is missing or not a positive finite number */
  static double positive(Map<String, Double> tuning, String name) {
    Double value = tuning.get(name);
    if (value == null) {
      throw new IllegalArgumentException("tuning parameter '" + name + "' is missing; there are: " + tuning.keySet());
    }
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("tuning parameter '" + name + "' must be a positive number, not " + value);
    }
    return value;
  }
}
