package org.rgflow.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.rgflow.device.JvmDevice;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.Observables;

class SamplingRunTest {
  private static final JvmDevice DEVICE = new JvmDevice(2);
  private static final Phi4Action ACTION = Phi4Action.gerdes(-4, 6.975);

  @AfterAll
  static void closeDevice() {
    DEVICE.close();
  }

  private static Sampler sampler(String name, Lattice lattice, int replicas, long seed, SamplerOptions options) {
    return Samplers.create(name, ACTION, new FieldLayout(lattice, replicas), new RandomStream(seed), DEVICE, options);
  }

  private static Sampler sampler(long seed) {
    return sampler("hmc", Lattice.square(6), 20, seed, SamplerOptions.DEFAULTS);
  }

  private static SamplingRun.Settings settings(long measurements) {
    return new SamplingRun.Settings(measurements, 2, 3, OptionalLong.empty(), SamplingRun.StepSize.TUNED);
  }

  private static SamplingRun run(Sampler sampler, SamplingRun.Settings settings, RunMonitor monitor) {
    return new SamplingRun(sampler, DEVICE, settings, monitor, SamplingRun.Saver.NONE);
  }

  /** 3×3 golden numbers, exact, within four standard errors (false alarm 6e-5 each). */
  @Test
  void measuresTheExactValues() throws IOException {
    try (Sampler sampler = sampler("hmc", Lattice.square(3), 256, 5, SamplerOptions.DEFAULTS)) {
      Ensemble ensemble = run(sampler, SamplingRun.Settings.of(400), RunMonitor.SILENT).run();
      Map<String, Estimate> observables = Observables.evaluate(ensemble);
      check(observables.get("phi2"), 0.1761579088021, 0.001);
      check(observables.get("phi4"), 0.0603500320932, 0.001);
      check(observables.get("susceptibility"), 0.7828724116703, 0.01);
      check(observables.get("binder"), 0.3497759421538, 0.01);
      check(observables.get("schwingerDyson"), 1, 0.01);
    }
  }

  private static void check(Estimate estimate, double expected, double sharpness) {
    assertThat(estimate.error()).isLessThan(sharpness);
    assertThat(estimate.mean()).isCloseTo(expected, within(4 * estimate.error()));
  }

  @Test
  void aStoppedRunContinuesBitForBit() throws IOException {
    Ensemble whole;
    try (Sampler sampler = sampler(7)) {
      whole = run(sampler, settings(30), RunMonitor.SILENT).run();
    }
    Ensemble part;
    try (Sampler sampler = sampler(7)) {
      SamplingRun stopped =
          run(sampler, settings(30), (stage, done, total) -> !(stage.equals("measuring") && done == 11));
      part = stopped.run();
      assertThat(stopped.stopped()).isTrue();
      assertThat(part.measurements()).isEqualTo(11);
      assertThat(part.snapshots()).isEqualTo(3);
    }
    try (Sampler sampler = sampler(7)) {
      part = run(sampler, settings(30), RunMonitor.SILENT).resume(part);
    }
    assertThat(part.snapshots()).isEqualTo(whole.snapshots()).isEqualTo(10);
    for (int t = 0; t < whole.snapshots(); t++) {
      assertThat(part.snapshot(t)).isEqualTo(whole.snapshot(t));
    }
    for (String name : whole.seriesNames()) {
      assertThat(part.series(name)).isEqualTo(whole.series(name));
    }
    assertThat(part.state()).isEqualTo(whole.state());
    assertThat(part.step()).isEqualTo(whole.step());
    assertThat(part.acceptance()).isEqualTo(whole.acceptance());
    assertThat(part.tuning()).isEqualTo(whole.tuning());
  }

  @Test
  void reportsEveryStage() throws IOException {
    List<String> stages = new ArrayList<>();
    try (Sampler sampler = sampler(1)) {
      SamplingRun run = run(sampler, settings(4), (stage, done, total) -> stages.add(stage));
      run.run();
      assertThat(run.settled()).isTrue();
      assertThat(run.correlators()).hasSize(4 * 20 * 4);
    }
    assertThat(stages.stream().distinct().toList()).containsExactly("tuning", "thermalising", "measuring");
  }

  /** Steps of 10⁻⁵ lead nowhere: the second half of any series has another mean in its two halves, or is one correlation. */
  @Test
  void aChainThatHardlyMovesIsGivenUp() throws IOException {
    SamplerOptions options = SamplerOptions.DEFAULTS.withStart(Start.COLD).withSteps(1).withStepSize(1e-5);
    try (Sampler sampler = sampler("hmc", Lattice.square(4), 4, 3, options)) {
      SamplingRun run = run(sampler,
          new SamplingRun.Settings(20, 1, 0, OptionalLong.empty(), SamplingRun.StepSize.FIXED), RunMonitor.SILENT);
      Ensemble ensemble = run.run();
      assertThat(run.settled()).isFalse();
      assertThat(ensemble.thermalisation()).isEqualTo(10_200);
      assertThat(ensemble.measurements()).isEqualTo(20);
    }
  }

  @Test
  void aGivenThermalisationIsExact() throws IOException {
    try (Sampler sampler = sampler(1)) {
      Ensemble ensemble = run(sampler,
          new SamplingRun.Settings(3, 1, 0, OptionalLong.of(137), SamplingRun.StepSize.TUNED), RunMonitor.SILENT).run();
      assertThat(ensemble.thermalisation()).isEqualTo(137);
      assertThat(ensemble.step()).isEqualTo(140);
      assertThat(ensemble.snapshots()).isZero();
    }
  }

  @Test
  void anUnstableStepSizeIsNamed() {
    try (Sampler sampler = sampler("hmc", Lattice.square(6), 16, 1, SamplerOptions.DEFAULTS.withTrajectoryLength(200).withSteps(50))) {
      SamplingRun run = run(sampler,
          new SamplingRun.Settings(1000, 1, 0, OptionalLong.of(0), SamplingRun.StepSize.FIXED), RunMonitor.SILENT);
      assertThatThrownBy(run::run).isInstanceOf(SamplerInstabilityException.class).hasMessageContaining("stepSize 4, steps 50");
    }
  }

  /** A step that rounds to nothing is accepted always and moves nothing. */
  @Test
  void aFrozenChainIsNamed() {
    for (String name : List.of("hmc", "langevin", "mala")) {
      try (Sampler sampler = sampler(name, Lattice.square(4), 3, 1, SamplerOptions.DEFAULTS.withStepSize(1e-30))) {
        SamplingRun run = run(sampler,
            new SamplingRun.Settings(100, 1, 0, OptionalLong.empty(), SamplingRun.StepSize.FIXED), RunMonitor.SILENT);
        assertThatThrownBy(run::run).as(name).isInstanceOf(SamplerInstabilityException.class)
            .hasMessageStartingWith(name + " did not change any field in its last 200 updates (stepSize 1.000e-30");
      }
    }
  }

  @Test
  void refusesToResumeSomethingElse() throws IOException {
    Ensemble saved;
    try (Sampler sampler = sampler(7)) {
      saved = run(sampler, settings(3), RunMonitor.SILENT).run();
    }
    try (Sampler sampler = sampler(8)) {
      assertThatThrownBy(() -> run(sampler, settings(5), RunMonitor.SILENT).resume(saved)).hasMessageContaining("seed 7");
    }
    try (Sampler sampler = sampler("hmc", Lattice.square(8), 20, 7, SamplerOptions.DEFAULTS)) {
      assertThatThrownBy(() -> run(sampler, settings(5), RunMonitor.SILENT).resume(saved)).hasMessageContaining("lattice 6x6");
    }
    saved.setState(null);
    try (Sampler sampler = sampler(7)) {
      assertThatThrownBy(() -> run(sampler, settings(5), RunMonitor.SILENT).resume(saved)).hasMessageContaining("no state");
    }
  }
}
