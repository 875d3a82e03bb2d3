package org.rgflow.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ImportanceWeightsTest {
  private static final double SHIFT = 0.8;

  /** N(0,1) weighted for N(μ,1): w = e^(μx − μ²/2), so that ⟨w⟩ = 1, ESS = e^(−μ²), ⟨x⟩ = μ, ⟨x²⟩ = 1+μ². */
  private static double[] normals(int count) {
    Random random = new Random(7);
    double[] x = new double[count];
    for (int i = 0; i < count; i++) {
      x[i] = random.nextGaussian();
    }
    return x;
  }

  private static ImportanceWeights weights(double[] x, double constant) {
    double[] w = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      w[i] = SHIFT * x[i] - 0.5 * SHIFT * SHIFT + constant;
    }
    return new ImportanceWeights(w);
  }

  /** 4σ each (false alarm 6e-5), and errors that are those of the closed forms to 10 %. */
  @Test
  void shiftedGaussian() {
    int n = 200_000;
    double[] x = normals(n);
    ImportanceWeights weights = weights(x, 1000);
    TimeSeries series = TimeSeries.of(x);
    Estimate mean = weights.primary(series);
    assertThat(mean.sigmas(SHIFT)).isBetween(-4.0, 4.0);
    // N var = E[w² (x−μ)²] = e^(μ²) (1 + μ²)
    assertThat(mean.error() * Math.sqrt(n)).isCloseTo(Math.sqrt(Math.exp(SHIFT * SHIFT) * (1 + SHIFT * SHIFT)), within(0.2));
    Estimate variance = weights.derived(m -> m[1] - m[0] * m[0], series, series.map(v -> v * v));
    assertThat(variance.sigmas(1)).isBetween(-4.0, 4.0);
    Estimate logMean = weights.logMean();
    assertThat(logMean.sigmas(1000)).isBetween(-4.0, 4.0);
    // N var = Var(w) = e^(μ²) − 1
    assertThat(logMean.error() * Math.sqrt(n)).isCloseTo(Math.sqrt(Math.exp(SHIFT * SHIFT) - 1), within(0.1));
    assertThat(weights.effectiveFraction()).isCloseTo(Math.exp(-SHIFT * SHIFT), within(0.02));
  }

  @Test
  void equalWeightsAreAnOrdinaryMean() {
    double[] x = normals(1000);
    double[] w = new double[x.length];
    ImportanceWeights weights = new ImportanceWeights(w);
    Estimate weighted = weights.primary(TimeSeries.of(x));
    Estimate plain = new Jackknife(200).primary(TimeSeries.of(x));
    assertThat(weighted.mean()).isCloseTo(plain.mean(), within(1e-14));
    assertThat(weighted.error()).isCloseTo(plain.error(), within(1e-14));
    assertThat(weights.effectiveFraction()).isEqualTo(1);
    assertThat(weights.logMean().mean()).isZero();
  }

  @Test
  void resamplingDrawsInProportion() {
    double none = Double.NEGATIVE_INFINITY;
    ImportanceWeights weights = new ImportanceWeights(Math.log(1), none, Math.log(2), Math.log(5), none);
    int[] count = new int[5];
    for (int i : weights.resample(80, 0.5)) {
      count[i]++;
    }
    assertThat(count).containsExactly(10, 0, 20, 50, 0);
    assertThat(weights.resample(3, Math.nextDown(1.0))).containsExactly(2, 3, 3);
  }

  @Test
  void uselessWeightsAreRefused() {
    assertThatThrownBy(() -> new ImportanceWeights(0)).hasMessageContaining("at least 2");
    assertThatThrownBy(() -> new ImportanceWeights(0, Double.NaN)).hasMessageContaining("not finite");
    assertThatThrownBy(() -> new ImportanceWeights(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY))
        .hasMessageContaining("do not overlap");
  }
}
