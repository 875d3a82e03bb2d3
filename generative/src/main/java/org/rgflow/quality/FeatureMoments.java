package org.rgflow.quality;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.rgflow.io.NpyArray;

/**
 * Mean and covariance of feature vectors that come one after the other. Sums run in double about the first vector,
 * which keeps small variances around a large mean; the covariance is the unbiased one, divided by n − 1, as is the
 * custom for the Fréchet inception distance (Heusel et al., 1706.08500). Memory: dimension² doubles. Not safe for
 * concurrent use.
 */
public final class FeatureMoments {
  private final int dimension;
  private long count;
  private final double[] origin;
  private final double[] sum;
  /** Upper triangle of Σ (x − origin)(x − origin)ᵀ. */
  private final double[] scatter;
  private final double[][] pending;
  private int waiting;

  /** @param dimension length of a vector, at least 1 */
  public FeatureMoments(int dimension) {
    if (dimension < 1 || dimension > 16_384) {
      throw new IllegalArgumentException("features have 1 to 16384 components, not " + dimension);
    }
    this.dimension = dimension;
    origin = new double[dimension];
    sum = new double[dimension];
    scatter = new double[dimension * dimension];
    pending = new double[4][dimension];
  }

  public int dimension() {
    return dimension;
  }

  /** Number of vectors so far. */
  public long count() {
    return count;
  }

  /**
   * Takes vectors.
   *
   * @param features {@code [vector][dimension]}
   * @param vectors how many of them
   * @throws IllegalArgumentException if a component is not finite, or there are fewer
   */
  public void add(float[] features, int vectors) {
    if ((long) vectors * dimension > features.length) {
      throw new IllegalArgumentException(vectors + " vectors of " + dimension + " components in " + features.length
          + " numbers");
    }
    for (int v = 0; v < vectors; v++) {
      add(features, v * dimension, 1);
    }
  }

  /**
   * Takes one vector whose components lie {@code stride} apart.
   *
   * @throws IllegalArgumentException if a component is not finite
   */
  public void add(float[] features, int offset, int stride) {
    double[] x = pending[waiting];
    for (int i = 0; i < dimension; i++) {
      double value = features[offset + i * stride];
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("feature " + i + " of vector " + count + " is " + value);
      }
      if (count == 0) {
        origin[i] = value;
      }
      x[i] = value - origin[i];
      sum[i] += x[i];
    }
    count++;
    if (++waiting == pending.length) {
      flush();
    }
  }

  private void flush() {
    for (int v = waiting; v < pending.length; v++) {
      Arrays.fill(pending[v], 0);
    }
    if (waiting > 0) {
      accumulate(pending[0], pending[1], pending[2], pending[3]);
    }
    waiting = 0;
  }

  private void accumulate(double[] x0, double[] x1, double[] x2, double[] x3) {
    for (int i = 0; i < dimension; i++) {
      double a0 = x0[i];
      double a1 = x1[i];
      double a2 = x2[i];
      double a3 = x3[i];
      int row = i * dimension;
      for (int j = i; j < dimension; j++) {
        scatter[row + j] += a0 * x0[j] + a1 * x1[j] + (a2 * x2[j] + a3 * x3[j]);
      }
    }
  }

  /** Takes the vectors of another. */
  public void merge(FeatureMoments other) {
    if (other.dimension != dimension) {
      throw new IllegalArgumentException("features of " + dimension + " and of " + other.dimension + " components");
    }
    if (other.count == 0) {
      return;
    }
    double[] otherMean = other.mean();
    DMatrixRMaj otherScatter = other.centred();
    double[] mean = count == 0 ? otherMean : mean();
    DMatrixRMaj own = count == 0 ? new DMatrixRMaj(dimension, dimension) : centred();
    double weight = (double) count * other.count / (count + other.count);
    long total = count + other.count;
    for (int i = 0; i < dimension; i++) {
      for (int j = i; j < dimension; j++) {
        scatter[i * dimension + j] = own.get(i, j) + otherScatter.get(i, j)
            + weight * (otherMean[i] - mean[i]) * (otherMean[j] - mean[j]);
      }
    }
    for (int i = 0; i < dimension; i++) {
      origin[i] = mean[i] + (otherMean[i] - mean[i]) * other.count / total;
      sum[i] = 0;
    }
    count = total;
  }

  /**
   * The mean.
   *
   * @throws IllegalStateException if there are no vectors yet
   */
  public double[] mean() {
    if (count == 0) {
      throw new IllegalStateException("no features yet");
    }
    double[] mean = new double[dimension];
    for (int i = 0; i < dimension; i++) {
      mean[i] = origin[i] + sum[i] / count;
    }
    return mean;
  }

  /** Σ (x − mean)(x − mean)ᵀ. */
  private DMatrixRMaj centred() {
    flush();
    DMatrixRMaj matrix = new DMatrixRMaj(dimension, dimension);
    for (int i = 0; i < dimension; i++) {
      for (int j = i; j < dimension; j++) {
        double value = scatter[i * dimension + j] - sum[i] * sum[j] / count;
        matrix.set(i, j, value);
        matrix.set(j, i, value);
      }
    }
    return matrix;
  }

  /**
   * The unbiased covariance.
   *
   * @throws IllegalStateException if there are fewer than two vectors
   */
  public DMatrixRMaj covariance() {
    if (count < 2) {
      throw new IllegalStateException("a covariance needs two vectors, not " + count);
    }
    DMatrixRMaj matrix = centred();
    for (int i = 0; i < matrix.getNumElements(); i++) {
      matrix.data[i] /= count - 1;
    }
    return matrix;
  }

  /** Count, mean and covariance, for {@link ReferenceCache}. */
  public Map<String, NpyArray> arrays() {
    return Map.of("count", NpyArray.of(new long[] {count}, 1), "mean", NpyArray.of(mean(), dimension),
        "covariance", NpyArray.of(covariance().data, dimension, dimension));
  }

  /**
   * The moments that {@link #arrays} gave.
   *
   * @throws IOException if arrays are missing or do not fit together
   */
  public static FeatureMoments of(Map<String, NpyArray> arrays) throws IOException {
    NpyArray mean = arrays.get("mean");
    NpyArray covariance = arrays.get("covariance");
    NpyArray count = arrays.get("count");
    if (mean == null || covariance == null || count == null) {
      throw new IOException("moments of features need count, mean and covariance");
    }
    try {
      int dimension = mean.doubles().length;
      if (covariance.doubles().length != (long) dimension * dimension
          || count.longs().length != 1 || count.longs()[0] < 2) {
        throw new IOException("moments of features: " + dimension + " means, covariances of shape " + covariance);
      }
      FeatureMoments moments = new FeatureMoments(dimension);
      moments.count = count.longs()[0];
      System.arraycopy(mean.doubles(), 0, moments.origin, 0, dimension);
      for (int i = 0; i < moments.scatter.length; i++) {
        moments.scatter[i] = covariance.doubles()[i] * (moments.count - 1);
      }
      return moments;
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw new IOException("moments of features: " + e.getMessage(), e);
    }
  }
}
