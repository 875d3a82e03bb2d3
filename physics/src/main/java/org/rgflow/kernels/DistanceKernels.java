package org.rgflow.kernels;

/** Squared Euclidean distances between two sets of vectors. */
public final class DistanceKernels {
  private DistanceKernels() {}

  /**
   * One squared distance, summed in float in the order of the components:
   * {@code squared[q * references + r] = Σ_i (query_i − reference_i)²}.
   *
   * @param item q · references + r
   * @param queries [query][dimension]
   * @param reference [reference][dimension]
   */
  public static void squared(int item, float[] queries, float[] reference, float[] squared, int references,
      int dimension) {
    int q = item / references * dimension;
    int r = item % references * dimension;
    float sum = 0f;
    for (int i = 0; i < dimension; i++) {
      float difference = queries[q + i] - reference[r + i];
      sum += difference * difference;
    }
    squared[item] = sum;
  }
}
