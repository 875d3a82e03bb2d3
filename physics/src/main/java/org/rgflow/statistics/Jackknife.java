package org.rgflow.statistics;

import java.util.function.ToDoubleFunction;

/**
 * The blocked delete-one jackknife (Quenouille, Tukey; B. Efron, "The jackknife, the bootstrap and
 * other resampling plans", 1982, ch. 3). Everything that enters the function is re-estimated without
 * the block, so a ratio such as U4 = 1 − ⟨m⁴⟩/(3⟨m²⟩²) has the fluctuations of ⟨m²⟩ in its error.
 *
 * <p>With B blocks, F_b the function of the means of all values outside block b, and F̄ their mean:
 * error² = (B−1)/B Σ_b (F_b − F̄)², and the reported mean is F − (B−1)(F̄ − F), free of the O(1/N)
 * bias. Blocks must be longer than the autocorrelation time; {@link Estimate#window} is their length.
 *
 * <p>A constant series has error 0; a single block has error NaN; NaN values give NaN.
 */
public final class Jackknife implements Estimator {
  private final int blocks;

  /**
   * @param blocks number of blocks over all replicas together, at least 2; more replicas than that
   *     give one block per replica, fewer values than that one block per value
   */
  public Jackknife(int blocks) {
    if (blocks < 2) {
      throw new IllegalArgumentException("blocks = " + blocks + ": must be at least 2");
    }
    this.blocks = blocks;
  }

  @Override
  public Estimate primary(TimeSeries series) {
    return derived(means -> means[0], series);
  }

  @Override
  public Estimate derived(ToDoubleFunction<double[]> f, TimeSeries... primaries) {
    return derived(f, Blocks.ofNumber(blocks, primaries));
  }

  static Estimate derived(ToDoubleFunction<double[]> f, Blocks blocks) {
    int count = blocks.count();
    int primaries = blocks.origin.length;
    double[] total = new double[primaries];
    for (double[] sum : blocks.sum) {
      for (int a = 0; a < primaries; a++) {
        total[a] += sum[a];
      }
    }
    double[] means = new double[primaries];
    for (int a = 0; a < primaries; a++) {
      means[a] = blocks.origin[a] + total[a] / blocks.size;
    }
    double value = f.applyAsDouble(means);
    if (count < 2) {
      return Estimate.of(value, Double.NaN, Double.NaN, blocks.meanLength(), blocks.size);
    }
    double[] difference = new double[count];
    double average = 0;
    for (int b = 0; b < count; b++) {
      for (int a = 0; a < primaries; a++) {
        means[a] = blocks.origin[a] + (total[a] - blocks.sum[b][a]) / (blocks.size - blocks.length[b]);
      }
      difference[b] = f.applyAsDouble(means) - value;
      average += difference[b] / count;
    }
    double variance = 0;
    for (double d : difference) {
      variance += (d - average) * (d - average);
    }
    double error = Math.sqrt(variance * (count - 1) / count);
    return Estimate.of(value - (count - 1) * average, error, error / Math.sqrt(2.0 * (count - 1)), blocks.meanLength(),
        blocks.size);
  }
}
