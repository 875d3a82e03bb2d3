package org.rgflow.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;

class ParallelTemperingTest {
  private static final List<Phi4Action> LADDER =
      List.of(Phi4Action.gerdes(-4, 6.975), Phi4Action.gerdes(-2.5, 6.975), Phi4Action.gerdes(-2.5, 10));

  /** Means over updates of φ² and of φ∂S/∂φ per site for a rung, their mean over replicas and its error. */
  private static double[][] statistics(double[][] sums, int updates) {
    double[][] result = new double[2][2];
    for (int k = 0; k < 2; k++) {
      double mean = 0;
      double square = 0;
      for (double[] replica : sums) {
        double value = replica[k] / updates;
        mean += value / sums.length;
        square += value * value / sums.length;
      }
      result[k] = new double[] {mean, Math.sqrt((square - mean * mean) / (sums.length - 1))};
    }
    return result;
  }

  private static void add(Sampler sampler, double[][] sums) {
    FieldLayout layout = sampler.layout();
    int lx = layout.lattice().lx();
    int ly = layout.lattice().ly();
    float[] field = new float[lx * ly];
    for (int replica = 0; replica < layout.replicas(); replica++) {
      layout.gather(sampler.field(), replica, field, 0);
      for (int y = 0; y < ly; y++) {
        for (int x = 0; x < lx; x++) {
          double f = field[y * lx + x];
          double forward = field[y * lx + (x + 1) % lx] + field[(y + 1) % ly * lx + x];
          Phi4Action action = sampler.action();
          sums[replica][0] += f * f / (lx * ly);
          sums[replica][1] += (-2 * action.hopping() * f * forward + 2 * action.quadratic() * f * f
              + 4 * action.quartic() * f * f * f * f) / (lx * ly);
        }
      }
    }
  }

  /**
   * The target's ⟨φ²⟩ is the exact one, and Schwinger–Dyson holds on every rung with its own couplings,
   * while more than a third of the exchanges take place. 4 comparisons at 4σ: false alarm 2.5e-4.
   */
  @ParameterizedTest
  @ValueSource(strings = {"metropolis", "hmc"})
  void everyRungKeepsItsOwnDistribution(String name) {
    FieldLayout layout = new FieldLayout(Lattice.square(3), 250);
    int updates = 200;
    try (Device device = new JvmDevice(1);
        ParallelTempering tempering =
            ParallelTempering.create(name, LADDER, layout, 21, device, SamplerOptions.DEFAULTS)) {
      for (int i = 0; i < 60; i++) {
        tempering.update();
        if (i % 5 == 4) {
          tempering.tune();
        }
      }
      tempering.resetAcceptance();
      double[][][] sums = new double[LADDER.size()][layout.replicas()][2];
      for (int i = 0; i < updates; i++) {
        tempering.update();
        for (int rung = 0; rung < tempering.rungs(); rung++) {
          add(tempering.rung(rung), sums[rung]);
        }
      }
      double[] phi2 = statistics(sums[0], updates)[0];
      assertThat(phi2[0]).isCloseTo(0.1761579088021, within(4 * phi2[1]));
      assertThat(phi2[1]).isLessThan(0.0015);
      for (int rung = 0; rung < tempering.rungs(); rung++) {
        double[] schwingerDyson = statistics(sums[rung], updates)[1];
        assertThat(schwingerDyson[0]).isCloseTo(1, within(4 * schwingerDyson[1]));
        assertThat(schwingerDyson[1]).isLessThan(0.008);
      }
      assertThat(tempering.exchangeAcceptance(0)).isBetween(0.33, 0.95);
      assertThat(tempering.exchangeAcceptance(1)).isBetween(0.33, 0.95);
    }
  }

  /**
   * Deep in the broken phase local updates alone keep the sign of the magnetisation they began with; the
   * symmetric end of the ladder lets the target change it. Of 64 replicas started at +, fewer than 16 would
   * be negative with probability 2e-5.
   */
  @Test
  void carriesTheTargetOverABarrier() {
    List<Phi4Action> actions = new ArrayList<>();
    for (double mass2 : new double[] {-4, -3.6, -3.2, -2.8, -2.4, -2, -1.6, -1.2, -0.6}) {
      actions.add(Phi4Action.canonical(mass2, 2));
    }
    FieldLayout layout = new FieldLayout(Lattice.square(4), 64);
    SamplerOptions cold = SamplerOptions.DEFAULTS.withStart(Start.COLD).withSteps(1);
    try (Device device = new JvmDevice(1);
        Sampler local = Samplers.create("metropolis", actions.getFirst(), layout, new RandomStream(5), device, cold);
        ParallelTempering tempering = ParallelTempering.create("metropolis", actions, layout, 5, device, cold)) {
      for (int i = 0; i < 2000; i++) {
        local.update();
        tempering.update();
      }
      assertThat(negative(local)).isZero();
      assertThat(negative(tempering)).isBetween(16, 48);
    }
  }

  private static int negative(Sampler sampler) {
    int count = 0;
    float[] field = new float[sampler.layout().lattice().sites()];
    for (int replica = 0; replica < sampler.layout().replicas(); replica++) {
      sampler.layout().gather(sampler.field(), replica, field, 0);
      double sum = 0;
      for (float f : field) {
        sum += f;
      }
      count += sum < 0 ? 1 : 0;
    }
    return count;
  }

  /** Bit for bit the same on two threads, and from the state of all rungs at an odd step. */
  @Test
  void repeatsOnTwoThreadsAndContinues() {
    FieldLayout layout = new FieldLayout(new Lattice(8, 12), 35);
    try (Device one = new JvmDevice(1);
        Device two = new JvmDevice(2);
        ParallelTempering first =
            ParallelTempering.create("metropolis", LADDER, layout, 3, one, SamplerOptions.DEFAULTS)) {
      for (int i = 0; i < 7; i++) {
        first.update();
      }
      first.tune();
      List<Sampler> copies = new ArrayList<>();
      for (int rung = 0; rung < first.rungs(); rung++) {
        Sampler source = first.rung(rung);
        RandomStream stream = new RandomStream(source.stream().seed(), source.stream().step());
        copies.add(Samplers.create("metropolis", source.action(), layout, source.field().clone(), stream, two,
            SamplerOptions.DEFAULTS));
      }
      try (ParallelTempering second = new ParallelTempering(copies, two)) {
        second.restoreTuning(first.tuning());
        for (int i = 0; i < 4; i++) {
          first.update();
          second.update();
        }
        for (int rung = 0; rung < first.rungs(); rung++) {
          assertThat(second.rung(rung).field()).containsExactly(first.rung(rung).field());
        }
      }
    }
  }

  @Test
  void refusesLaddersThatMakeNoSense() {
    FieldLayout layout = new FieldLayout(Lattice.square(4), 2);
    try (Device device = new JvmDevice(1)) {
      assertThatThrownBy(() -> ParallelTempering.create("metropolis", LADDER.subList(0, 1), layout, 1, device,
          SamplerOptions.DEFAULTS)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("two rungs");
      assertThatThrownBy(() -> ParallelTempering.create("metropolis",
          List.of(Phi4Action.gerdes(-4, 6), Phi4Action.canonical(-4, 6)), layout, 1, device, SamplerOptions.DEFAULTS))
          .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("canonical");
      List<Sampler> sameSeed = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        sameSeed.add(Samplers.create("wolff", LADDER.get(i), layout, new RandomStream(1), device, SamplerOptions.DEFAULTS));
      }
      assertThatThrownBy(() -> new ParallelTempering(sameSeed, device))
          .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("share a seed");
    }
  }
}
