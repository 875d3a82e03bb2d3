package org.rgflow.statistics;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/**
 * The Γ-method: errors from the explicitly summed autocorrelation function. U. Wolff, "Monte Carlo
 * errors with less errors", Comput. Phys. Commun. 156 (2004) 143, hep-lat/0306017.
 *
 * <p>For R replicas with N_r values, N in all, and a function F of the primary means ā_α, the
 * fluctuations are projected on the gradient, δ_i = Σ_α f_α (a_α,i − ā_α), and
 * <pre>
 *   Γ(t) = Σ_r Σ_i δ_r,i δ_r,i+t / Σ_r (N_r − t)
 *   τ(W) = ½ + Σ_{t≤W} Γ(t)/Γ(0),  C(W) = 2 τ(W) Γ(0)
 * </pre>
 * with the mean taken over all replicas. The window W is the smallest for which
 * e^(−W/τ_S) − τ_S/√(WN) &lt; 0, τ_S = S/ln((2τ+1)/(2τ−1)) (Wolff, sec. 3.3), searched up to half of the
 * longest replica. The negative bias from the subtracted mean is removed: C gets the factor
 * 1 + (2W+1)/N and τ the factor (1+(2W+1)/N)/(1+1/N). Then
 * <pre>
 *   error = √(C/N),  its error = error √((W+½)/N),  error of τ = 2τ √((W+½−τ)/N)
 * </pre>
 * With several replicas the O(1/N) bias of F(ā) is removed through the replicas' own values,
 * as long as these are finite.
 *
 * <p>Lags are computed as the window grows, eight per pass over the data, so 10⁶ values with
 * τ = 10 take some tens of milliseconds; the cost is N (W+8) multiplications.
 *
 * <p>A constant series has error 0 and τ = ½. NaN or infinite values make mean, error and τ NaN. One single value
 * has no error: NaN. An empty series cannot be made ({@link TimeSeries}).
 */
public final class GammaMethod {
  /** The ratio of exponential to integrated autocorrelation time assumed by the window. */
  public static final double DEFAULT_S = 2;

  private static final int LAGS_PER_PASS = 8;

  private final double s;

  /** With S = 2. */
  public GammaMethod() {
    this(DEFAULT_S);
  }

  /** @throws IllegalArgumentException unless S &gt; 0 */
  public GammaMethod(double s) {
    if (!(s > 0)) {
      throw new IllegalArgumentException("S = " + s + ": must be > 0");
    }
    this.s = s;
  }

  /** The mean of one primary observable. */
  public Estimate primary(TimeSeries series) {
    double mean = series.mean();
    double[][] delta = new double[series.replicas()][];
    for (int r = 0; r < delta.length; r++) {
      delta[r] = Arrays.stream(series.replica(r)).map(a -> a - mean).toArray();
    }
    return analyse(mean, delta, series.size());
  }

  /**
   * A function of primary means, its gradient by symmetric differences with the primaries' own errors
   * √(Γ_αα(0)/N) as the step, as Wolff proposes.
   *
   * @param f the function of the primary means, in the order of {@code primaries}
   */
  public Estimate derived(ToDoubleFunction<double[]> f, TimeSeries... primaries) {
    TimeSeries.requireSameShape(primaries);
    double[] means = means(primaries);
    double[] gradient = new double[means.length];
    for (int a = 0; a < means.length; a++) {
      double h = Math.sqrt(variance(primaries[a], means[a]) / primaries[a].size());
      if (h == 0) {
        continue; // a constant does not fluctuate, whatever the derivative
      }
      double[] shifted = means.clone();
      shifted[a] = means[a] + h;
      double up = f.applyAsDouble(shifted);
      shifted[a] = means[a] - h;
      gradient[a] = (up - f.applyAsDouble(shifted)) / (2 * h);
    }
    return derived(f, gradient, means, primaries);
  }

  /**
   * A function of primary means with its analytic gradient.
   *
   * @param gradient ∂f/∂a_α at given means
   */
  public Estimate derived(ToDoubleFunction<double[]> f, UnaryOperator<double[]> gradient, TimeSeries... primaries) {
    TimeSeries.requireSameShape(primaries);
    double[] means = means(primaries);
    return derived(f, gradient.apply(means.clone()), means, primaries);
  }

  private Estimate derived(ToDoubleFunction<double[]> f, double[] gradient, double[] means, TimeSeries[] primaries) {
    double value = f.applyAsDouble(means.clone());
    int replicas = primaries[0].replicas();
    double[][] delta = new double[replicas][];
    double weighted = 0;
    for (int r = 0; r < replicas; r++) {
      int n = primaries[0].replica(r).length;
      delta[r] = new double[n];
      double[] own = new double[means.length];
      for (int a = 0; a < means.length; a++) {
        double[] x = primaries[a].replica(r);
        double shift = 0;
        for (int i = 0; i < n; i++) {
          shift += x[i] - means[a];
          delta[r][i] += gradient[a] * (x[i] - means[a]);
        }
        own[a] = means[a] + shift / n;
      }
      weighted += n * (f.applyAsDouble(own) - value);
    }
    int size = primaries[0].size();
    if (replicas > 1 && Double.isFinite(weighted)) {
      value -= weighted / size / (replicas - 1);
    }
    return analyse(value, delta, size);
  }

  private static double[] means(TimeSeries[] primaries) {
    return Arrays.stream(primaries).mapToDouble(TimeSeries::mean).toArray();
  }

  private static double variance(TimeSeries series, double mean) {
    double sum = 0;
    for (int r = 0; r < series.replicas(); r++) {
      for (double x : series.replica(r)) {
        sum += (x - mean) * (x - mean);
      }
    }
    return sum / series.size();
  }

  private Estimate analyse(double mean, double[][] delta, int size) {
    double[] lags = lags(delta, 0);
    double gamma0 = lags[0];
    if (size == 1 || !Double.isFinite(mean) || !Double.isFinite(gamma0)) {
      return new Estimate(Double.isFinite(mean) ? mean : Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0,
          Double.NaN, size, false);
    }
    if (gamma0 == 0) {
      return new Estimate(mean, 0, 0, 0.5, 0, 0, delta.length > 1 ? 1 : Double.NaN, size, true);
    }
    double n = size;
    int longest = Arrays.stream(delta).mapToInt(d -> d.length).max().orElseThrow();
    int limit = longest / 2;
    double tau = 0.5;
    int window = 0;
    boolean found = longest == 1; // independent replicas of one value each have no autocorrelation to sum
    while (!found && window < limit) {
      window++;
      if (window % LAGS_PER_PASS == 0) {
        lags = lags(delta, window);
      }
      tau += lags[window % LAGS_PER_PASS] / gamma0;
      double tauS = tau > 0.5 ? s / Math.log((2 * tau + 1) / (2 * tau - 1)) : Double.MIN_NORMAL;
      found = Math.exp(-window / tauS) - tauS / Math.sqrt(window * n) < 0;
    }
    // a truncated sum over anticorrelations may leave no positive variance; the least that N values can tell
    double c = Math.max(2 * tau, 1 / n) * gamma0 * (1 + (2 * window + 1) / n);
    double error = Math.sqrt(c / n);
    double tauInt = tau * (1 + (2 * window + 1) / n) / (1 + 1 / n);
    double tauError = 2 * Math.abs(tauInt) * Math.sqrt(Math.max(window + 0.5 - tauInt, 0) / n);
    return new Estimate(mean, error, error * Math.sqrt((window + 0.5) / n), tauInt, tauError, window,
        consistency(delta, c), size, found);
  }

  /** Γ(first) … Γ(first+7); 0 where no replica is long enough. */
  private static double[] lags(double[][] delta, int first) {
    double[] sum = new double[LAGS_PER_PASS];
    for (double[] x : delta) {
      double s0 = 0;
      double s1 = 0;
      double s2 = 0;
      double s3 = 0;
      double s4 = 0;
      double s5 = 0;
      double s6 = 0;
      double s7 = 0;
      int complete = Math.max(x.length - first - LAGS_PER_PASS + 1, 0);
      for (int i = 0; i < complete; i++) {
        double xi = x[i];
        int j = i + first;
        s0 += xi * x[j];
        s1 += xi * x[j + 1];
        s2 += xi * x[j + 2];
        s3 += xi * x[j + 3];
        s4 += xi * x[j + 4];
        s5 += xi * x[j + 5];
        s6 += xi * x[j + 6];
        s7 += xi * x[j + 7];
      }
      double[] s = {s0, s1, s2, s3, s4, s5, s6, s7};
      for (int k = 0; k < LAGS_PER_PASS; k++) {
        sum[k] += s[k];
        for (int i = complete; i + first + k < x.length; i++) {
          sum[k] += x[i] * x[i + first + k];
        }
      }
    }
    for (int k = 0; k < LAGS_PER_PASS; k++) {
      double pairs = 0;
      for (double[] x : delta) {
        pairs += Math.max(x.length - first - k, 0);
      }
      sum[k] = pairs > 0 ? sum[k] / pairs : 0;
    }
    return sum;
  }

  /** Q of χ² = Σ_r N_r δ̄_r²/C with R−1 degrees of freedom. */
  private static double consistency(double[][] delta, double c) {
    if (delta.length == 1) {
      return Double.NaN;
    }
    double chi2 = 0;
    for (double[] x : delta) {
      double mean = Arrays.stream(x).sum() / x.length;
      chi2 += x.length * mean * mean / c;
    }
    return ChiSquared.survival(chi2, delta.length - 1);
  }
}
