package org.rgflow.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;

class SamplersTest {
  private static final Phi4Action ACTION = Phi4Action.gerdes(-4, 6);
  private static final FieldLayout LAYOUT = new FieldLayout(new Lattice(4, 6), 5);

  static List<String> names() {
    return Samplers.names();
  }

  @Test
  void knowsAllSamplers() {
    assertThat(Samplers.names()).containsExactlyInAnyOrder("hmc", "hmc-omelyan", "hmc-fourier", "hmc-omelyan-fourier",
        "metropolis", "wolff", "swendsen-wang", "langevin", "langevin-exponential", "mala");
  }

  @ParameterizedTest
  @MethodSource("names")
  void createsWhatItNames(String name) {
    try (Device device = new JvmDevice(1);
        Sampler sampler = Samplers.create(name, ACTION, LAYOUT, new RandomStream(1), device, SamplerOptions.DEFAULTS)) {
      assertThat(sampler.name()).isEqualTo(name);
      assertThat(sampler.action()).isEqualTo(ACTION);
      assertThat(sampler.layout()).isEqualTo(LAYOUT);
      float[] start = sampler.field().clone();
      sampler.update();
      assertThat(sampler.field()).isNotEqualTo(start);
      assertThat(sampler.stream().step()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void startsCold(String name) {
    try (Device device = new JvmDevice(1);
        Sampler sampler = Samplers.create(name, ACTION, LAYOUT, new RandomStream(1), device,
            SamplerOptions.DEFAULTS.withStart(Start.COLD))) {
      // φ² = −m²h/(4g) = 4·2/(4·6)
      assertThat(sampler.field()).containsOnly((float) Math.sqrt(1.0 / 3));
    }
  }

  @Test
  void hotStartsDifferFromReplicaToReplicaAndRepeat() {
    float[] field = Start.HOT.field(ACTION, LAYOUT, new RandomStream(1));
    assertThat(field).isEqualTo(Start.HOT.field(ACTION, LAYOUT, new RandomStream(1)))
        .isNotEqualTo(Start.HOT.field(ACTION, LAYOUT, new RandomStream(2))).doesNotHaveDuplicates();
  }

  @Test
  void suggestsTheNearestName() {
    try (Device device = new JvmDevice(1)) {
      assertThatThrownBy(() -> Samplers.create("swendsen-wnag", ACTION, LAYOUT, new RandomStream(1), device,
          SamplerOptions.DEFAULTS))
          .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("did you mean 'swendsen-wang'?");
    }
  }

  @Test
  void refusesImpossibleOptions() {
    assertThatThrownBy(() -> SamplerOptions.DEFAULTS.withStepSize(-0.1))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("-0.1");
    assertThatThrownBy(() -> SamplerOptions.DEFAULTS.withStepSize(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SamplerOptions.DEFAULTS.withSteps(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void stepSizeOfLocalUpdatesIsTheRangeOfTheirProposals() {
    try (Device device = new JvmDevice(1);
        Sampler sampler = Samplers.create("wolff", ACTION, LAYOUT, new RandomStream(1), device,
            SamplerOptions.DEFAULTS.withStepSize(0.25).withSteps(4))) {
      assertThat(sampler.tuning()).containsEntry("range", 0.25);
    }
  }

  @Test
  void refusesOptionsOfOtherSamplers() {
    try (Device device = new JvmDevice(1)) {
      assertThatThrownBy(() -> Samplers.create("wolff", ACTION, LAYOUT, new RandomStream(1), device,
          SamplerOptions.DEFAULTS.withTrajectoryLength(1)))
          .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("wolff has no trajectories");
      assertThatThrownBy(() -> Samplers.create("mala", ACTION, LAYOUT, new RandomStream(1), device,
          SamplerOptions.DEFAULTS.withAccelerationMass2(1)))
          .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("mala has no Fourier acceleration");
      assertThatThrownBy(() -> Samplers.create("metropolis", ACTION, LAYOUT, new RandomStream(1), device,
          SamplerOptions.DEFAULTS.withSteps(1000)))
          .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("overrelaxation");
    }
  }

  /** Of HMC's three numbers two fix the third, and a step size that was asked for is the one that is used. */
  @Test
  void hmcTakesTheStepSizeAtItsWord() {
    SamplerOptions step = SamplerOptions.DEFAULTS.withStepSize(0.3);
    try (Device device = new JvmDevice(1);
        Sampler alone = Samplers.create("hmc", ACTION, LAYOUT, new RandomStream(1), device, step);
        Sampler together = Samplers.create("hmc", ACTION, LAYOUT, new RandomStream(1), device, step.withSteps(7));
        Sampler huge = Samplers.create("hmc", ACTION, LAYOUT, new RandomStream(1), device, SamplerOptions.DEFAULTS.withStepSize(100))) {
      assertThat(alone.tuning().get("stepSize")).isCloseTo(0.3, within(1e-15));
      assertThat(alone.tuning().get("steps")).isEqualTo(3);
      assertThat(together.tuning().get("stepSize")).isCloseTo(0.3, within(1e-15));
      assertThat(together.tuning().get("steps")).isEqualTo(7);
      assertThat(huge.tuning()).containsEntry("stepSize", 100.0).containsEntry("steps", 1.0);
      assertThatThrownBy(() -> Samplers.create("hmc", ACTION, LAYOUT, new RandomStream(1), device,
          step.withSteps(7).withTrajectoryLength(1))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("two fix the third");
    }
  }
}
