package org.rgflow.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Logarithmic binning: the (jackknife) error with bins of 1, 2, 4, … values, which grows with the bin
 * length up to a plateau at √(2 τ_int) times the naive error (H. Flyvbjerg, H. G. Petersen, J. Chem.
 * Phys. 91 (1989) 461).
 *
 * <p>The plateau is read at the shortest bins with length³ &gt; 2 N (error²/naive error²)², where
 * systematic and statistical error of the error balance (R. M. Lee et al., Phys. Rev. E 83 (2011)
 * 066706, eq. 14). If no level meets it, the longest bins are taken and {@link Estimate#windowFound} is false.
 */
public final class Binning {
  /** Fewer bins than this tell nothing about an error. */
  private static final int MIN_BINS = 8;

  /** The estimates with bins of 1, 2, 4, … values, as long as there are at least 8 bins. */
  public List<Estimate> levels(ToDoubleFunction<double[]> f, TimeSeries... primaries) {
    List<Estimate> levels = new ArrayList<>();
    for (int length = 1; length <= Math.max(primaries[0].size() / MIN_BINS, 1); length *= 2) {
      Blocks blocks = Blocks.ofLength(length, primaries);
      if (!levels.isEmpty() && (blocks.count() < MIN_BINS || blocks.meanLength() < length)) {
        break;
      }
      Estimate level = Jackknife.derived(f, blocks);
      levels.add(new Estimate(level.mean(), level.error(), level.errorOfError(), level.tauInt(), level.tauIntError(),
          length, level.consistency(), level.samples(), level.windowFound()));
    }
    return levels;
  }

  /** The plateau for the mean of one primary observable. */
  public Estimate primary(TimeSeries series) {
    return derived(means -> means[0], series);
  }

  /** The plateau for a function of the means of several primaries. */
  public Estimate derived(ToDoubleFunction<double[]> f, TimeSeries... primaries) {
    List<Estimate> levels = levels(f, primaries);
    Estimate naive = levels.getFirst();
    for (Estimate level : levels) {
      double ratio = naive.error() == 0 ? 1 : level.error() / naive.error();
      double length = level.window();
      if (length * length * length > 2 * naive.samples() * Math.pow(ratio, 4) || naive.error() == 0) {
        return plateau(level, ratio, true);
      }
    }
    Estimate last = levels.getLast();
    return plateau(last, last.error() / naive.error(), false);
  }

  private static Estimate plateau(Estimate level, double ratio, boolean found) {
    double tau = 0.5 * ratio * ratio;
    return new Estimate(level.mean(), level.error(), level.errorOfError(), tau,
        level.error() == 0 ? 0 : 2 * tau * level.errorOfError() / level.error(), level.window(), Double.NaN,
        level.samples(), found);
  }
}
