package org.rgflow.statistics;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.apache.commons.rng.UniformRandomProvider;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;

/**
 * The block bootstrap (B. Efron, Ann. Statist. 7 (1979) 1; blocks after H. R. Künsch, Ann. Statist. 17
 * (1989) 1217): blocks are drawn with replacement, the function is evaluated on the means of the drawn
 * blocks, and the error is the standard deviation over the resamples.
 *
 * <p>Resample k draws its blocks from stream {@link Streams#RESAMPLING}, step k of the seed, so the
 * result is a function of the data and the seed. Blocks must be longer than the autocorrelation time.
 */
public final class Bootstrap {
  private final long seed;
  private final int resamples;
  private final int blocks;

  /**
   * @param seed key of the random numbers
   * @param resamples number of resamples, at least 2
   * @param blocks number of blocks over all replicas together, at least 2, see {@link Jackknife}
   */
  public Bootstrap(long seed, int resamples, int blocks) {
    if (resamples < 2 || blocks < 2) {
      throw new IllegalArgumentException(
          "resamples = " + resamples + ", blocks = " + blocks + ": both must be at least 2");
    }
    this.seed = seed;
    this.resamples = resamples;
    this.blocks = blocks;
  }

  /** The mean of one primary observable. */
  public Estimate primary(TimeSeries series) {
    return derived(means -> means[0], series);
  }

  /** A function of the means of several primaries; the mean reported is that of the data. */
  public Estimate derived(ToDoubleFunction<double[]> f, TimeSeries... primaries) {
    double[] values = distribution(f, primaries);
    double average = Arrays.stream(values).average().orElseThrow();
    double variance = Arrays.stream(values).map(v -> (v - average) * (v - average)).sum() / (values.length - 1);
    double error = Math.sqrt(variance);
    Blocks cut = Blocks.ofNumber(blocks, primaries);
    if (cut.count() < 2) {
      error = Double.NaN;
    }
    // both the finite number of resamples and that of blocks limit what is known of the error
    double relative = Math.sqrt(0.5 / (resamples - 1) + 0.5 / Math.max(cut.count() - 1, 1));
    return Estimate.of(f.applyAsDouble(cut.origin.clone()), error, error * relative, cut.meanLength(), cut.size);
  }

  /** The function's values on all resamples, in ascending order, from which confidence intervals can be read. */
  public double[] distribution(ToDoubleFunction<double[]> f, TimeSeries... primaries) {
    Blocks cut = Blocks.ofNumber(blocks, primaries);
    RandomStream stream = new RandomStream(seed);
    double[] values = new double[resamples];
    double[] means = new double[primaries.length];
    for (int k = 0; k < resamples; k++, stream.advance()) {
      Arrays.fill(means, 0);
      long length = 0;
      UniformRandomProvider random = stream.provider(Streams.RESAMPLING);
      for (int i = 0; i < cut.count(); i++) {
        int block = random.nextInt(cut.count());
        length += cut.length[block];
        for (int a = 0; a < means.length; a++) {
          means[a] += cut.sum[block][a];
        }
      }
      for (int a = 0; a < means.length; a++) {
        means[a] = cut.origin[a] + means[a] / length;
      }
      values[k] = f.applyAsDouble(means.clone());
    }
    Arrays.sort(values);
    return values;
  }
}
