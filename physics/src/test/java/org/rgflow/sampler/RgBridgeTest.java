package org.rgflow.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.device.JvmDevice;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Measurement;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.Observables;

class RgBridgeTest {
  /** Exact numbers by transfer matrices; 4σ for each of four (false alarm 3e-4 a lattice), errors below 1 %. */
  @ParameterizedTest
  @CsvSource({
      "3, 6.975, 1.969824275121, 0.1761579088021, 0.7828724116703, 0.3497759421538",
      "2, 8, 0.914433978425, 0.17143442324, 0.450481641481, NaN"})
  void exactNumbersOfTinyLattices(int side, double lambda, double logZ, double phi2, double chi, double binder) {
    Phi4Action action = Phi4Action.gerdes(-4, lambda);
    Lattice lattice = Lattice.square(side);
    try (JvmDevice device = new JvmDevice(2)) {
      RgBridge bridge = new RgBridge(device, action, lattice, 1);
      List<RgBridge.Level> levels = bridge.adapt(256, 0.99, new RandomStream(5), RunMonitor.SILENT);
      RgBridge.Result result = bridge.run(20_000, levels, new RandomStream(6), RunMonitor.SILENT);
      Map<String, Estimate> observables = observables(action, result, device);
      assertThat(result.weights().effectiveFraction()).isGreaterThan(0.5);
      Estimate z = result.weights().logMean();
      assertThat(z.sigmas(logZ)).isBetween(-4.0, 4.0);
      assertThat(z.error()).isLessThan(0.01);
      assertThat(observables.get("phi2").sigmas(phi2)).isBetween(-4.0, 4.0);
      assertThat(observables.get("phi2").error()).isLessThan(0.01 * phi2);
      assertThat(observables.get("susceptibility").sigmas(chi)).isBetween(-4.0, 4.0);
      if (!Double.isNaN(binder)) {
        assertThat(observables.get("binder").sigmas(binder)).isBetween(-4.0, 4.0);
      }
      assertThat(observables.get("schwingerDyson").sigmas(1)).isBetween(-4.0, 4.0);
    }
  }

  /** Z of e^(−S) at λ = 0 is Π (π/(p̂²+m²))^½ in this convention; nothing is left to weigh. */
  @Test
  void freeTheoryHasEqualWeights() {
    Phi4Action action = Phi4Action.gerdes(0.7, 0);
    Lattice lattice = new Lattice(4, 3);
    try (JvmDevice device = new JvmDevice(1)) {
      RgBridge bridge = new RgBridge(device, action, lattice, 1);
      List<RgBridge.Level> levels = bridge.adapt(16, 0.9, new RandomStream(1), RunMonitor.SILENT);
      assertThat(levels).hasSize(1);
      RgBridge.Result result = bridge.run(100, levels, new RandomStream(2), RunMonitor.SILENT);
      double expected = 0;
      for (int x = 0; x < 4; x++) {
        for (int y = 0; y < 3; y++) {
          double p2 = 4 * Math.pow(Math.sin(Math.PI * x / 4), 2) + 4 * Math.pow(Math.sin(Math.PI * y / 3), 2);
          expected += 0.5 * Math.log(Math.PI / (p2 + 0.7));
        }
      }
      assertThat(result.weights().logMean().mean()).isCloseTo(expected, within(1e-12));
      assertThat(result.weights().effectiveFraction()).isEqualTo(1);
    }
  }

  /**
   * The broken phase: both signs of the magnetisation, which a chain would have to tunnel between. The share of positive
   * ones is ½ by symmetry; 4σ of the effective number of fields (false alarm 6e-5).
   */
  @Test
  void brokenPhaseHasBothSigns() {
    Phi4Action action = Phi4Action.gerdes(-4, 2.5);
    Lattice lattice = Lattice.square(6);
    try (JvmDevice device = new JvmDevice(2)) {
      RgBridge bridge = new RgBridge(device, action, lattice, 1);
      List<RgBridge.Level> levels = bridge.adapt(256, 0.95, new RandomStream(5), RunMonitor.SILENT);
      RgBridge.Result result = bridge.run(2_000, levels, new RandomStream(6), RunMonitor.SILENT);
      double[] m = magnetisation(result, device);
      double positive = 0;
      double large = 0;
      double total = 0;
      for (int r = 0; r < m.length; r++) {
        double w = Math.exp(result.weights().logWeight(r) - result.weights().logMean().mean());
        total += w;
        positive += m[r] > 0 ? w : 0;
        large += Math.abs(m[r]) > 0.3 ? w : 0;
      }
      double effective = m.length * result.weights().effectiveFraction();
      assertThat(positive / total).isCloseTo(0.5, within(4 * 0.5 / Math.sqrt(effective)));
      assertThat(large / total).isGreaterThan(0.95);
    }
  }

  @Test
  void resultsDoNotDependOnThreads() {
    Phi4Action action = Phi4Action.gerdes(-4, 6.975);
    List<RgBridge.Level> levels =
        List.of(new RgBridge.Level(1, 0.2), new RgBridge.Level(0.1, 0.2), new RgBridge.Level(0, 0.15));
    float[][] fields = new float[2][];
    double[] logZ = new double[2];
    for (int threads = 1; threads <= 2; threads++) {
      try (JvmDevice device = new JvmDevice(threads)) {
        RgBridge.Result result = new RgBridge(device, action, new Lattice(5, 4), 2)
            .run(37, levels, new RandomStream(3), RunMonitor.SILENT);
        fields[threads - 1] = result.resampled(new RandomStream(4));
        logZ[threads - 1] = result.weights().logMean().mean();
      }
    }
    assertThat(fields[1]).isEqualTo(fields[0]);
    assertThat(logZ[1]).isEqualTo(logZ[0]);
  }

  @Test
  void badRequestsAreRefused() {
    try (JvmDevice device = new JvmDevice(1)) {
      Phi4Action action = Phi4Action.gerdes(-4, 6.975);
      Lattice lattice = Lattice.square(4);
      RgBridge bridge = new RgBridge(device, action, lattice, 1);
      assertThatThrownBy(() -> new RgBridge(device, action, lattice, 0)).hasMessageContaining("at least one trajectory");
      assertThatThrownBy(() -> bridge.adapt(64, 1, new RandomStream(1), RunMonitor.SILENT))
          .hasMessageContaining("between 0 and 1");
      assertThatThrownBy(() -> bridge.adapt(8, 0.9, new RandomStream(1), RunMonitor.SILENT)).hasMessageContaining("16");
      RgBridge.Level above = new RgBridge.Level(1, 0.1);
      RgBridge.Level theory = new RgBridge.Level(0, 0.1);
      assertThatThrownBy(() -> bridge.run(16, List.of(above), new RandomStream(1), RunMonitor.SILENT))
          .hasMessageContaining("proper time 0");
      assertThatThrownBy(() -> bridge.run(16, List.of(theory, theory), new RandomStream(1), RunMonitor.SILENT))
          .hasMessageContaining("must fall");
      assertThatThrownBy(() -> bridge.run(1, List.of(theory), new RandomStream(1), RunMonitor.SILENT))
          .hasMessageContaining("at least 2 replicas");
      assertThatThrownBy(() -> new RgBridge.Level(-1, 0.1)).hasMessageContaining("proper time");
      assertThatThrownBy(() -> new RgBridge.Level(1, Double.NaN)).hasMessageContaining("NaN");
      assertThatThrownBy(() -> new RgBridge.Level(1, 0.5)).hasMessageContaining("π/8");
      assertThatThrownBy(() -> bridge.adapt(64, 0.9, new RandomStream(1), (stage, done, total) -> false))
          .isInstanceOf(CancellationException.class);
    }
  }

  private static double[] magnetisation(RgBridge.Result result, JvmDevice device) {
    try (Measurement measurement = new Measurement(result.layout(), result.fields(), device)) {
      measurement.measure();
      return measurement.values().get("m").clone();
    }
  }

  private static Map<String, Estimate> observables(Phi4Action action, RgBridge.Result result, JvmDevice device) {
    try (Measurement measurement = new Measurement(result.layout(), result.fields(), device)) {
      measurement.measure();
      return Observables.evaluate(measurement.values(), 1, result.layout().lattice(), action, result.weights());
    }
  }
}
