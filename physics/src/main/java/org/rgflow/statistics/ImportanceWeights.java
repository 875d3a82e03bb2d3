package org.rgflow.statistics;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * Independent samples x_i of one density with weights w_i for another: ⟨O⟩ = Σ w_i O(x_i) / Σ w_i (self-normalised
 * importance sampling), with errors by the delete-one-block {@link Jackknife} over {@value #BLOCKS} blocks, the
 * normalisation re-estimated in each; and ln⟨w⟩, the logarithm of a ratio of partition functions.
 *
 * <p>The weights are given by their logarithms, of any common size. A weight may be 0 (−∞), but not all of them.
 */
public final class ImportanceWeights implements Estimator {
  private static final int BLOCKS = 200;

  private final double[] logWeights;
  private final double largest;
  private final TimeSeries weights;

  /** @throws IllegalArgumentException if there are fewer than two samples, a weight is NaN or infinite, or all are 0 */
  public ImportanceWeights(double... logWeights) {
    if (logWeights.length < 2) {
      throw new IllegalArgumentException(
          "importance weights of " + logWeights.length + " samples; at least 2 are needed");
    }
    this.logWeights = logWeights.clone();
    double top = Double.NEGATIVE_INFINITY;
    for (double w : logWeights) {
      if (Double.isNaN(w) || w == Double.POSITIVE_INFINITY) {
        throw new IllegalArgumentException("a log weight of " + w + ": the density was not finite there");
      }
      top = Math.max(top, w);
    }
    if (top == Double.NEGATIVE_INFINITY) {
      throw new IllegalArgumentException("all weights are 0: the samples do not overlap with the density");
    }
    largest = top;
    weights = TimeSeries.of(Arrays.stream(logWeights).map(w -> Math.exp(w - largest)).toArray());
  }

  /** ln w of a sample; −∞ if its weight is 0. */
  public double logWeight(int sample) {
    return logWeights[sample];
  }

  /** Kish's effective sample size as a fraction of the samples, (Σw)²/(N Σw²), between 1/N and 1. */
  public double effectiveFraction() {
    double sum = 0;
    double squares = 0;
    for (double w : weights.replica(0)) {
      sum += w;
      squares += w * w;
    }
    return sum * sum / (squares * logWeights.length);
  }

  /** ln⟨w⟩. */
  public Estimate logMean() {
    Estimate ratio = new Jackknife(BLOCKS).derived(means -> Math.log(means[0]), weights);
    return Estimate.of(largest + ratio.mean(), ratio.error(), ratio.errorOfError(), ratio.window(), ratio.samples());
  }

  /** The weighted mean of one observable: one value per sample, as a series of one replica. */
  @Override
  public Estimate primary(TimeSeries series) {
    return derived(means -> means[0], series);
  }

  @Override
  public Estimate derived(ToDoubleFunction<double[]> f, TimeSeries... primaries) {
    TimeSeries[] weighted = new TimeSeries[primaries.length + 1];
    weighted[0] = weights;
    double[] w = weights.replica(0);
    for (int a = 0; a < primaries.length; a++) {
      TimeSeries.requireSameShape(weights, primaries[a]);
      double[] values = primaries[a].replica(0);
      double[] products = new double[w.length];
      for (int i = 0; i < w.length; i++) {
        products[i] = w[i] == 0 ? 0 : w[i] * values[i];
      }
      weighted[a + 1] = TimeSeries.of(products);
    }
    return new Jackknife(BLOCKS).derived(means -> {
      double[] ratios = new double[primaries.length];
      for (int a = 0; a < ratios.length; a++) {
        ratios[a] = means[a + 1] / means[0];
      }
      return f.applyAsDouble(ratios);
    }, weighted);
  }

  /**
   * Draws samples with probabilities proportional to the weights by systematic resampling: sample i is drawn
   * ⌊n w_i/Σw⌋ or one more times, in order.
   *
   * @param count number n of draws
   * @param uniform in [0, 1)
   * @return indices of the drawn samples, ascending
   */
  public int[] resample(int count, double uniform) {
    double[] w = weights.replica(0);
    double total = 0;
    int last = 0;
    for (int i = 0; i < w.length; i++) {
      total += w[i];
      if (w[i] > 0) {
        last = i;
      }
    }
    int[] drawn = new int[count];
    double reached = w[0];
    int at = 0;
    for (int i = 0; i < count; i++) {
      double wanted = (i + uniform) / count * total;
      while (reached <= wanted && at < last) {
        at++;
        reached += w[at];
      }
      drawn[i] = at;
    }
    return drawn;
  }
}
