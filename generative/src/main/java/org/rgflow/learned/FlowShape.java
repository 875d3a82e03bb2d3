package org.rgflow.learned;

import com.google.gson.JsonObject;
import java.io.IOException;
import org.rgflow.lattice.Lattice;

/**
 * The sizes of a continuous normalizing flow.
 *
 * @param lattice of its fields
 * @param frequencies n, sines of the field's value
 * @param features F, to which sines and field are contracted
 * @param timeFeatures cosines of the time, the constant included
 * @param timeChannels D, to which these are contracted
 * @param steps Runge–Kutta steps from time 0 to 1
 */
public record FlowShape(
    Lattice lattice, int frequencies, int features, int timeFeatures, int timeChannels, int steps) {
  /**
   * 24 sines to 16 features, 5 functions of time, 12 steps. The published sizes are 49, 20, 21 and 50: with so many
   * functions of time, so few steps would let a training profit from the error of the integration.
   */
  public static FlowShape of(Lattice lattice) {
    return new FlowShape(lattice, 24, 16, 5, 5, 12);
  }

  /** @throws IllegalArgumentException if a size is out of its range */
  public FlowShape {
    require("frequencies", frequencies, 1, 1024);
    require("features", features, 1, 256);
    require("timeFeatures", timeFeatures, 1, 256);
    require("timeChannels", timeChannels, 1, 256);
    require("steps", steps, 1, 1000);
    if (lattice.sites() > 128 * 128) {
      throw new IllegalArgumentException("a learned flow takes lattices of at most 128x128 sites, not " + lattice);
    }
  }

  private static void require(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(name + " must be " + least + " to " + most + ", not " + value);
    }
  }

  /** Times at which the velocity is needed: the ends and middles of the steps. */
  int times() {
    return 2 * steps + 1;
  }

  /** Number of parameters. */
  public long parameters() {
    return FlowParameters.count(this);
  }

  /** The same flow with other Runge–Kutta steps. */
  public FlowShape withSteps(int other) {
    return new FlowShape(lattice, frequencies, features, timeFeatures, timeChannels, other);
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("lattice", lattice.toString());
    json.addProperty("frequencies", frequencies);
    json.addProperty("features", features);
    json.addProperty("timeFeatures", timeFeatures);
    json.addProperty("timeChannels", timeChannels);
    json.addProperty("steps", steps);
    return json;
  }

  static FlowShape ofJson(JsonObject json) throws IOException {
    try {
      return new FlowShape(Lattice.parse(Settings.text(json, "lattice")), Settings.whole(json, "frequencies"),
          Settings.whole(json, "features"), Settings.whole(json, "timeFeatures"),
          Settings.whole(json, "timeChannels"), Settings.whole(json, "steps"));
    } catch (IllegalArgumentException e) {
      throw new IOException("its flow is impossible: " + e.getMessage(), e);
    }
  }
}
