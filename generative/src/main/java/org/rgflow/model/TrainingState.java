package org.rgflow.model;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;

/**
 * Where a training stands: with the configuration, parameters, moments and average it determines every
 * later step to the last bit.
 *
 * @param step optimiser steps done
 * @param samples images seen, which with the size of the data gives epoch and position
 * @param seed seed of all random numbers
 * @param randomStep step of the random stream, {@link org.rgflow.random.RandomStream#step}
 */
public record TrainingState(long step, long samples, long seed, long randomStep) {
  /** @throws IllegalArgumentException if a count is negative */
  public TrainingState {
    if (step < 0 || samples < 0) {
      throw new IllegalArgumentException("a training cannot stand at step " + step + " after " + samples + " images");
    }
  }

  /** Complete passes through a set of images. */
  public long epoch(int setSize) {
    return samples / setSize;
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("step", step);
    json.addProperty("samples", samples);
    json.addProperty("seed", seed);
    json.addProperty("randomStep", randomStep);
    return json;
  }

  static TrainingState ofJson(JsonObject json) throws IOException {
    try {
      return new TrainingState(
          number(json, "step"), number(json, "samples"), number(json, "seed"), number(json, "randomStep"));
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static long number(JsonObject json, String name) throws IOException {
    if (json.get(name) instanceof JsonPrimitive value && value.isNumber()) {
      try {
        return Long.parseLong(value.getAsString());
      } catch (NumberFormatException e) {
        throw new IOException("its training state has no whole number " + name, e);
      }
    }
    throw new IOException("its training state lacks the number " + name);
  }
}
