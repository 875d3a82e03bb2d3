package org.rgflow.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All random numbers are from fixed seeds; the false-alarm rates hold for a random seed. */
class GammaMethodTest {
  private final GammaMethod method = new GammaMethod();

  /** The method written down once more, straight from the formulas. */
  private static Estimate naive(double[]... replicas) {
    double n = 0;
    double sum = 0;
    int longest = 0;
    for (double[] x : replicas) {
      for (double value : x) {
        sum += value;
      }
      n += x.length;
      longest = Math.max(longest, x.length);
    }
    double mean = sum / n;
    double[] gamma = new double[longest];
    for (int t = 0; t < longest; t++) {
      double pairs = 0;
      for (double[] x : replicas) {
        for (int i = 0; i + t < x.length; i++) {
          gamma[t] += (x[i] - mean) * (x[i + t] - mean);
          pairs++;
        }
      }
      gamma[t] /= Math.max(pairs, 1);
    }
    double tau = 0.5;
    int w = 0;
    double g = 1;
    while (g >= 0 && w < longest / 2) {
      w++;
      tau += gamma[w] / gamma[0];
      double tauS = tau <= 0.5 ? 1e-300 : 2 / Math.log((2 * tau + 1) / (2 * tau - 1));
      g = Math.exp(-w / tauS) - tauS / Math.sqrt(w * n);
    }
    double c = gamma[0];
    for (int t = 1; t <= w; t++) {
      c += 2 * gamma[t];
    }
    c *= 1 + (2 * w + 1) / n;
    double error = Math.sqrt(c / n);
    double tauInt = tau * (1 + (2 * w + 1) / n) / (1 + 1 / n);
    double chi2 = 0;
    for (double[] x : replicas) {
      double own = 0;
      for (double value : x) {
        own += value / x.length;
      }
      chi2 += x.length * (own - mean) * (own - mean) / c;
    }
    double q = replicas.length == 1 ? Double.NaN : ChiSquared.survival(chi2, replicas.length - 1);
    return new Estimate(mean, error, error * Math.sqrt((w + 0.5) / n), tauInt,
        2 * tauInt * Math.sqrt((w + 0.5 - tauInt) / n), w, q, (long) n, g < 0);
  }

  private static void assertClose(Estimate actual, Estimate expected) {
    assertThat(actual.mean()).isCloseTo(expected.mean(), within(1e-12));
    assertThat(actual.window()).isEqualTo(expected.window());
    assertThat(actual.error()).isCloseTo(expected.error(), within(1e-12));
    assertThat(actual.errorOfError()).isCloseTo(expected.errorOfError(), within(1e-12));
    assertThat(actual.tauInt()).isCloseTo(expected.tauInt(), within(1e-10));
    assertThat(actual.tauIntError()).isCloseTo(expected.tauIntError(), within(1e-10));
    assertThat(actual.samples()).isEqualTo(expected.samples());
    assertThat(actual.windowFound()).isEqualTo(expected.windowFound());
    if (Double.isNaN(expected.consistency())) {
      assertThat(actual.consistency()).isNaN();
    } else {
      assertThat(actual.consistency()).isCloseTo(expected.consistency(), within(1e-10));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.5, 1, 4, 20})
  void agreesWithTheFormulasWrittenDownOnceMore(double tau) {
    SplittableRandom random = new SplittableRandom(11);
    double[] a = MarkovChains.ar1(tau, 2001, random);
    double[] b = MarkovChains.ar1(tau, 997, random);
    double[] c = MarkovChains.ar1(tau, 13, random);
    assertClose(method.primary(TimeSeries.of(a)), naive(a));
    assertClose(method.primary(TimeSeries.of(a, b, c)), naive(a, b, c));
    assertClose(method.primary(TimeSeries.of(c, new double[0], c)), naive(c, c));
    assertClose(method.derived(m -> m[0], TimeSeries.of(a)), naive(a));
  }

  /** Each τ_int deviates by more than 4 of its own errors with probability 6e-5. */
  @ParameterizedTest
  @ValueSource(doubles = {0.5, 1, 3, 10, 30})
  void findsTheExactAutocorrelationTime(double tau) {
    Estimate estimate = method.primary(TimeSeries.of(MarkovChains.ar1(tau, 400_000, new SplittableRandom(3))));
    assertThat(estimate.windowFound()).isTrue();
    assertThat(estimate.tauIntError()).isLessThan(0.06 * tau);
    assertThat(estimate.tauInt()).isCloseTo(tau, within(4 * estimate.tauIntError()));
    assertThat(estimate.sigmas(0)).isBetween(-4.0, 4.0);
  }

  /**
   * 600 chains: the mean squared error bar against the exact variance of the mean (relative error
   * √(4(W+½)/(N·600)) ≈ 0.7%, to which the finite window adds up to 2%), and the fraction of means
   * within one error bar, whose binomial deviation is 1.9%: 4 deviations have a false-alarm rate of 6e-5.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void errorBarsCover(int replicas) {
    double tau = 3;
    int n = 4000 / replicas;
    SplittableRandom random = new SplittableRandom(17 + replicas);
    int chains = 600;
    double squares = 0;
    int covered = 0;
    double q = 0;
    for (int k = 0; k < chains; k++) {
      double[][] x = new double[replicas][];
      for (int r = 0; r < replicas; r++) {
        x[r] = MarkovChains.ar1(tau, n, random);
      }
      Estimate estimate = method.primary(TimeSeries.of(x));
      squares += estimate.error() * estimate.error() / chains;
      covered += Math.abs(estimate.mean()) < estimate.error() ? 1 : 0;
      q += estimate.consistency() / chains;
    }
    assertThat(squares).isCloseTo(MarkovChains.varianceOfMean(tau, n) / replicas, Percentage.withPercentage(4));
    assertThat(covered / (double) chains).isCloseTo(0.6827, within(4 * 0.019));
    if (replicas > 1) {
      // uniform in (0, 1): the mean of 600 deviates from ½ by 0.0118
      assertThat(q).isCloseTo(0.5, within(4 * 0.0118));
    }
  }

  @Test
  void inconsistentReplicasAreFound() {
    SplittableRandom random = new SplittableRandom(5);
    double[] a = MarkovChains.ar1(2, 5000, random);
    double[] b = MarkovChains.ar1(2, 5000, random);
    assertThat(method.primary(TimeSeries.of(a, b)).consistency()).isGreaterThan(1e-4);
    double[] shifted = java.util.Arrays.stream(b).map(x -> x + 1).toArray();
    // not smaller, since the offset counts as an autocorrelation and enlarges the error
    assertThat(method.primary(TimeSeries.of(a, shifted)).consistency()).isLessThan(1e-4);
  }

  @Test
  void derivedQuantitiesPropagateBothFluctuations() {
    SplittableRandom random = new SplittableRandom(23);
    TimeSeries m = TimeSeries.of(MarkovChains.ar1(2, 40_000, random), MarkovChains.ar1(2, 40_000, random));
    TimeSeries m2 = m.map(x -> x * x);
    TimeSeries m4 = m.map(x -> x * x * x * x);
    ToDoubleFunction<double[]> binder = a -> 1 - a[1] / (3 * a[0] * a[0]);
    Estimate numeric = method.derived(binder, m2, m4);
    Estimate analytic = method.derived(binder,
        a -> new double[] {2 * a[1] / (3 * a[0] * a[0] * a[0]), -1 / (3 * a[0] * a[0])}, m2, m4);
    assertThat(numeric.error()).isCloseTo(analytic.error(), Percentage.withPercentage(0.1));
    assertThat(numeric.mean()).isEqualTo(analytic.mean());
    // U4 = 0 for a Gaussian; 4 error bars: false-alarm rate 6e-5
    assertThat(numeric.sigmas(0)).isBetween(-4.0, 4.0);
    // with ⟨m²⟩ held fixed the error would be several times larger
    assertThat(method.derived(a -> 1 - a[0] / 3, m4).error()).isGreaterThan(1.5 * numeric.error());
    Estimate jackknife = new Jackknife(400).derived(binder, m2, m4);
    assertThat(jackknife.mean()).isCloseTo(numeric.mean(), within(0.1 * numeric.error()));
    // both errors fluctuate: 4 standard deviations of their difference, false-alarm rate below 6e-5
    assertThat(jackknife.error())
        .isCloseTo(numeric.error(), within(4 * Math.hypot(jackknife.errorOfError(), numeric.errorOfError())));
  }

  /**
   * F = (mean)² of independent values is too large by 1/N; with R = 500 replicas of 2 the correction
   * leaves none of it. 400 repetitions: the remaining bias is known to 7e-5; 4 standard deviations.
   */
  @Test
  void biasOfDerivedQuantitiesIsRemoved() {
    SplittableRandom random = new SplittableRandom(31);
    int repetitions = 400;
    double corrected = 0;
    double square = 0;
    for (int k = 0; k < repetitions; k++) {
      double[][] x = IntStream.range(0, 500).mapToObj(r -> new double[] {random.nextGaussian(), random.nextGaussian()})
          .toArray(double[][]::new);
      double value = method.derived(a -> a[0] * a[0], TimeSeries.of(x)).mean();
      corrected += value / repetitions;
      square += value * value / repetitions;
    }
    double uncertainty = Math.sqrt((square - corrected * corrected) / repetitions);
    assertThat(uncertainty).isLessThan(1.0 / 1000 / 8);
    assertThat(corrected).isCloseTo(0, within(4 * uncertainty));
  }

  @Test
  void constantSeriesHaveNoError() {
    Estimate estimate = method.primary(TimeSeries.of(new double[] {0.1, 0.1, 0.1}, new double[] {0.1}));
    assertThat(estimate).isEqualTo(new Estimate(0.1, 0, 0, 0.5, 0, 0, 1, 4, true));
    assertThat(method.derived(a -> 1 / a[0], TimeSeries.of(new double[] {2, 2})).error()).isZero();
  }

  @Test
  void whatCannotBeEstimatedIsNaN() {
    Estimate single = method.primary(TimeSeries.of(new double[] {3}));
    assertThat(single.mean()).isEqualTo(3);
    assertThat(single.error()).isNaN();
    assertThat(single.windowFound()).isFalse();
    Estimate broken = method.primary(TimeSeries.of(new double[] {3, Double.NaN, 1, 2}));
    assertThat(broken.mean()).isNaN();
    assertThat(broken.error()).isNaN();
    assertThat(broken.tauInt()).isNaN();
    Estimate infinite = method.primary(TimeSeries.of(new double[] {3, Double.POSITIVE_INFINITY}));
    assertThat(infinite.mean()).isNaN();
    Estimate undefined = method.derived(a -> Math.sqrt(a[0]), TimeSeries.of(new double[] {-1, -2, -3}));
    assertThat(undefined.mean()).isNaN();
    assertThat(undefined.error()).isNaN();
    assertThatIllegalArgumentException().isThrownBy(() -> TimeSeries.of(new double[0], new double[0]));
    assertThatIllegalArgumentException().isThrownBy(() -> new GammaMethod(0));
    assertThatIllegalArgumentException().isThrownBy(
        () -> method.derived(a -> 0, TimeSeries.of(new double[3]), TimeSeries.of(new double[4])));
  }

  @Test
  void replicasOfOneValueAreIndependentSamples() {
    SplittableRandom random = new SplittableRandom(41);
    double[][] x = IntStream.range(0, 1000).mapToObj(r -> new double[] {random.nextGaussian()}).toArray(double[][]::new);
    Estimate estimate = method.primary(TimeSeries.of(x));
    assertThat(estimate.windowFound()).isTrue();
    assertThat(estimate.tauInt()).isEqualTo(0.5);
    // the error of the error is 2.2%
    assertThat(estimate.error()).isCloseTo(1 / Math.sqrt(1000), Percentage.withPercentage(9));
  }

  /**
   * AR(1) with negative coefficient, 16 replicas of 2500 values, 100 times: the mean squared error bar against the exact
   * variance of the mean, and how often the mean is within one error bar, whose binomial deviation is 4.7 %: 4 deviations
   * have a false-alarm rate of 6e-5. For 0.02 the pairs end in the noise a tenth of the variance too early; cut off after
   * the first lag, nothing positive would be left of it.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0.02, 0.05, 0.15})
  void errorBarsCoverAlternatingChains(double tau) {
    SplittableRandom random = new SplittableRandom(23);
    int chains = 100;
    double squares = 0;
    int covered = 0;
    for (int k = 0; k < chains; k++) {
      double[][] x = new double[16][];
      for (int r = 0; r < x.length; r++) {
        x[r] = MarkovChains.ar1(tau, 2500, random);
      }
      Estimate estimate = method.primary(TimeSeries.of(x));
      assertThat(estimate.tauInt()).isPositive();
      squares += estimate.error() * estimate.error() / chains;
      covered += Math.abs(estimate.mean()) < estimate.error() ? 1 : 0;
    }
    double exact = MarkovChains.varianceOfMean(tau, 2500) / 16;
    assertThat(squares).isCloseTo(exact, Percentage.withPercentage(20));
    assertThat(covered / (double) chains).isCloseTo(0.683, within(4 * 0.047));
  }

  @Test
  void chainsShorterThanTheirAutocorrelationAreFlagged() {
    double[] ramp = IntStream.range(0, 50).mapToDouble(i -> i).toArray();
    Estimate estimate = method.primary(TimeSeries.of(ramp));
    assertThat(estimate.error()).isPositive();
    assertThat(estimate.tauInt()).isGreaterThan(3);
    double[] alternating = IntStream.range(0, 50).mapToDouble(i -> i % 2).toArray();
    Estimate anticorrelated = method.primary(TimeSeries.of(alternating));
    assertThat(anticorrelated.error()).isNotNegative().isLessThan(0.5 / Math.sqrt(50));
    assertThat(anticorrelated.tauInt()).isPositive();
    // slower than half its length: no window
    double[] slow = IntStream.range(0, 12).mapToDouble(i -> i < 6 ? 0 : 1).toArray();
    assertThat(method.primary(TimeSeries.of(slow)).window()).isLessThanOrEqualTo(6);
  }

  @Test
  @Timeout(20)
  void aMillionValuesAreQuick() {
    Estimate estimate = method.primary(TimeSeries.of(MarkovChains.ar1(10, 1_000_000, new SplittableRandom(2))));
    assertThat(estimate.tauInt()).isCloseTo(10, within(4 * estimate.tauIntError()));
  }

  /** A window of a fifth of the series; summed lag by lag this takes minutes. */
  @Test
  @Timeout(20)
  void aSeriesThatNeverDecorrelatesTakesSeconds() {
    int n = 1 << 20;
    SplittableRandom random = new SplittableRandom(4);
    double[] twoWells = new double[2 * n];
    for (int i = 0; i < n; i++) {
      twoWells[2 * i] = 1 + random.nextDouble(-0.1, 0.1);
      twoWells[2 * i + 1] = -1 + random.nextDouble(-0.1, 0.1);
    }
    Estimate estimate = method.primary(TimeSeries.interleaved(twoWells, 2));
    assertThat(estimate.window()).isGreaterThan(n / 10);
    assertThat(estimate.tauInt()).isGreaterThan(n / 10);
  }
}
