package org.rgflow.learned;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.util.List;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.spectral.LatticeModes;

/**
 * What a score model knows of its ensemble beforehand, for each orbit of modes.
 *
 * @param propagator G = ⟨φ²⟩ of a mode
 * @param excess ⟨g²⟩ of the standardised anharmonic force g = φ/√G − √G ∂S/∂φ; 0 in a free theory
 */
record ScoreStatistics(double[] propagator, double[] excess) {
  ScoreStatistics {
    for (double g : propagator) {
      require(g > 0 && Double.isFinite(g), "propagator", g);
    }
    for (double e : excess) {
      require(e >= 0 && Double.isFinite(e), "excess", e);
    }
  }

  private static void require(boolean possible, String what, double value) {
    if (!possible) {
      throw new IllegalArgumentException("the ensemble's " + what + " cannot be " + value);
    }
  }

  /**
   * The flow of the ensemble, with a reference mass that gives the zero mode its own variance: M² = z/G(0).
   *
   * @throws IllegalArgumentException if there are not as many orbits
   */
  ScorePath path(Lattice lattice, Phi4Action action) {
    return new ScorePath(lattice, action.covarianceFactor(), action.covarianceFactor() / propagator[0], propagator);
  }

  /** The root mean square of the anharmonic force φ/G − ∂S/∂φ at a site, the unit of the network's output. */
  double force(Lattice lattice) {
    List<LatticeModes.Orbit> orbits = new LatticeModes(lattice).orbits();
    double sum = 0;
    for (int orbit = 0; orbit < excess.length; orbit++) {
      sum += orbits.get(orbit).modes().length * excess[orbit] / propagator[orbit];
    }
    return Math.sqrt(sum / lattice.sites());
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.add("propagator", array(propagator));
    json.add("excess", array(excess));
    return json;
  }

  private static JsonArray array(double[] values) {
    JsonArray array = new JsonArray();
    for (double value : values) {
      array.add(value);
    }
    return array;
  }

  static ScoreStatistics ofJson(JsonObject json, Lattice lattice) throws IOException {
    int orbits = new LatticeModes(lattice).orbits().size();
    try {
      return new ScoreStatistics(numbers(json, "propagator", orbits), numbers(json, "excess", orbits));
    } catch (IllegalArgumentException e) {
      throw new IOException("its statistics are impossible: " + e.getMessage(), e);
    }
  }

  private static double[] numbers(JsonObject json, String name, int length) throws IOException {
    if (!(json.get(name) instanceof JsonArray array) || array.size() != length) {
      throw new IOException("its statistics lack the " + length + " numbers of the " + name);
    }
    double[] result = new double[length];
    for (int i = 0; i < length; i++) {
      JsonElement element = array.get(i);
      if (!(element instanceof JsonPrimitive value) || !value.isNumber()) {
        throw new IOException("its statistics have " + element + " in the " + name);
      }
      result[i] = value.getAsDouble();
    }
    return result;
  }
}
