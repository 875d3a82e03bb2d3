package org.rgflow.quality;

import java.util.Arrays;
import org.rgflow.kernels.DistanceVector;

/**
 * Precision and recall of generated against real images in some feature space (Kynkäänniemi et al., 1904.06991): each
 * set is taken for the union of balls around its members that reach to their k-th nearest neighbours; precision is the
 * share of generated images inside the real set (how good), recall the share of real ones inside the generated set
 * (how varied). A model that copies its training images has precision 1: look at {@link NearestNeighbours} as well.
 *
 * @param precision between 0 and 1
 * @param recall between 0 and 1
 */
public record PrecisionRecall(double precision, double recall) {
  /**
   * Both figures.
   *
   * @param real features {@code [image][dimension]}
   * @param generated features {@code [image][dimension]}; for figures to be compared as many as real
   * @param k 3 in the paper
   * @throws IllegalArgumentException if a set has no more than k members
   */
  public static PrecisionRecall of(float[] real, float[] generated, int dimension, int k) {
    NearestNeighbours realSet = new NearestNeighbours(real, dimension);
    NearestNeighbours generatedSet = new NearestNeighbours(generated, dimension);
    return new PrecisionRecall(covered(generated, realSet, real, dimension, k), covered(real, generatedSet,
        generated, dimension, k));
  }

  /** The share of queries within the ball of some member. */
  private static double covered(float[] queries, NearestNeighbours set, float[] members, int dimension, int k) {
    double[] radii = set.radii(k);
    NearestNeighbours others = new NearestNeighbours(queries, dimension);
    boolean[] inside = new boolean[others.count()];
    // From each member to all queries, four members at a time.
    float[] distances = new float[4 * others.count()];
    for (int first = 0; first < set.count(); first += 4) {
      float[] four = Arrays.copyOfRange(members, first * dimension, (first + 4) * dimension);
      DistanceVector.four(four, 0, queries, 0, others.count(), dimension, distances);
      for (int m = 0; m < Math.min(4, set.count() - first); m++) {
        double radius = radii[first + m];
        for (int q = 0; q < inside.length; q++) {
          inside[q] |= Math.sqrt(distances[m * inside.length + q]) <= radius;
        }
      }
    }
    int count = 0;
    for (boolean in : inside) {
      count += in ? 1 : 0;
    }
    return (double) count / inside.length;
  }
}
