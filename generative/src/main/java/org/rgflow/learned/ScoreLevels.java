package org.rgflow.learned;

import java.util.Arrays;
import java.util.function.DoubleToIntFunction;

/**
 * Levels of a {@link ScoreBridge}: where on the {@link ScorePath} the force is evaluated anew.
 *
 * <p>Because the force stays what it was over a step, the step adds V ∝ (its length)² to the variance of ln w,
 *
 * <pre>  V = ½ Σ_k (r_k'² − r_k²) ⟨(f'_k − f_k)²⟩,</pre>
 *
 * <p>from r to r' with the forces f and f' at both ends. Of all ways to place N levels, that of equal √V has the
 * smallest sum, ΣV = L²/N with the thermodynamic length L = Σ√V, which is that of the path and does not depend on N
 * (G. E. Crooks, Phys. Rev. Lett. 99 (2007) 100602). What the model's error adds to the variance does not depend on the
 * levels, to this order.
 *
 * @param places s after 0, 1, … levels, falling from 1 to 0
 * @param variance what the levels add to the variance of ln w, as pilots find it with the force of the model; NaN if
 *     there were none
 */
public record ScoreLevels(double[] places, double variance) {
  /** The least number of levels. */
  static final int FEWEST = 2;
  /** The largest number of levels that is found. */
  static final int MOST = 10_000;
  /** Levels of the first pilot, which are those of {@link ScorePath#places}, and the least of a later one. */
  private static final int FEWEST_OF_PILOTS = 16;
  private static final int MOST_OF_PILOTS = 128;
  private static final int PILOTS = 3;

  /** Fields that are taken along a path to measure what its steps add to the variance of ln w. */
  @FunctionalInterface
  interface Pilot {
    /** @return V of each step, one fewer than places */
    double[] variances(double[] places);
  }

  /** The number N. */
  public int count() {
    return places.length - 1;
  }

  /** The effective sample size of a step alone, e^(−V) with V = {@link #variance}/N, as a fraction. */
  public double conditionalEss() {
    return Math.exp(-variance / count());
  }

  /** √(VN), the same for any number of levels that are spread alike. */
  double length() {
    return Math.sqrt(variance * count());
  }

  /** The number of levels whose steps have a conditional effective sample size, within {@link #MOST}. */
  static DoubleToIntFunction numberFor(double conditionalEss) {
    if (!(conditionalEss > 0 && conditionalEss < 1)) {
      throw new IllegalArgumentException(
          "the conditional effective sample size must lie between 0 and 1, not " + conditionalEss);
    }
    double most = Math.sqrt(-Math.log(conditionalEss));
    return length -> (int) Math.clamp(Math.ceil(length / most), FEWEST, MOST);
  }

  /**
   * Finds levels of equal √V: a pilot on the path's own levels, then on those that it led to, each with as many as its
   * predecessor's length calls for.
   *
   * @param number of levels for a length
   * @throws IllegalArgumentException if the pilots find no finite variance
   */
  static ScoreLevels adapt(ScorePath path, DoubleToIntFunction number, Pilot pilot) {
    double[] places = path.places(FEWEST_OF_PILOTS);
    for (int round = 1;; round++) {
      double[] roots = Arrays.stream(pilot.variances(places)).map(Math::sqrt).toArray();
      double length = Arrays.stream(roots).sum();
      if (!Double.isFinite(length)) {
        throw new IllegalArgumentException("the force of the model is not finite on the way: no levels can be found");
      }
      int count = number.applyAsInt(length);
      if (round == PILOTS) {
        return new ScoreLevels(spread(path, places, roots, count), length * length / count);
      }
      places = spread(path, places, roots, Math.clamp(count, FEWEST_OF_PILOTS, MOST_OF_PILOTS));
    }
  }

  /** Places at equal parts of the length, which within a step grows with s as it is; the path's own if it has none. */
  private static double[] spread(ScorePath path, double[] places, double[] roots, int count) {
    double length = Arrays.stream(roots).sum();
    if (length == 0) {
      return path.places(count);
    }
    double[] result = new double[count + 1];
    result[0] = 1;
    int step = 0;
    double passed = 0;
    for (int i = 1; i < count; i++) {
      double wanted = length * i / count;
      while (passed + roots[step] < wanted && step < roots.length - 1) {
        passed += roots[step++];
      }
      double part = Math.clamp((wanted - passed) / roots[step], 0, 1);
      result[i] = places[step] + part * (places[step + 1] - places[step]);
    }
    return result;
  }
}
