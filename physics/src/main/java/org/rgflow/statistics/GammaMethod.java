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
 * <p>Where ½ + Γ(1)/Γ(0) is below 0.2, as when a cluster update turns the whole field round almost every time, the terms
 * alternate, and the window, which ends there, would leave out the second of a pair that nearly cancels. These series are
 * summed in pairs Γ(2k) + Γ(2k+1), which are positive in a reversible chain, up to the first that is not (C. J. Geyer,
 * "Practical Markov chain Monte Carlo", Stat. Sci. 7 (1992) 473, sec. 3.3). If nothing positive is left, τ is 1/(2N),
 * the least that N values can tell, and no window was found.
 *
 * <p>Lags are computed as the window grows, so 10⁶ values with τ = 10 take some tens of milliseconds;
 * a series that never decorrelates, with its window of N/2 lags, takes some seconds.
 *
 * <p>A constant series has error 0 and τ = ½. NaN or infinite values make mean, error and τ NaN. One single value
 * has no error: NaN. An empty series cannot be made ({@link TimeSeries}).
 */
public final class GammaMethod implements Estimator {
  /** The ratio of exponential to integrated autocorrelation time assumed by the window. */
  public static final double DEFAULT_S = 2;

  /** With a τ below this after the first lag the sum goes on by pairs. */
  private static final double ALTERNATING_TAU = 0.2;

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

  @Override
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
   */
  @Override
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
    Autocovariance gamma = new Autocovariance(delta);
    double gamma0 = gamma.at(0);
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
      tau += gamma.at(window) / gamma0;
      double tauS = tau > 0.5 ? s / Math.log((2 * tau + 1) / (2 * tau - 1)) : Double.MIN_NORMAL;
      found = Math.exp(-window / tauS) - tauS / Math.sqrt(window * n) < 0;
    }
    if (window == 1 && tau < ALTERNATING_TAU) {
      found = false;
      while (!found && window + 2 <= limit) {
        double pair = (gamma.at(window + 1) + gamma.at(window + 2)) / gamma0;
        found = pair <= 0;
        if (!found) {
          tau += pair;
          window += 2;
        }
      }
    }
    found &= tau > 0;
    tau = Math.max(tau, 0.5 / n);
    double c = 2 * tau * gamma0 * (1 + (2 * window + 1) / n);
    double error = Math.sqrt(c / n);
    double tauInt = tau * (1 + (2 * window + 1) / n) / (1 + 1 / n);
    double tauError = 2 * Math.abs(tauInt) * Math.sqrt(Math.max(window + 0.5 - tauInt, 0) / n);
    return new Estimate(mean, error, error * Math.sqrt((window + 0.5) / n), tauInt, tauError, window,
        consistency(delta, c), size, found);
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
