package org.rgflow.quality;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.rgflow.kernels.DistanceVector;

/**
 * Exact search of nearest neighbours in Euclidean distance, in blocks that stay in the cache. Of equally near ones
 * the one of lower index comes first. Uses all processors; the result does not depend on how many there are.
 */
public final class NearestNeighbours {
  /** Numbers of references that stay in the cache while many queries pass by, four at a time. */
  private static final int BLOCK = 1 << 16;
  /** Queries of one task, a multiple of 4. */
  private static final int QUERIES = 64;

  private final float[] vectors;
  private final int dimension;
  private final int count;

  /**
   * What a search found, {@code [query][k]}, nearest first.
   *
   * @param k neighbours per query
   * @param index index of each neighbour
   * @param distance distance of each neighbour, not squared
   */
  public record Result(int k, int[] index, double[] distance) {}

  /**
   * @param vectors {@code [vector][dimension]}; not copied
   * @throws IllegalArgumentException if the numbers do not form vectors
   */
  public NearestNeighbours(float[] vectors, int dimension) {
    if (dimension < 1 || vectors.length < 1 || vectors.length % dimension != 0) {
      throw new IllegalArgumentException(vectors.length + " numbers do not form vectors of " + dimension
          + " components");
    }
    this.vectors = vectors;
    this.dimension = dimension;
    this.count = vectors.length / dimension;
  }

  /** Number of vectors. */
  public int count() {
    return count;
  }

  /**
   * The k nearest vectors to each query.
   *
   * @param queries {@code [query][dimension]}
   * @throws IllegalArgumentException if there are fewer than k vectors
   */
  public Result search(float[] queries, int k) {
    return search(queries, k, count, Integer.MIN_VALUE);
  }

  /** The distance of every vector to its k-th nearest among the others. */
  public double[] radii(int k) {
    Result result = search(vectors, k, count - 1, 0);
    double[] radii = new double[count];
    Arrays.setAll(radii, i -> result.distance[i * k + k - 1]);
    return radii;
  }

  /** @param self index of the vector that query 0 is and must not find; the lowest integer if queries are others */
  private Result search(float[] queries, int k, int available, int self) {
    if (queries.length % dimension != 0) {
      throw new IllegalArgumentException(queries.length + " numbers do not form queries of " + dimension
          + " components");
    }
    if (k < 1 || k > available) {
      throw new IllegalArgumentException("there are " + available + " vectors to find, not " + k);
    }
    int number = queries.length / dimension;
    int[] index = new int[number * k];
    float[] squared = new float[number * k];
    Arrays.fill(squared, Float.POSITIVE_INFINITY);
    Arrays.fill(index, -1);
    IntStream.range(0, (number + QUERIES - 1) / QUERIES).parallel()
        .forEach(task -> search(queries, QUERIES * task, k, self, index, squared));
    double[] distance = new double[squared.length];
    Arrays.setAll(distance, i -> Math.sqrt(squared[i]));
    return new Result(k, index, distance);
  }

  private void search(float[] queries, int first, int k, int self, int[] index, float[] squared) {
    int here = Math.min(QUERIES, queries.length / dimension - first);
    // Padded with zeros to fours.
    float[] own = Arrays.copyOfRange(queries, first * dimension, (first + (here + 3) / 4 * 4) * dimension);
    int block = Math.max(1, BLOCK / dimension);
    float[] distances = new float[4 * Math.min(block, count)];
    for (int begin = 0; begin < count; begin += block) {
      int end = Math.min(count, begin + block);
      for (int group = 0; group < here; group += 4) {
        DistanceVector.four(own, group, vectors, begin, end, dimension, distances);
        for (int q = group; q < Math.min(group + 4, here); q++) {
          int at = (first + q) * k;
          for (int r = begin; r < end; r++) {
            float d = distances[(q - group) * (end - begin) + r - begin];
            if (d < squared[at + k - 1] && r != self + first + q) {
              int place = at + k - 1;
              for (; place > at && squared[place - 1] > d; place--) {
                squared[place] = squared[place - 1];
                index[place] = index[place - 1];
              }
              squared[place] = d;
              index[place] = r;
            }
          }
        }
      }
    }
  }
}
