package org.rgflow.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Measurement;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;
import org.rgflow.sampler.Cluster.Algorithm;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.GammaMethod;
import org.rgflow.statistics.TimeSeries;

class ClusterTest {
  @Nested
  class Wolff extends SamplerContract {
    @Override
    Sampler create(Phi4Action action, FieldLayout layout, float[] field, RandomStream stream, Device device) {
      return new Cluster(Algorithm.WOLFF, action, layout, field, stream, device);
    }
  }

  @Nested
  class SwendsenWang extends SamplerContract {
    @Override
    Sampler create(Phi4Action action, FieldLayout layout, float[] field, RandomStream stream, Device device) {
      return new Cluster(Algorithm.SWENDSEN_WANG, action, layout, field, stream, device);
    }
  }

  /**
   * At L = 20 near criticality clusters decorrelate |m| at least twice as fast per update as local
   * updates, and χ and ⟨φ²⟩ agree with the table for GERDES m² = −4, λ = 4.807: χ = 10.64(4), ⟨φ²⟩ =
   * 0.23716(6), both errors added in quadrature (4σ, two comparisons for each algorithm: false alarm 3e-4).
   */
  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void decorrelatesTheMagnetisationNearCriticality(Algorithm algorithm) {
    Phi4Action action = Phi4Action.gerdes(-4, 4.807);
    FieldLayout layout = new FieldLayout(Lattice.square(20), 32);
    RandomStream stream = new RandomStream(12);
    try (Device device = new JvmDevice(1);
        Sampler cluster = new Cluster(algorithm, action, layout, Start.HOT.field(action, layout, stream), stream, device);
        Sampler local = new Metropolis(action, layout, Start.HOT.field(action, layout, stream),
            new RandomStream(13), device)) {
      Estimate[] fast = measure(cluster, device, 400);
      Estimate[] slow = measure(local, device, 400);
      assertThat(2 * fast[0].tauInt()).isLessThan(slow[0].tauInt());
      assertThat(fast[1].mean()).isCloseTo(10.64, within(4 * Math.hypot(fast[1].error(), 0.04)));
      assertThat(fast[1].error()).isLessThan(0.3);
      assertThat(fast[2].mean()).isCloseTo(0.23716, within(4 * Math.hypot(fast[2].error(), 0.00006)));
      assertThat(fast[2].error()).isLessThan(0.0006);
    }
  }

  /** |m|, χ and φ² by the Γ-method. */
  private static Estimate[] measure(Sampler sampler, Device device, int updates) {
    int replicas = sampler.layout().replicas();
    double[][] series = new double[3][updates * replicas];
    try (Measurement measurement = new Measurement(sampler.layout(), sampler.field(), device)) {
      for (int i = 0; i < 200; i++) {
        sampler.update();
        if (i % 5 == 4) {
          sampler.tune();
        }
      }
      for (int i = 0; i < updates; i++) {
        sampler.update();
        measurement.measure();
        for (int replica = 0; replica < replicas; replica++) {
          double m = measurement.values().get("m")[replica];
          series[0][i * replicas + replica] = Math.abs(m);
          series[1][i * replicas + replica] = m * m * sampler.layout().lattice().sites();
          series[2][i * replicas + replica] = measurement.values().get("phi2")[replica];
        }
      }
    }
    Estimate[] estimates = new Estimate[series.length];
    for (int k = 0; k < series.length; k++) {
      estimates[k] = new GammaMethod().primary(TimeSeries.interleaved(series[k], replicas));
    }
    return estimates;
  }
}
