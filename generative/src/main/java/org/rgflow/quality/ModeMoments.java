package org.rgflow.quality;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.rgflow.io.NpyArray;

/**
 * Moments of the DCT coefficients of images {@code [channel][position]}: mean and variance of every coefficient at
 * every place, and the full covariance of the coefficients of one patch, all patches taken together. Two distances
 * come from them, both in units of squared pixels of one image; neither needs a trained network.
 */
public final class ModeMoments {
  private final int channels;
  private final int positions;
  private long images;
  private final double[] sum;
  private final double[] squares;
  private FeatureMoments patches;

  /**
   * @param channels coefficients of a patch, colours included
   * @param positions patches of an image
   */
  public ModeMoments(int channels, int positions) {
    if (channels < 1 || positions < 1) {
      throw new IllegalArgumentException("images have channels and positions, not " + channels + " and " + positions);
    }
    this.channels = channels;
    this.positions = positions;
    sum = new double[Math.multiplyExact(channels, positions)];
    squares = new double[sum.length];
    patches = new FeatureMoments(channels);
  }

  /** Number of images so far. */
  public long images() {
    return images;
  }

  /**
   * Takes images.
   *
   * @param modes {@code [image][channel][position]}
   * @throws IllegalArgumentException if a coefficient is not finite, or there are fewer images
   */
  public void add(float[] modes, int count) {
    if ((long) count * sum.length > modes.length) {
      throw new IllegalArgumentException(count + " images of " + sum.length + " coefficients in " + modes.length
          + " numbers");
    }
    for (int image = 0; image < count; image++) {
      int at = image * sum.length;
      for (int p = 0; p < positions; p++) {
        patches.add(modes, at + p, positions);
      }
      for (int i = 0; i < sum.length; i++) {
        double value = modes[at + i];
        sum[i] += value;
        squares[i] += value * value;
      }
      images++;
    }
  }

  /** Mean of every coefficient, {@code [channel][position]}. */
  public double[] mean() {
    double[] mean = new double[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = sum[i] / images;
    }
    return mean;
  }

  /** Unbiased variance of every coefficient, {@code [channel][position]}. */
  public double[] variance() {
    if (images < 2) {
      throw new IllegalStateException("a variance needs two images, not " + images);
    }
    double[] variance = new double[sum.length];
    for (int i = 0; i < variance.length; i++) {
      variance[i] = Math.max(0, squares[i] - sum[i] * sum[i] / images) / (images - 1);
    }
    return variance;
  }

  /** Mean and covariance of the coefficients of one patch. */
  public FeatureMoments patches() {
    return patches;
  }

  /** Mean by channel over all positions, as schedules and preconditioning want it. */
  public double[] channelMean() {
    return patches.mean();
  }

  /** Standard deviation by channel over all positions and images. */
  public double[] channelDeviation() {
    DMatrixRMaj covariance = patches.covariance();
    double[] deviation = new double[channels];
    for (int k = 0; k < channels; k++) {
      deviation[k] = Math.sqrt(Math.max(0, covariance.get(k, k)));
    }
    return deviation;
  }

  /** Squared Fréchet distance with every coefficient on its own, summed over the image. */
  public double coefficientDistance(ModeMoments other) {
    requireSame(other);
    return FrechetDistance.squaredDiagonal(mean(), variance(), other.mean(), other.variance());
  }

  /** Squared Fréchet distance of the coefficients of a patch with their correlations, times the number of patches. */
  public double patchDistance(ModeMoments other) {
    requireSame(other);
    return positions * FrechetDistance.squared(patches, other.patches);
  }

  private void requireSame(ModeMoments other) {
    if (other.channels != channels || other.positions != positions) {
      throw new IllegalArgumentException("images of " + channels + "x" + positions + " coefficients and of "
          + other.channels + "x" + other.positions);
    }
  }

  /** Everything, for {@link ReferenceCache}. */
  public Map<String, NpyArray> arrays() {
    Map<String, NpyArray> arrays = new HashMap<>(patches.arrays());
    arrays.put("images", NpyArray.of(new long[] {images}, 1));
    arrays.put("sum", NpyArray.of(sum, channels, positions));
    arrays.put("squares", NpyArray.of(squares, channels, positions));
    return arrays;
  }

  /**
   * The moments that {@link #arrays} gave.
   *
   * @throws IOException if arrays are missing or do not fit together
   */
  public static ModeMoments of(Map<String, NpyArray> arrays) throws IOException {
    NpyArray sum = arrays.get("sum");
    NpyArray squares = arrays.get("squares");
    NpyArray images = arrays.get("images");
    if (sum == null || squares == null || images == null || sum.shape().length != 2) {
      throw new IOException("moments of modes need images, sum and squares");
    }
    try {
      ModeMoments moments = new ModeMoments(sum.shape()[0], sum.shape()[1]);
      FeatureMoments patches = FeatureMoments.of(arrays);
      if (patches.dimension() != moments.channels || squares.doubles().length != moments.sum.length
          || images.longs().length != 1 || images.longs()[0] < 1) {
        throw new IOException("moments of modes: arrays of different extents");
      }
      moments.images = images.longs()[0];
      System.arraycopy(sum.doubles(), 0, moments.sum, 0, moments.sum.length);
      System.arraycopy(squares.doubles(), 0, moments.squares, 0, moments.sum.length);
      moments.patches = patches;
      return moments;
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw new IOException("moments of modes: " + e.getMessage(), e);
    }
  }
}
