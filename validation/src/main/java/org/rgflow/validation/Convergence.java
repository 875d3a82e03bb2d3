package org.rgflow.validation;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.rgflow.transport.CellGrid;

/** Orders of convergence, and limits by extrapolation, of results with a step that is halved from level to level. */
final class Convergence {
  /** An order with a larger uncertainty has not been measured. */
  private static final double SETTLED = 0.1;
  /** A limit whose uncertainty is a larger part of the coarsest level's error has not been reached. */
  private static final double REACHED = 0.01;

  private Convergence() {}

  /**
   * The order from errors at steps h, h/2, h/4 …: the last log₂ of a ratio. Corrections of relative order h change it
   * from level to level by at most half of what they did before, and what is left of them is at most the last change.
   * So the larger of the last change and half the one before is its uncertainty u, and the tolerance 2u.
   *
   * @param errors four or more, positive
   */
  static Check order(String id, String statement, String reference, double expected, double... errors) {
    double[] orders = new double[errors.length - 1];
    Arrays.setAll(orders, i -> Math.log(errors[i] / errors[i + 1]) / Math.log(2));
    int last = orders.length - 1;
    double measured = orders[last];
    double uncertainty =
        Math.max(Math.abs(measured - orders[last - 1]), 0.5 * Math.abs(orders[last - 1] - orders[last - 2]));
    Verdict verdict = !(Math.abs(measured - expected) <= 2 * uncertainty) ? Verdict.FAIL
        : uncertainty <= SETTLED ? Verdict.PASS : Verdict.INCONCLUSIVE;
    String levels = Arrays.stream(orders).mapToObj(p -> String.format(Locale.ROOT, "%.4f",
        p)).collect(Collectors.joining(", "));
    return new Check(id, statement + "; orders from level to level: " + levels, reference, expected, measured, 0,
        2 * uncertainty, verdict);
  }

  /**
   * A weak order from Monte Carlo errors at steps h, h/2 and h/4: the last log₂ of a ratio. Corrections of relative
   * order h leave in it about as much as it has changed since the first; the tolerance is twice this change, as in
   * {@link #order}, and four standard errors. Inconclusive if it might as well belong to the next order.
   *
   * @param error what each particle contributes to the error of each level, [level][particle]; particles are
   *     independent, their contributions to two levels need not be
   */
  static Check weakOrder(String id, String statement, int expected, double[][] error) {
    double[] mean = FieldStatistics.means(error);
    double first = Math.log(mean[0] / mean[1]) / Math.log(2);
    double last = Math.log(mean[1] / mean[2]) / Math.log(2);
    Tally ratio = new Tally();
    for (int i = 0; i < error[1].length; i++) {
      ratio.add(error[1][i] / mean[1] - error[2][i] / mean[2]);
    }
    double statistical = ratio.error() / Math.log(2);
    double systematic = 2 * Math.abs(last - first);
    double tolerance = Check.SIGMAS * statistical + systematic;
    Verdict verdict = !(Math.abs(last - expected) <= tolerance) ? Verdict.FAIL
        : Check.POWER * statistical + systematic <= 1 ? Verdict.PASS : Verdict.INCONCLUSIVE;
    String levels = String.format(Locale.ROOT, "; orders from level to level: %.3f, %.3f", first, last);
    return new Check(id, statement + levels, "Kloeden & Platen 1992, ch. 14: weak orders", expected, last, statistical,
        tolerance, verdict);
  }

  /** Σ |p − q| · volume. */
  static double distance(CellGrid grid, double[] p, double[] q) {
    double sum = 0;
    for (int k = 0; k < p.length; k++) {
      sum += Math.abs(p[k] - q[k]);
    }
    return sum * grid.volume();
  }

  /** The distances between neighbouring levels, on one grid. */
  static double[] changes(CellGrid grid, double[][] levels) {
    double[] change = new double[levels.length - 1];
    Arrays.setAll(change, l -> distance(grid, levels[l], levels[l + 1]));
    return change;
  }

  /**
   * A limit.
   *
   * @param coarsest the first level
   * @param value from all levels
   * @param before from all but the finest: the difference is the uncertainty
   */
  record Limit(double[] coarsest, double[] value, double[] before) {}

  /** The limit of an error series in h^first, h^(first+increment), …, by Richardson's extrapolation. */
  static Limit limit(double[][] levels, int first, int increment) {
    return new Limit(levels[0], extrapolated(levels, first, increment),
        extrapolated(Arrays.copyOf(levels, levels.length - 1), first, increment));
  }

  private static double[] extrapolated(double[][] levels, int first, int increment) {
    double[][] table = levels.clone();
    for (int column = 0; column < levels.length - 1; column++) {
      double factor = Math.pow(2, first + column * increment);
      for (int l = levels.length - 1; l > column; l--) {
        double[] fine = table[l];
        double[] coarse = table[l - 1];
        table[l] = new double[fine.length];
        Arrays.setAll(table[l], i -> (factor * fine[i] - coarse[i]) / (factor - 1));
      }
    }
    return table[levels.length - 1];
  }

  /**
   * That the limit of an error is nothing, to within its uncertainty; inconclusive if that is more than a hundredth of
   * the coarsest level's error, as where the levels do not converge.
   *
   * @param error the error, extrapolated
   */
  static Check vanishing(String id, String statement, String reference, CellGrid grid, Limit error) {
    double measured = distance(grid, error.value, new double[error.value.length]);
    return limit(id, statement, reference, 0, measured, distance(grid, error.value, error.before),
        distance(grid, error.coarsest, error.value));
  }

  private static Check limit(String id, String statement, String reference, double expected, double measured,
      double uncertainty, double correction) {
    Verdict verdict = !(Math.abs(measured - expected) <= uncertainty) ? Verdict.FAIL
        : uncertainty <= REACHED * correction ? Verdict.PASS : Verdict.INCONCLUSIVE;
    return new Check(id, statement, reference, expected, measured, 0, uncertainty, verdict);
  }

  /**
   * That numbers with an error series in h, h², … tend to an expected one, to within the limit's uncertainty;
   * inconclusive as in {@link #vanishing}.
   *
   * @param levels from steps h, h/2, h/4 …
   */
  static Check tending(String id, String statement, String reference, double expected, double... levels) {
    double[][] column = Arrays.stream(levels).mapToObj(v -> new double[] {v}).toArray(double[][]::new);
    Limit limit = limit(column, 1, 1);
    return limit(id, statement, reference, expected, limit.value[0], Math.abs(limit.value[0] - limit.before[0]),
        Math.abs(limit.coarsest[0] - limit.value[0]));
  }

  /**
   * Values on a grid taken to the centres of one of half as many cells along each mode, by interpolation of order 6.
   */
  static double[] coarsen(CellGrid fine, double[] value) {
    double[] alongX = new double[value.length / 2];
    int nx = fine.nx() / 2;
    for (int j = 0; j < fine.ny(); j++) {
      for (int i = 0; i < nx; i++) {
        alongX[j * nx + i] = between(value, j * fine.nx(), 1, fine.nx(), 2 * i);
      }
    }
    if (fine.ny() == 1) {
      return alongX;
    }
    double[] result = new double[alongX.length / 2];
    for (int j = 0; j < fine.ny() / 2; j++) {
      for (int i = 0; i < nx; i++) {
        result[j * nx + i] = between(alongX, i, nx, fine.ny(), 2 * j);
      }
    }
    return result;
  }

  /** Half way between the entries {@code at} and {@code at + 1} of a line; beyond its ends it is zero. */
  private static double between(double[] value, int start, int stride, int count, int at) {
    double[] weight = {150.0 / 256, -25.0 / 256, 3.0 / 256};
    double sum = 0;
    for (int d = 0; d < 3; d++) {
      int left = at - d;
      int right = at + 1 + d;
      sum += weight[d] * ((left >= 0 ? value[start + left * stride] : 0) + (right < count ? value[start + right
          * stride] : 0));
    }
    return sum;
  }
}
