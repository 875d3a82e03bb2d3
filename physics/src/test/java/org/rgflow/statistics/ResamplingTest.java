package org.rgflow.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Jackknife, binning and bootstrap. Fixed seeds; the false-alarm rates hold for a random seed. */
class ResamplingTest {
  private static final double[] FIVE = {1, 4, 2, 8, 5};

  @Test
  void jackknifeOfAMeanIsTheStandardError() {
    // Σ (x − 4)² = 30, so s² = 7.5 and the error is √(7.5/5)
    Estimate estimate = new Jackknife(5).primary(TimeSeries.of(FIVE));
    assertThat(estimate.mean()).isCloseTo(4, within(1e-14));
    assertThat(estimate.error()).isCloseTo(Math.sqrt(1.5), within(1e-14));
    assertThat(estimate.window()).isEqualTo(1);
  }

  @Test
  void jackknifeRemovesTheBiasOfASquare() {
    // unbiased: mean² − s²/N = 16 − 1.5
    Estimate estimate = new Jackknife(100).derived(a -> a[0] * a[0], TimeSeries.of(FIVE));
    assertThat(estimate.mean()).isCloseTo(14.5, within(1e-12));
  }

  @Test
  void jackknifeAgreesWithLoopsOverBlocks() {
    SplittableRandom random = new SplittableRandom(7);
    double[] x = random.doubles(103).toArray();
    double[] y = random.doubles(103).toArray();
    int blocks = 10;
    double[] left = new double[blocks];
    double all = ratio(x, y, 0, 0);
    double average = 0;
    for (int b = 0; b < blocks; b++) {
      left[b] = ratio(x, y, b * 103 / blocks, (b + 1) * 103 / blocks);
      average += left[b] / blocks;
    }
    double variance = 0;
    for (double l : left) {
      variance += (l - average) * (l - average) * (blocks - 1) / blocks;
    }
    Estimate estimate = new Jackknife(blocks).derived(a -> a[0] / a[1], TimeSeries.of(x), TimeSeries.of(y));
    assertThat(estimate.error()).isCloseTo(Math.sqrt(variance), within(1e-12));
    assertThat(estimate.mean()).isCloseTo(blocks * all - (blocks - 1) * average, within(1e-12));
  }

  private static double ratio(double[] x, double[] y, int from, int to) {
    double sx = 0;
    double sy = 0;
    for (int i = 0; i < x.length; i++) {
      if (i < from || i >= to) {
        sx += x[i];
        sy += y[i];
      }
    }
    return sx / sy;
  }

  @Test
  void blocksNeverCrossReplicas() {
    // two replicas of opposite constants: only blocks inside a replica see the difference
    double[] plus = new double[50];
    Arrays.fill(plus, 1);
    double[] minus = new double[30];
    Arrays.fill(minus, -1);
    Blocks blocks = Blocks.ofNumber(7, new TimeSeries[] {TimeSeries.of(plus, minus)});
    assertThat(blocks.count()).isEqualTo(8);
    assertThat(Arrays.stream(blocks.length).sum()).isEqualTo(80);
    for (int b = 0; b < 8; b++) {
      double mean = blocks.origin[0] + blocks.sum[b][0] / blocks.length[b];
      assertThat(mean).isCloseTo(b < 4 ? 1 : -1, within(1e-12));
    }
  }

  /** 4 standard deviations of the error bar: false-alarm rate 6e-5 each. */
  @Test
  void allFindTheExactErrorOfACorrelatedMean() {
    double tau = 5;
    int n = 100_000;
    TimeSeries series = TimeSeries.of(MarkovChains.ar1(tau, n, new SplittableRandom(19)));
    double exact = Math.sqrt(MarkovChains.varianceOfMean(tau, n));
    for (Estimate estimate : List.of(new Jackknife(500).primary(series), new Binning().primary(series),
        new Bootstrap(1, 1000, 500).primary(series))) {
      assertThat(estimate.errorOfError()).isLessThan(0.1 * exact);
      assertThat(estimate.error()).isCloseTo(exact, within(4 * estimate.errorOfError()));
    }
    Estimate plateau = new Binning().primary(series);
    assertThat(plateau.windowFound()).isTrue();
    assertThat(plateau.tauInt()).isCloseTo(tau, within(4 * plateau.tauIntError()));
  }

  @Test
  void binningErrorsRiseToThePlateau() {
    TimeSeries series = TimeSeries.of(MarkovChains.ar1(8, 65_536, new SplittableRandom(29)));
    List<Estimate> levels = new Binning().levels(a -> a[0], series);
    assertThat(levels).hasSize(14);
    assertThat(levels.getFirst().error()).isCloseTo(1.0 / 256, Percentage.withPercentage(5));
    for (int k = 1; k < 5; k++) {
      assertThat(levels.get(k).error()).isGreaterThan(1.2 * levels.get(k - 1).error());
      assertThat(levels.get(k).window()).isEqualTo(1 << k);
    }
  }

  @Test
  void binningOfShortAndConstantSeries() {
    assertThat(new Binning().primary(TimeSeries.of(new double[] {2, 2, 2})).error()).isZero();
    assertThat(new Binning().primary(TimeSeries.of(new double[] {2, 2, 2})).tauInt()).isEqualTo(0.5);
    assertThat(new Binning().primary(TimeSeries.of(new double[] {2})).error()).isNaN();
    double[] slow = MarkovChains.ar1(300, 2000, new SplittableRandom(1));
    assertThat(new Binning().primary(TimeSeries.of(slow)).windowFound()).isFalse();
  }

  @Test
  void derivedQuantitiesAgree() {
    TimeSeries m = TimeSeries.of(MarkovChains.ar1(2, 20_000, new SplittableRandom(37)));
    TimeSeries[] moments = {m.map(x -> x * x), m.map(x -> x * x * x * x)};
    ToDoubleFunction<double[]> binder = Observables::binder;
    Estimate gamma = new GammaMethod().derived(binder, moments);
    for (Estimate other : List.of(new Jackknife(200).derived(binder, moments), new Binning().derived(binder, moments),
        new Bootstrap(3, 500, 200).derived(binder, moments))) {
      assertThat(other.mean()).isCloseTo(gamma.mean(), within(0.5 * gamma.error()));
      // 4 standard deviations of the difference, false-alarm rate below 6e-5
      assertThat(other.error())
          .isCloseTo(gamma.error(), within(4 * Math.hypot(other.errorOfError(), gamma.errorOfError())));
    }
  }

  @Test
  void bootstrapIsAFunctionOfItsSeed() {
    TimeSeries series = TimeSeries.of(MarkovChains.ar1(1, 1000, new SplittableRandom(1)));
    double[] first = new Bootstrap(5, 100, 50).distribution(a -> a[0], series);
    assertThat(new Bootstrap(5, 100, 50).distribution(a -> a[0], series)).isEqualTo(first).isSorted();
    assertThat(new Bootstrap(6, 100, 50).distribution(a -> a[0], series)).isNotEqualTo(first);
  }

  @Test
  void degenerateInput() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Jackknife(1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Bootstrap(0, 1, 2));
    assertThat(new Jackknife(2).primary(TimeSeries.of(new double[] {7})).error()).isNaN();
    assertThat(new Bootstrap(0, 2, 2).primary(TimeSeries.of(new double[] {7})).error()).isNaN();
    assertThat(new Jackknife(2).primary(TimeSeries.of(new double[] {7, 7, 7})).error()).isZero();
    assertThat(new Jackknife(2).primary(TimeSeries.of(new double[] {7, Double.NaN})).error()).isNaN();
  }

  @Test
  void chiSquaredProbabilities() {
    for (double x : new double[] {1e-3, 0.5, 1, 3, 8, 40}) {
      // k = 2 and k = 4 in closed form
      assertThat(ChiSquared.survival(x, 2)).isCloseTo(Math.exp(-x / 2), Percentage.withPercentage(1e-9));
      assertThat(ChiSquared.survival(x, 4)).isCloseTo(Math.exp(-x / 2) * (1 + x / 2), Percentage.withPercentage(1e-9));
    }
    // erfc(1/√2), and NIST's table of 95% and 99% quantiles
    assertThat(ChiSquared.survival(1, 1)).isCloseTo(0.31731050786291415, within(1e-13));
    assertThat(ChiSquared.survival(18.307038053275146, 10)).isCloseTo(0.05, within(1e-12));
    assertThat(ChiSquared.survival(135.80672317102676, 100)).isCloseTo(0.01, within(1e-12));
    assertThat(ChiSquared.survival(0, 3)).isEqualTo(1);
    assertThat(ChiSquared.survival(Double.NaN, 3)).isNaN();
  }
}
