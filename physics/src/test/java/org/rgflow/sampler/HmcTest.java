package org.rgflow.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rgflow.device.JvmDevice;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;

/** What is particular to HMC; that it samples e^(−S) is the business of the sampler contract. */
class HmcTest {
  private static final Phi4Action ACTION = Phi4Action.gerdes(-4, 6.008);

  private static Hmc hmc(int side, int replicas, HmcOptions options, JvmDevice device) {
    FieldLayout layout = new FieldLayout(Lattice.square(side), replicas);
    return new Hmc(ACTION, layout, new float[layout.size()], new RandomStream(11), device, options);
  }

  private static HmcOptions plain(Integrator integrator) {
    return HmcOptions.standard(integrator, ACTION.hopping()).withJitter(0);
  }

  /** ΔH of second-order integrators falls as ε²: halving the step divides its r.m.s. by four. */
  @ParameterizedTest
  @EnumSource(Integrator.class)
  void energyErrorIsOfSecondOrder(Integrator integrator) {
    double[] rms = new double[2];
    try (JvmDevice device = new JvmDevice(1)) {
      for (int i = 0; i < 2; i++) {
        try (Hmc hmc = hmc(8, 256, plain(integrator).withSteps(8 << i), device)) {
          // The same thermalised fields and momenta for both step sizes.
          hmc.restoreTuning(Map.of("stepSize", 1.0 / 16, "steps", 16.0));
          for (int update = 0; update < 50; update++) {
            hmc.update();
          }
          hmc.restoreTuning(Map.of("stepSize", 1.0 / (8 << i), "steps", (double) (8 << i)));
          hmc.update();
          double sum = 0;
          for (int r = 0; r < 256; r++) {
            sum += Math.pow(hmc.lastEnergyChange(r), 2);
          }
          rms[i] = Math.sqrt(sum / 256);
        }
      }
    }
    // Next order in ε² and the scatter of 256 trajectories common to both.
    assertThat(rms[0] / rms[1]).isBetween(3.6, 4.6);
  }

  /** Creutz' identity ⟨e^(−ΔH)⟩ = 1; 4 standard deviations of 200·256 trajectories (false alarm 6e-5). */
  @ParameterizedTest
  @EnumSource(Integrator.class)
  void boltzmannWeightsAverageToOne(Integrator integrator) {
    try (JvmDevice device = new JvmDevice(2); Hmc hmc = hmc(6, 256, plain(integrator).withSteps(8), device)) {
      for (int update = 0; update < 50; update++) {
        hmc.update();
      }
      double sum = 0;
      double square = 0;
      int count = 0;
      for (int update = 0; update < 200; update++) {
        hmc.update();
        for (int r = 0; r < 256; r++) {
          double weight = Math.exp(-hmc.lastEnergyChange(r));
          sum += weight;
          square += weight * weight;
          count++;
        }
      }
      double mean = sum / count;
      double error = Math.sqrt((square / count - mean * mean) / count);
      assertThat(error).isLessThan(0.01);
      assertThat(mean).isCloseTo(1, within(4 * error));
    }
  }

  @Test
  void tuningReachesTheTargetAcceptance() {
    try (JvmDevice device = new JvmDevice(2)) {
      for (int steps : new int[] {1, 100}) {
        try (Hmc hmc = hmc(16, 64, HmcOptions.standard(Integrator.LEAPFROG, 2).withSteps(steps), device)) {
          for (int round = 0; round < 60; round++) {
            hmc.update();
            hmc.update();
            hmc.tune();
          }
          hmc.resetAcceptance();
          for (int update = 0; update < 100; update++) {
            hmc.update();
          }
          assertThat(hmc.acceptance()).isBetween(0.7, 0.9);
        }
      }
    }
  }

  /** On a free field the acceleration with the field's own mass makes every mode move alike: fewer steps for the same acceptance. */
  @Test
  void fourierAccelerationPaysOnANearlyFreeField() {
    Phi4Action free = Phi4Action.gerdes(0.01, 0);
    FieldLayout layout = new FieldLayout(Lattice.square(16), 32);
    double[] acceptance = new double[2];
    try (JvmDevice device = new JvmDevice(2)) {
      HmcOptions options = new HmcOptions(Integrator.LEAPFROG, 1.5, 3, 0.15, 0.8, OptionalDouble.empty());
      for (int i = 0; i < 2; i++) {
        HmcOptions used = i == 0 ? options : options.withAcceleration(0.01);
        try (Hmc hmc = new Hmc(free, layout, new float[layout.size()], new RandomStream(3), device, used)) {
          // From a cold start a large step rejects everything, so thermalise with a small one.
          hmc.restoreTuning(Map.of("stepSize", 0.05, "steps", 30.0));
          for (int update = 0; update < 60; update++) {
            hmc.update();
          }
          hmc.restoreTuning(Map.of("stepSize", 0.5, "steps", 3.0));
          hmc.resetAcceptance();
          for (int update = 0; update < 40; update++) {
            hmc.update();
          }
          acceptance[i] = hmc.acceptance();
        }
      }
    }
    assertThat(acceptance[1]).isGreaterThan(acceptance[0] + 0.3);
  }

  @Test
  void anUnstableStepIsRejectedAndCounted() {
    try (JvmDevice device = new JvmDevice(1);
        Hmc hmc = hmc(8, 16, plain(Integrator.LEAPFROG).withTrajectoryLength(500).withSteps(100), device)) {
      hmc.update();
      assertThat(hmc.unstableTrajectories()).isEqualTo(16);
      assertThat(hmc.acceptance()).isZero();
      for (float f : hmc.field()) {
        assertThat(f).isZero();
      }
    }
  }

  @Test
  void refusesImpossibleOptions() {
    HmcOptions options = plain(Integrator.LEAPFROG);
    assertThatThrownBy(() -> options.withSteps(0)).hasMessageContaining("steps per trajectory");
    assertThatThrownBy(() -> options.withTrajectoryLength(Double.NaN)).hasMessageContaining("trajectory length");
    assertThatThrownBy(() -> options.withJitter(1)).hasMessageContaining("jitter");
    assertThatThrownBy(() -> options.withAcceleration(0)).hasMessageContaining("Fourier acceleration");
  }
}
