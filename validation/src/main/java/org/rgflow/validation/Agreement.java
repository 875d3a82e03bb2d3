package org.rgflow.validation;

import java.util.Arrays;
import java.util.Locale;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;
import org.rgflow.statistics.ChiSquared;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.GammaMethod;
import org.rgflow.statistics.TimeSeries;

/** Comparisons of two ensembles that are both known from samples only. */
final class Agreement {
  /** Probability of a false alarm of {@link #means} and {@link #laws}: that of four standard deviations. */
  static final double FALSE_ALARM = 6.3e-5;
  /** What {@link #observable} forgives; by chance one in 370 is beyond. */
  private static final double SIGMAS = 3;
  /** Precision to which {@link #observable} must be known. */
  private static final double PRECISION = 0.01;
  /** Deciles at which the autocorrelation of a distribution function is looked at. */
  private static final int DECILES = 10;

  private Agreement() {}

  /**
   * Two estimates of a number: passes within three standard errors if these are at most 1 % of {@code scale}.
   *
   * @param scale of the number; 1 − U4 for U4, else its value
   */
  static Check observable(
      String id, String statement, String reference, Estimate expected, Estimate measured, double scale) {
    return observable(id, statement, reference, expected, measured, scale, PRECISION);
  }

  /** As the other one, if the standard errors are at most the given part of {@code scale}. */
  static Check observable(String id, String statement, String reference, Estimate expected, Estimate measured,
      double scale, double precision) {
    double sigma = Math.hypot(expected.error(), measured.error());
    double tolerance = SIGMAS * sigma;
    Verdict verdict = Verdict.FAIL;
    if (sigma > 0 && Math.abs(measured.mean() - expected.mean()) <= tolerance) {
      verdict = sigma <= precision * Math.abs(scale) ? Verdict.PASS : Verdict.INCONCLUSIVE;
    }
    return new Check(id, statement + String.format(Locale.ROOT, "; known to %.2f %%, within three standard errors "
        + "(by chance one in 370 is not)", 100 * sigma / Math.abs(scale)), reference, expected.mean(), measured.mean(),
        sigma, tolerance, verdict);
  }

  /**
   * A mean of the fields as they are generated, which cannot be farther off than the weights allow.
   *
   * @param distance √(1/ESS − 1)
   * @param from of what, with the seed
   */
  static Check biased(
      String id, String name, TimeSeries exact, TimeSeries generated, double distance, String from) {
    Estimate measured = new GammaMethod().primary(generated);
    Estimate expected = new GammaMethod().primary(exact);
    double deviation = Math.sqrt(generated.map(x -> Math.pow(x - measured.mean(), 2)).mean());
    double error = Math.hypot(measured.error(), expected.error()) / deviation;
    return Check.absolute(id, String.format(Locale.ROOT, "%s as it is generated, %.5f, less that of the theory, %.5f, "
        + "in standard deviations of the fields: no more than (1/ESS − 1)^½ = %.3f and four standard errors of "
        + "%.4f,%s", name, measured.mean(), expected.mean(), distance, error, from),
        "|⟨O⟩_q − ⟨O⟩_p| ≤ χ(p‖q) σ_q(O), by Cauchy and Schwarz", 0, (measured.mean() - expected.mean()) / deviation,
        distance + Check.SIGMAS * error);
  }

  /**
   * Hotelling's T² of the difference of two vectors of means, with their covariances from the scatter of independent
   * blocks, brought to the mean of χ²: with ν the smaller number of blocks less one, and p components, T² has the mean
   * p ν/(ν−p−1).
   *
   * @param expected [component][block]
   * @param measured [component][block]
   * @param shift an error that must be seen: a check to which it would be less than six standard deviations of χ² is
   *     inconclusive
   * @param what the shift is, in words
   */
  static Check means(String id, String statement, String reference, double[][] expected, double[][] measured,
      double[] shift, String what) {
    int p = expected.length;
    int freedom = Math.min(expected[0].length, measured[0].length) - 1;
    double correction = (freedom - p - 1.0) / freedom;
    DMatrixRMaj covariance = new DMatrixRMaj(p, p);
    addCovariance(expected, covariance);
    addCovariance(measured, covariance);
    double[] from = FieldStatistics.means(expected);
    double[] to = FieldStatistics.means(measured);
    double[] difference = new double[p];
    Arrays.setAll(difference, i -> to[i] - from[i]);
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.chol(p);
    if (!solver.setA(covariance)) {
      return Check.failure(id, statement + ": the covariance of the means is singular");
    }
    double chiSquared = correction * quadraticForm(solver, difference);
    double power = correction * quadraticForm(solver, shift);
    double spread = Math.sqrt(2.0 * p);
    double tolerance = quantile(p) - p;
    Verdict verdict = Verdict.FAIL;
    if (chiSquared - p <= tolerance) {
      verdict = power >= Check.POWER * spread ? Verdict.PASS : Verdict.INCONCLUSIVE;
    }
    return new Check(id, statement + String.format(Locale.ROOT, ": χ² of %d correlated differences, of which the "
        + "number is expected; too large by chance once in 16,000; %s would add %.0f", p, what, power), reference, p,
        chiSquared, spread, tolerance, verdict);
  }

  private static double quadraticForm(LinearSolverDense<DMatrixRMaj> solver, double[] x) {
    DMatrixRMaj right = new DMatrixRMaj(x.length, 1, true, x.clone());
    DMatrixRMaj solution = new DMatrixRMaj(x.length, 1);
    solver.solve(right.copy(), solution);
    return CommonOps_DDRM.dot(right, solution);
  }

  /** Adds the covariance of the means over blocks. */
  private static void addCovariance(double[][] blocks, DMatrixRMaj sum) {
    int count = blocks[0].length;
    double[] mean = FieldStatistics.means(blocks);
    for (int i = 0; i < blocks.length; i++) {
      for (int j = 0; j < blocks.length; j++) {
        double product = 0;
        for (int b = 0; b < count; b++) {
          product += (blocks[i][b] - mean[i]) * (blocks[j][b] - mean[j]);
        }
        sum.add(i, j, product / count / (count - 1));
      }
    }
  }

  /** χ² that p degrees of freedom exceed with probability {@link #FALSE_ALARM}. */
  private static double quantile(int p) {
    double low = p;
    double high = p + 30 * Math.sqrt(2.0 * p) + 30;
    while (high - low > 1e-6) {
      double middle = 0.5 * (low + high);
      if (ChiSquared.survival(middle, p) > FALSE_ALARM) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * Kolmogorov and Smirnov's distance of two distribution functions in units of its scale, √(nm/(n+m)) sup|F − G|, n
   * and m being effective numbers: that of the values over twice the largest integrated autocorrelation time of the
   * indicators of the deciles, of whose kind the distribution function is made.
   *
   * @param shift relative change of the values that must be seen
   */
  static Check laws(
      String id, String statement, String reference, TimeSeries expected, TimeSeries measured, double shift) {
    double[] deciles = deciles(expected);
    double n = effective(expected, deciles);
    double m = effective(measured, deciles);
    double scale = Math.sqrt(n * m / (n + m));
    double distance = scale * distance(sorted(expected), sorted(measured));
    double moved = scale * distance(sorted(expected), sorted(expected.map(x -> (1 + shift) * x)));
    // Q(x) = 2 e^(−2x²) − …
    double tolerance = Math.sqrt(0.5 * Math.log(2 / FALSE_ALARM));
    Verdict verdict = Verdict.FAIL;
    if (distance <= tolerance) {
      verdict = moved >= 1.5 * tolerance ? Verdict.PASS : Verdict.INCONCLUSIVE;
    }
    return new Check(id, statement + String.format(Locale.ROOT, ": √(nm/(n+m)) sup|F − G|, n = %.0f and m = %.0f "
        + "effective values; too large by chance once in 16,000; values %.0f %% larger would give %.1f", n, m,
        100 * shift, moved), reference, 0, distance, 0, tolerance, verdict);
  }

  private static double[] sorted(TimeSeries series) {
    double[] all = new double[series.size()];
    int at = 0;
    for (int r = 0; r < series.replicas(); r++) {
      System.arraycopy(series.replica(r), 0, all, at, series.replica(r).length);
      at += series.replica(r).length;
    }
    Arrays.sort(all);
    return all;
  }

  private static double[] deciles(TimeSeries series) {
    double[] all = sorted(series);
    double[] deciles = new double[DECILES - 1];
    Arrays.setAll(deciles, i -> all[(int) ((long) (i + 1) * all.length / DECILES)]);
    return deciles;
  }

  private static double effective(TimeSeries series, double[] deciles) {
    double tau = 0.5;
    for (double decile : deciles) {
      tau = Math.max(tau, new GammaMethod().primary(series.map(x -> x < decile ? 1 : 0)).tauInt());
    }
    return series.size() / (2 * tau);
  }

  /** sup|F − G| of sorted values. */
  private static double distance(double[] x, double[] y) {
    double largest = 0;
    int j = 0;
    for (int i = 0; i < x.length; ) {
      double at = j < y.length ? Math.min(x[i], y[j]) : x[i];
      while (i < x.length && x[i] <= at) {
        i++;
      }
      while (j < y.length && y[j] <= at) {
        j++;
      }
      largest = Math.max(largest, Math.abs((double) i / x.length - (double) j / y.length));
    }
    return largest;
  }
}
