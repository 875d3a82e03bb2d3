package org.rgflow.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.rgflow.lattice.ActionConvention;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;

class ObservablesTest {
  /** S[φ] as each convention defines it, written out. */
  private static double action(double[] f, Lattice lattice, ActionConvention convention, double first, double lambda) {
    double s = 0;
    for (int y = 0; y < lattice.ly(); y++) {
      for (int x = 0; x < lattice.lx(); x++) {
        double phi = f[y * lattice.lx() + x];
        double right = f[y * lattice.lx() + (x + 1) % lattice.lx()];
        double up = f[(y + 1) % lattice.ly() * lattice.lx() + x];
        double gradient = (right - phi) * (right - phi) + (up - phi) * (up - phi);
        double p2 = phi * phi;
        s += switch (convention) {
          case CANONICAL -> 0.5 * gradient + 0.5 * first * p2 + lambda / 4 * p2 * p2;
          case GERDES -> gradient + first * p2 + lambda * p2 * p2;
          case KAPPA_LAMBDA -> -2 * first * phi * (right + up) + (1 - 2 * lambda) * p2 + lambda * p2 * p2;
        };
      }
    }
    return s;
  }

  /** The measurement, naively. */
  private static void measure(Map<String, double[]> series, int at, double[] f, Lattice lattice) {
    double v = lattice.sites();
    double m = 0;
    double phi2 = 0;
    double phi4 = 0;
    double gradient2 = 0;
    double[] k = new double[4];
    for (int y = 0; y < lattice.ly(); y++) {
      for (int x = 0; x < lattice.lx(); x++) {
        double phi = f[y * lattice.lx() + x];
        double right = f[y * lattice.lx() + (x + 1) % lattice.lx()];
        double up = f[(y + 1) % lattice.ly() * lattice.lx() + x];
        m += phi / v;
        phi2 += phi * phi / v;
        phi4 += phi * phi * phi * phi / v;
        gradient2 += ((right - phi) * (right - phi) + (up - phi) * (up - phi)) / v;
        k[0] += phi * Math.cos(2 * Math.PI * x / lattice.lx());
        k[1] += phi * Math.sin(2 * Math.PI * x / lattice.lx());
        k[2] += phi * Math.cos(2 * Math.PI * y / lattice.ly());
        k[3] += phi * Math.sin(2 * Math.PI * y / lattice.ly());
      }
    }
    series.get("m")[at] = m;
    series.get("phi2")[at] = phi2;
    series.get("phi4")[at] = phi4;
    series.get("gradient2")[at] = gradient2;
    series.get("gkx")[at] = (k[0] * k[0] + k[1] * k[1]) / v;
    series.get("gky")[at] = (k[2] * k[2] + k[3] * k[3]) / v;
  }

  private static Map<String, double[]> empty(int values) {
    Map<String, double[]> series = new LinkedHashMap<>();
    for (String name : new String[] {"m", "phi2", "phi4", "gradient2", "gkx", "gky"}) {
      series.put(name, new double[values]);
    }
    return series;
  }

  @ParameterizedTest
  @EnumSource(ActionConvention.class)
  void actionAndSchwingerDysonInEveryConvention(ActionConvention convention) {
    double first = convention == ActionConvention.KAPPA_LAMBDA ? 0.23 : -1.3;
    double lambda = 0.7;
    SplittableRandom random = new SplittableRandom(3);
    for (Lattice lattice : new Lattice[] {new Lattice(3, 5), new Lattice(2, 2), new Lattice(6, 2)}) {
      double[] f = new double[lattice.sites()];
      java.util.Arrays.setAll(f, i -> random.nextGaussian());
      Map<String, double[]> series = empty(1);
      measure(series, 0, f, lattice);
      var estimates = Observables.evaluate(series, 1, lattice, new Phi4Action(convention, first, lambda));
      double s = action(f, lattice, convention, first, lambda);
      assertThat(estimates.get("actionDensity").mean()).isCloseTo(s / lattice.sites(), within(1e-12));
      // Σ φ ∂S/∂φ = dS(sφ)/ds at s = 1; the five-point formula is exact for a quartic polynomial
      double h = 0.5;
      double[] at = new double[5];
      for (int i = 0; i < 5; i++) {
        double scale = 1 + (i - 2) * h;
        at[i] = action(java.util.Arrays.stream(f).map(x -> scale * x).toArray(), lattice, convention, first, lambda);
      }
      double derivative = (at[0] - 8 * at[1] + 8 * at[3] - at[4]) / (12 * h);
      assertThat(estimates.get("schwingerDyson").mean()).isCloseTo(derivative / lattice.sites(), within(1e-11));
    }
  }

  /**
   * Exact samples of the free field: Schwinger-Dyson is 1, χ is the covariance at p = 0, ξ_2nd is 1/m at
   * any size, and U4 is 0. Every value may deviate by 4 error bars: false-alarm rate 4 × 6e-5 per case.
   */
  @ParameterizedTest
  @CsvSource({"4, 4, CANONICAL", "5, 3, GERDES", "3, 6, KAPPA_LAMBDA"})
  void freeField(int lx, int ly, ActionConvention convention) {
    Lattice lattice = new Lattice(lx, ly);
    Phi4Action action = Phi4Action.canonical(0.4, 0).in(convention);
    SplittableRandom random = new SplittableRandom(lx);
    int replicas = 4;
    int values = 1500 * replicas;
    Map<String, double[]> series = empty(values);
    for (int i = 0; i < values; i++) {
      measure(series, i, freeSample(lattice, 0.4, action.covarianceFactor(), random), lattice);
    }
    var estimates = Observables.evaluate(series, replicas, lattice, action);
    assertThat(estimates.keySet()).containsExactly("phi2", "phi4", "absMagnetization", "magnetization",
        "susceptibility", "binder", "correlationLength2nd", "schwingerDyson", "actionDensity");
    assertThat(estimates.get("schwingerDyson").error()).isLessThan(0.02);
    assertThat(estimates.get("schwingerDyson").sigmas(1)).isBetween(-4.0, 4.0);
    assertThat(estimates.get("susceptibility").sigmas(action.covarianceFactor() / 0.4)).isBetween(-4.0, 4.0);
    assertThat(estimates.get("correlationLength2nd").sigmas(1 / Math.sqrt(0.4))).isBetween(-4.0, 4.0);
    assertThat(estimates.get("binder").sigmas(0)).isBetween(-4.0, 4.0);
    assertThat(estimates.get("magnetization").sigmas(0)).isBetween(-4.0, 4.0);
    assertThat(estimates.get("phi2").tauInt()).isCloseTo(0.5, within(0.1));
    assertThat(estimates.get("phi4").mean())
        .isCloseTo(3 * Math.pow(estimates.get("phi2").mean(), 2), Percentage.withPercentage(5));
  }

  private static double[] freeSample(Lattice lattice, double mass2, double z, SplittableRandom random) {
    double[] f = new double[lattice.sites()];
    for (int ky = 0; ky < lattice.ly(); ky++) {
      for (int kx = 0; kx < lattice.lx(); kx++) {
        double p2 = 4 * Math.pow(Math.sin(Math.PI * kx / lattice.lx()), 2)
            + 4 * Math.pow(Math.sin(Math.PI * ky / lattice.ly()), 2);
        double amplitude = Math.sqrt(z / (p2 + mass2) / lattice.sites());
        double cos = amplitude * random.nextGaussian();
        double sin = amplitude * random.nextGaussian();
        for (int y = 0; y < lattice.ly(); y++) {
          for (int x = 0; x < lattice.lx(); x++) {
            double phase = 2 * Math.PI * (kx * x / (double) lattice.lx() + ky * y / (double) lattice.ly());
            f[y * lattice.lx() + x] += cos * Math.cos(phase) + sin * Math.sin(phase);
          }
        }
      }
    }
    return f;
  }

  @Test
  void correlationLengthMayBeUndefined() {
    Map<String, double[]> series = empty(4);
    java.util.Arrays.fill(series.get("m"), 0.1);
    java.util.Arrays.fill(series.get("gkx"), 2);
    java.util.Arrays.fill(series.get("gky"), 2);
    var estimates = Observables.evaluate(series, 1, Lattice.square(4), Phi4Action.canonical(1, 1));
    assertThat(estimates.get("correlationLength2nd").mean()).isNaN();
    assertThat(estimates.get("susceptibility").mean()).isCloseTo(0.16, within(1e-15));
  }

  /** A cutoff below the smallest momentum leaves of its mode what single precision does not tell from zero. */
  @Test
  void withoutTheSmallestMomentumThereIsNoCorrelationLength() {
    var length = Observables.correlationLength(Lattice.square(6));
    assertThat(length.applyAsDouble(new double[] {0.1, 3.6e-17})).isNaN();
    assertThat(length.applyAsDouble(new double[] {0.1, 0})).isNaN();
    assertThat(length.applyAsDouble(new double[] {0.1, 3.6e-8})).isCloseTo(1e4, within(1e-4));
  }

  @Test
  void missingSeriesAreNamed() {
    Map<String, double[]> series = empty(4);
    series.remove("gky");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Observables.evaluate(series, 1, Lattice.square(4), Phi4Action.canonical(1, 1)))
        .withMessageContaining("'gky'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Observables.evaluate(empty(0), 1, Lattice.square(4), Phi4Action.canonical(1, 1)))
        .withMessageContaining("empty");
    Map<String, double[]> ragged = empty(4);
    ragged.put("phi2", new double[5]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Observables.evaluate(ragged, 1, Lattice.square(4), Phi4Action.canonical(1, 1)));
  }
}
