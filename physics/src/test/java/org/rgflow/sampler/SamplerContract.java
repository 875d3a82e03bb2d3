package org.rgflow.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.lattice.ActionConvention;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;

/**
 * What every {@link Sampler} must do. Seeds are fixed. Statistical statements compare with exact values
 * at 4 standard errors, which come from the spread of independent replicas: a correct sampler would
 * fail one such comparison for 6 in 100 000 seeds, the roughly 30 comparisons here together for 2 in
 * 1000.
 *
 * <p>The expected values are those of e^(−S) on 3×3 and 2×2 sites by quadrature (transfer matrix), in
 * the GERDES convention with m² = −4.
 */
abstract class SamplerContract {
  /** Lattice side, λ, ⟨φ²⟩, ⟨φ⁴⟩, χ, U4. */
  private record Golden(int side, double lambda, double phi2, double phi4, double susceptibility, double binder) {}

  private static final Golden THREE =
      new Golden(3, 6.975, 0.1761579088021, 0.0603500320932, 0.7828724116703, 0.3497759421538);
  private static final Golden TWO =
      new Golden(2, 8, 0.17143442324, 0.0561695838959, 0.450481641481, Double.NaN);

  /** The sampler under test, which starts from a field. */
  abstract Sampler create(Phi4Action action, FieldLayout layout, float[] field, RandomStream stream, Device device);

  private Sampler create(Phi4Action action, FieldLayout layout, RandomStream stream, Device device) {
    return create(action, layout, Start.HOT.field(action, layout, stream), stream, device);
  }

  /** Largest relative error of an expectation value by the finite step size; 0 for exact samplers. */
  double relativeBias() {
    return 0;
  }

  /** Measured updates on the small lattices. */
  int measurements() {
    return 300;
  }

  /** Sums over the updates of a run, one row per replica: φ², φ⁴, χ, V⟨m⁴⟩, φ∂S/∂φ, each per site. */
  private static double[][] measure(Sampler sampler, int thermalisation, int updates) {
    FieldLayout layout = sampler.layout();
    int sites = layout.lattice().sites();
    for (int i = 1; i <= thermalisation; i++) {
      sampler.update();
      if (i % 5 == 0) {
        sampler.tune();
      }
    }
    double[][] means = new double[layout.replicas()][5];
    float[] field = new float[sites];
    for (int i = 0; i < updates; i++) {
      sampler.update();
      for (int replica = 0; replica < layout.replicas(); replica++) {
        layout.gather(sampler.field(), replica, field, 0);
        double[] values = observables(field, layout.lattice(), sampler.action());
        for (int k = 0; k < values.length; k++) {
          means[replica][k] += values[k] / updates;
        }
      }
    }
    return means;
  }

  private static double[] observables(float[] field, Lattice lattice, Phi4Action action) {
    int lx = lattice.lx();
    int ly = lattice.ly();
    double phi = 0;
    double phi2 = 0;
    double phi4 = 0;
    double links = 0;
    for (int y = 0; y < ly; y++) {
      for (int x = 0; x < lx; x++) {
        double f = field[y * lx + x];
        phi += f;
        phi2 += f * f;
        phi4 += f * f * f * f;
        links += f * (field[y * lx + (x + 1) % lx] + field[(y + 1) % ly * lx + x]);
      }
    }
    double v = lattice.sites();
    double m2 = phi * phi / (v * v);
    double schwingerDyson =
        (-2 * action.hopping() * links + 2 * action.quadratic() * phi2 + 4 * action.quartic() * phi4) / v;
    return new double[] {phi2 / v, phi4 / v, v * m2, v * m2 * m2, schwingerDyson};
  }

  private static double mean(double[][] rows, int column) {
    double sum = 0;
    for (double[] row : rows) {
      sum += row[column];
    }
    return sum / rows.length;
  }

  private static double error(double[][] rows, int column) {
    double mean = mean(rows, column);
    double sum = 0;
    for (double[] row : rows) {
      sum += (row[column] - mean) * (row[column] - mean);
    }
    return Math.sqrt(sum / (rows.length - 1.0) / rows.length);
  }

  /** U4 = 1 − ⟨m⁴⟩/(3⟨m²⟩²) and its jackknife error over replicas. */
  private static double[] binder(double[][] rows, int sites) {
    int n = rows.length;
    double m2 = mean(rows, 2) / sites;
    double m4 = mean(rows, 3) / sites;
    double sum = 0;
    double squares = 0;
    for (double[] row : rows) {
      double m2Without = (n * m2 - row[2] / sites) / (n - 1);
      double m4Without = (n * m4 - row[3] / sites) / (n - 1);
      double value = 1 - m4Without / (3 * m2Without * m2Without);
      sum += value;
      squares += value * value;
    }
    double variance = (squares - sum * sum / n) * (n - 1) / n;
    return new double[] {1 - m4 / (3 * m2 * m2), Math.sqrt(variance)};
  }

  private void agrees(String what, double measured, double error, double expected) {
    assertThat(Math.abs(measured - expected))
        .as("%s = %s ± %s, expected %s", what, measured, error, expected)
        .isLessThan(4 * error + relativeBias() * Math.abs(expected));
    assertThat(error).as("error of %s", what).isPositive().isLessThan(0.05 * Math.abs(expected));
  }

  private void agrees(Golden golden, ActionConvention convention) {
    Phi4Action gerdes = Phi4Action.gerdes(-4, golden.lambda);
    Phi4Action action = gerdes.in(convention);
    double f2 = Math.pow(action.fieldFactor(ActionConvention.GERDES), 2);
    FieldLayout layout = new FieldLayout(Lattice.square(golden.side), 256);
    try (Device device = new JvmDevice(1);
        Sampler sampler = create(action, layout, new RandomStream(11 + convention.ordinal()), device)) {
      double[][] means = measure(sampler, 60, measurements());
      agrees("phi2", f2 * mean(means, 0), f2 * error(means, 0), golden.phi2);
      agrees("phi4", f2 * f2 * mean(means, 1), f2 * f2 * error(means, 1), golden.phi4);
      agrees("chi", f2 * mean(means, 2), f2 * error(means, 2), golden.susceptibility);
      agrees("Schwinger-Dyson", mean(means, 4), error(means, 4), 1);
      if (!Double.isNaN(golden.binder)) {
        double[] binder = binder(means, golden.side * golden.side);
        agrees("U4", binder[0], binder[1], golden.binder);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ActionConvention.class)
  void reproducesExactValuesOnThreeByThree(ActionConvention convention) {
    agrees(THREE, convention);
  }

  @ParameterizedTest
  @EnumSource(names = "GERDES")
  void reproducesExactValuesOnTwoByTwoWithDoubleLinks(ActionConvention convention) {
    agrees(TWO, convention);
  }

  /** Rectangular, odd and double-linked lattices; few lanes, full lanes, padding lanes. */
  @ParameterizedTest
  @CsvSource({"5, 2, 17", "2, 7, 40", "3, 4, 5", "8, 5, 20", "4, 6, 33", "7, 7, 3"})
  void satisfiesSchwingerDysonOnAnyLattice(int lx, int ly, int replicas) {
    FieldLayout layout = new FieldLayout(new Lattice(lx, ly), replicas);
    int bins = Math.ceilDiv(60, replicas);
    try (Device device = new JvmDevice(1);
        Sampler sampler = create(Phi4Action.canonical(-1, 3), layout, new RandomStream(replicas), device)) {
      double[][] rows = new double[bins * replicas][];
      for (int bin = 0; bin < bins; bin++) {
        double[][] means = measure(sampler, bin == 0 ? 100 : 0, 120);
        System.arraycopy(means, 0, rows, bin * replicas, replicas);
      }
      agrees("Schwinger-Dyson", mean(rows, 4), error(rows, 4), 1);
    }
  }

  /**
   * The free field has variance z/(p̂²+m²) in every mode. The squared deviations in units of their
   * standard errors add up to χ² with one degree of freedom per mode; the limit is its 1 − 10⁻⁴
   * quantile (Wilson and Hilferty), so the false-alarm rate is 10⁻⁴.
   */
  @ParameterizedTest
  @EnumSource(ActionConvention.class)
  void freeFieldHasTheFreePropagator(ActionConvention convention) {
    Phi4Action action = Phi4Action.gerdes(0.5, 0).in(convention);
    Lattice lattice = new Lattice(4, 5);
    int sites = lattice.sites();
    FieldLayout layout = new FieldLayout(lattice, 128);
    double[][] basisX = fourier(lattice.lx());
    double[][] basisY = fourier(lattice.ly());
    int updates = 150;
    try (Device device = new JvmDevice(1);
        Sampler sampler = create(action, layout, new RandomStream(5), device)) {
      measure(sampler, 60, 60);
      double[][] variances = new double[layout.replicas()][sites];
      float[] field = new float[sites];
      for (int i = 0; i < updates; i++) {
        sampler.update();
        for (int replica = 0; replica < layout.replicas(); replica++) {
          layout.gather(sampler.field(), replica, field, 0);
          for (int mode = 0; mode < sites; mode++) {
            double amplitude = 0;
            for (int site = 0; site < sites; site++) {
              amplitude += basisX[mode % lattice.lx()][site % lattice.lx()]
                  * basisY[mode / lattice.lx()][site / lattice.lx()] * field[site];
            }
            variances[replica][mode] += amplitude * amplitude / updates;
          }
        }
      }
      double chi2 = 0;
      for (int mode = 0; mode < sites; mode++) {
        double sx = Math.sin(Math.PI * ((mode % lattice.lx() + 1) / 2) / lattice.lx());
        double sy = Math.sin(Math.PI * ((mode / lattice.lx() + 1) / 2) / lattice.ly());
        double expected = action.covarianceFactor() / (4 * (sx * sx + sy * sy) + action.mass2());
        double excess = Math.max(0, Math.abs(mean(variances, mode) - expected) - relativeBias() * expected);
        chi2 += Math.pow(excess / error(variances, mode), 2);
      }
      double w = 2.0 / (9 * sites);
      assertThat(chi2).isLessThan(sites * Math.pow(1 - w + 3.719 * Math.sqrt(w), 3));
    }
  }

  private static double[][] fourier(int n) {
    double[][] basis = new double[n][n];
    for (int j = 0; j < n; j++) {
      double angle = 2 * Math.PI * ((j + 1) / 2) / n;
      double norm = Math.sqrt((j == 0 || n % 2 == 0 && j == n - 1 ? 1.0 : 2.0) / n);
      for (int x = 0; x < n; x++) {
        basis[j][x] = norm * (j % 2 == 1 || j == 0 ? Math.cos(angle * x) : Math.sin(angle * x));
      }
    }
    return basis;
  }

  @ParameterizedTest
  @CsvSource({"6, 5, 20", "4, 4, 3"})
  void continuesBitForBitFromFieldStreamAndTuning(int lx, int ly, int replicas) {
    Phi4Action action = Phi4Action.gerdes(-4, 6);
    FieldLayout layout = new FieldLayout(new Lattice(lx, ly), replicas);
    try (Device device = new JvmDevice(1);
        Sampler first = create(action, layout, new RandomStream(3), device)) {
      for (int i = 0; i < 12; i++) {
        first.update();
        if (i % 4 == 3) {
          first.tune();
        }
      }
      float[] saved = first.field().clone();
      long step = first.stream().step();
      Map<String, Double> tuning = first.tuning();
      for (int i = 0; i < 5; i++) {
        first.update();
      }
      try (Sampler second = create(action, layout, saved.clone(), new RandomStream(3, step), device)) {
        second.restoreTuning(tuning);
        assertThat(second.tuning()).isEqualTo(tuning);
        for (int i = 0; i < 5; i++) {
          second.update();
        }
        assertThat(second.field()).containsExactly(first.field());
        assertThat(second.field()).isNotEqualTo(saved);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"16, 16, 40", "48, 33, 2"})
  void drawsTheSameFieldsOnTwoThreads(int lx, int ly, int replicas) {
    Phi4Action action = Phi4Action.gerdes(-4, 5);
    FieldLayout layout = new FieldLayout(new Lattice(lx, ly), replicas);
    try (Device one = new JvmDevice(1);
        Device two = new JvmDevice(2);
        Sampler alone = create(action, layout, new RandomStream(8), one);
        Sampler shared = create(action, layout, new RandomStream(8), two)) {
      for (int i = 0; i < 10; i++) {
        alone.update();
        shared.update();
        if (i == 4) {
          alone.tune();
          shared.tune();
        }
      }
      assertThat(shared.field()).containsExactly(alone.field());
      assertThat(shared.tuning()).isEqualTo(alone.tuning());
    }
  }

  @Test
  void countsAcceptanceFromTheLastReset() {
    FieldLayout layout = new FieldLayout(Lattice.square(4), 20);
    try (Device device = new JvmDevice(1);
        Sampler sampler = create(Phi4Action.gerdes(-4, 6), layout, new RandomStream(2), device)) {
      assertThat(sampler.acceptance()).isNaN();
      for (int i = 0; i < 20; i++) {
        sampler.update();
      }
      double acceptance = sampler.acceptance();
      if (!Double.isNaN(acceptance)) {
        assertThat(acceptance).isBetween(0.01, 1.0);
      }
      sampler.resetAcceptance();
      assertThat(sampler.acceptance()).isNaN();
    }
  }

  @Test
  void refusesAFieldOfAnotherSize() {
    FieldLayout layout = new FieldLayout(Lattice.square(4), 2);
    try (Device device = new JvmDevice(1)) {
      assertThatThrownBy(() -> create(Phi4Action.gerdes(-4, 6), layout, new float[33], new RandomStream(1), device))
          .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("33").hasMessageContaining("32");
    }
  }

  @Test
  void refusesTuningThatIsIncompleteOrImpossible() {
    FieldLayout layout = new FieldLayout(Lattice.square(4), 1);
    try (Device device = new JvmDevice(1);
        Sampler sampler = create(Phi4Action.gerdes(-4, 6), layout, new RandomStream(2), device)) {
      for (String name : sampler.tuning().keySet()) {
        Map<String, Double> incomplete = new HashMap<>(sampler.tuning());
        incomplete.remove(name);
        assertThatThrownBy(() -> sampler.restoreTuning(incomplete))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(name);
        Map<String, Double> impossible = new HashMap<>(sampler.tuning());
        impossible.put(name, -1.0);
        assertThatThrownBy(() -> sampler.restoreTuning(impossible))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(name);
      }
    }
  }
}
