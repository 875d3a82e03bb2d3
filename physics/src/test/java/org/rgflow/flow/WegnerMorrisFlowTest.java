package org.rgflow.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Launch;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.random.RandomStream;
import org.rgflow.spectral.FourierTransforms;
import org.rgflow.spectral.ModeTransform;
import org.rgflow.spectral.Regulators;

class WegnerMorrisFlowTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static Device device;

  @BeforeAll
  static void open() {
    device = new JvmDevice(1);
  }

  @AfterAll
  static void close() {
    device.close();
  }

  private static RunningCovariance covariance(String regulator) {
    return new RunningCovariance(0.5, 1, Regulators.parse(regulator));
  }

  private static float[] flow(
      FieldLayout layout, RunningCovariance covariance, SeedAction action, FlowIntegrator integrator,
      int steps, int refinement, double from, double to) {
    try (Flow flow = new WegnerMorrisFlow(
        device, FourierTransforms.of(layout), covariance, action, integrator, steps, refinement, new RandomStream(3))) {
      LinearFlowTest.fill(flow.field(), 17);
      flow.advance(from, to);
      return flow.field().clone();
    }
  }

  /** One step of the exponential integrator with a free seed action is Polchinski's kernel with the same noise. */
  @ParameterizedTest
  @ValueSource(strings = {"exponential", "power:2", "litim", "sharp", "fermi:0.5"})
  void exponentialIsExactForAFreeSeedAction(String regulator) {
    FieldLayout layout = new FieldLayout(new Lattice(6, 5), 20);
    ModeTransform transform = FourierTransforms.of(layout);
    try (Flow flow = new PolchinskiFlow(device, transform, covariance(regulator), new RandomStream(3))) {
      LinearFlowTest.fill(flow.field(), 17);
      flow.advance(INFINITY, 1.3);
      float[] other = flow(layout, covariance(regulator), SeedAction.FREE, FlowIntegrator.EXPONENTIAL, 1, 1, INFINITY, 1.3);
      assertThat(other).isEqualTo(flow.field());
    }
  }

  /** Assembling the noise of one exact step from eight draws gives the eight exact steps. */
  @ParameterizedTest
  @ValueSource(strings = {"exponential", "power:2", "litim", "fermi:0.5"})
  void refinedNoiseFollowsTheSamePath(String regulator) {
    FieldLayout layout = new FieldLayout(new Lattice(6, 5), 20);
    float[] fine = flow(layout, covariance(regulator), SeedAction.FREE, FlowIntegrator.EXPONENTIAL, 8, 1, 3, 1.3);
    float[] coarse = flow(layout, covariance(regulator), SeedAction.FREE, FlowIntegrator.EXPONENTIAL, 1, 8, 3, 1.3);
    for (int i = 0; i < fine.length; i++) {
      assertThat(coarse[i]).isCloseTo(fine[i], within(5e-6f));
    }
  }

  /**
   * Weak order: how the errors of ⟨φ²⟩ and ⟨φ⁴⟩ fall from 16 to 32 steps. The reference follows the same
   * Wiener paths, exactly where Ŝ is free, otherwise with 256 exponential steps; the errors then have a
   * relative uncertainty of about 4 % (131072 values), the slopes one of 0.06; higher orders add about 0.1.
   */
  @ParameterizedTest
  @CsvSource({"EULER_MARUYAMA, free, 1", "STOCHASTIC_HEUN, free, 2"})
  void weakOrderForAFreeSeedAction(FlowIntegrator integrator, String action, int order) {
    assertSlopes(integrator, SeedAction.parse(action), 1, order);
  }

  @ParameterizedTest
  @CsvSource({"EULER_MARUYAMA, quartic:0.5, 1", "STOCHASTIC_HEUN, quartic:0.5, 2", "EXPONENTIAL, quartic:0.5, 2"})
  void weakOrderForAQuarticSeedAction(FlowIntegrator integrator, String action, int order) {
    assertSlopes(integrator, SeedAction.parse(action), DRAWS, order);
  }

  private static final int DRAWS = 256;

  private static void assertSlopes(FlowIntegrator integrator, SeedAction action, int referenceSteps, int order) {
    FieldLayout layout = new FieldLayout(Lattice.square(2), 32768);
    RunningCovariance c = covariance("power:1");
    double[] reference =
        moments(flow(layout, c, action, FlowIntegrator.EXPONENTIAL, referenceSteps, DRAWS / referenceSteps, 3, 1));
    double[] coarse = moments(flow(layout, c, action, integrator, 16, DRAWS / 16, 3, 1));
    double[] fine = moments(flow(layout, c, action, integrator, 32, DRAWS / 32, 3, 1));
    for (int m = 0; m < reference.length; m++) {
      double slope = Math.log((coarse[m] - reference[m]) / (fine[m] - reference[m])) / Math.log(2);
      assertThat(slope).isCloseTo(order, within(0.3));
    }
    assertThat(integrator.order()).isEqualTo(order);
  }

  private static double[] moments(float[] field) {
    double[] sum = new double[2];
    for (float f : field) {
      sum[0] += (double) f * f / field.length;
      sum[1] += (double) f * f * f * f / field.length;
    }
    return sum;
  }

  /** A user's seed action, V = ½ c Σφ², whose flow is linear and known: dφ = −B (C⁻¹ + c) φ dt + √B dη. */
  private record Mass(float c) implements SeedAction {
    @Override
    public String label() {
      return "mass:" + c;
    }

    @Override
    public boolean interacting() {
      return true;
    }

    @Override
    public List<Launch> force(FieldLayout layout, double factor, float[] field, float[] force) {
      return List.of(new Scaled(field, force, c));
    }
  }

  private record Scaled(float[] field, float[] force, float c) implements Launch {
    @Override
    public int items() {
      return field.length;
    }

    @Override
    public void run(int begin, int end) {
      for (int i = begin; i < end; i++) {
        force[i] = c * field[i];
      }
    }

    @Override
    public int cost() {
      return 1;
    }
  }

  /**
   * With V = ½cφ²: φ_t = r e^(−c(C_s−C_t)) φ_s without noise, and the noise variance is
   * ∫ (C_t/C)² e^(−2c(C−C_t)) dC. Seed 3; the pulls of 6 orbits exceed 4.5 with probability 4e-5.
   */
  @ParameterizedTest
  @EnumSource(FlowIntegrator.class)
  void acceptsAnySeedAction(FlowIntegrator integrator) {
    FieldLayout layout = new FieldLayout(Lattice.square(4), 4800);
    RunningCovariance c = covariance("power:1");
    float strength = 0.8f;
    try (Flow flow = new WegnerMorrisFlow(device, FourierTransforms.of(layout), c, new Mass(strength), integrator,
        integrator == FlowIntegrator.EULER_MARUYAMA ? 400 : 40, new RandomStream(3))) {
      assertThat(flow.law()).isEmpty();
      flow.advance(INFINITY, 1);
      var modes = new org.rgflow.spectral.LatticeModes(layout.lattice());
      float[] flowed = LinearFlowTest.modes(device, FourierTransforms.of(layout), flow.field());
      for (var orbit : modes.orbits()) {
        double from = c.bare(orbit.momentum2());
        double to = c.at(orbit.momentum2(), 1);
        int n = 4000;
        double variance = 0;
        for (int i = 0; i < n; i++) {
          double at = to + (from - to) * (i + 0.5) / n;
          variance += (from - to) / n * to * to / (at * at) * Math.exp(-2 * strength * (at - to));
        }
        double error = variance * Math.sqrt(2.0 / (orbit.modes().length * layout.replicas()));
        double got = orbit.meanSquare(flowed, layout);
        // 0.002: the step-size error, which a quarter of the step reduces accordingly
        assertThat(Math.abs(got - variance)).isLessThan(4.5 * error + 0.002 * variance + 1e-12);
      }
    }
  }

  @Test
  void conventionsAgree() {
    // The same noise and start, scaled: fields in GERDES are √½ times the canonical ones.
    FieldLayout layout = new FieldLayout(Lattice.square(4), 16);
    float[][] results = new float[2][];
    double[] factors = {1, 0.5};
    for (int i = 0; i < 2; i++) {
      RunningCovariance c = new RunningCovariance(factors[i], 1, new Regulators.Exponential());
      try (Flow flow = new WegnerMorrisFlow(device, FourierTransforms.of(layout), c, new SeedAction.Quartic(0.7),
          FlowIntegrator.STOCHASTIC_HEUN, 20, new RandomStream(3))) {
        LinearFlowTest.fill(flow.field(), 17);
        for (int e = 0; e < flow.field().length; e++) {
          flow.field()[e] *= (float) Math.sqrt(factors[i]);
        }
        flow.advance(INFINITY, 0.8);
        results[i] = flow.field().clone();
      }
    }
    for (int e = 0; e < results[0].length; e++) {
      assertThat(results[1][e]).isCloseTo((float) Math.sqrt(0.5) * results[0][e], within(1e-5f));
    }
  }

  @Test
  void instabilityIsNamed() {
    FieldLayout layout = new FieldLayout(Lattice.square(4), 16);
    assertThatThrownBy(() -> flow(layout, covariance("exponential"), new SeedAction.Quartic(500),
        FlowIntegrator.EULER_MARUYAMA, 3, 1, INFINITY, 0.5))
        .isInstanceOf(FlowInstabilityException.class)
        .hasMessageContaining("unstable").hasMessageContaining("3 euler-maruyama steps").hasMessageContaining("12");
    assertThatThrownBy(() -> flow(layout, covariance("exponential"), SeedAction.FREE,
        FlowIntegrator.STOCHASTIC_HEUN, 5, 1, INFINITY, 0.5))
        .isInstanceOf(FlowInstabilityException.class).hasMessageContaining("use more steps, for instance 30");
    assertThatThrownBy(() -> flow(layout, covariance("litim"), SeedAction.FREE,
        FlowIntegrator.STOCHASTIC_HEUN, 50, 1, INFINITY, 0.5))
        .isInstanceOf(FlowInstabilityException.class).hasMessageContaining("litim");
    assertThatThrownBy(() -> flow(layout, covariance("sharp"), SeedAction.FREE,
        FlowIntegrator.EULER_MARUYAMA, 50, 1, INFINITY, 0.5)).hasMessageContaining("sharp");
  }

  @Test
  void sameOnAnyNumberOfThreads() {
    FieldLayout layout = new FieldLayout(Lattice.square(12), 40);
    float[][] results = new float[2][];
    for (int run = 0; run < 2; run++) {
      try (Device threaded = new JvmDevice(run + 1);
          Flow flow = new WegnerMorrisFlow(threaded, FourierTransforms.of(layout), covariance("exponential"),
              new SeedAction.Quartic(1), FlowIntegrator.EXPONENTIAL, 5, new RandomStream(9))) {
        LinearFlowTest.fill(flow.field(), 1);
        flow.advance(INFINITY, 2);
        results[run] = flow.field().clone();
      }
    }
    assertThat(results[1]).isEqualTo(results[0]);
  }

  @Test
  void readsSeedActionsAndIntegrators() {
    assertThat(SeedAction.parse("free")).isSameAs(SeedAction.FREE);
    assertThat(SeedAction.parse("quartic:0.5")).isEqualTo(new SeedAction.Quartic(0.5));
    assertThatThrownBy(() -> SeedAction.parse("quartic:x")).hasMessageContaining("'x' is not a number");
    assertThatThrownBy(() -> SeedAction.parse("cubic")).hasMessageContaining("quartic");
    assertThatThrownBy(() -> SeedAction.parse("quartic:-1")).hasMessageContaining(">= 0");
    for (FlowIntegrator integrator : FlowIntegrator.values()) {
      assertThat(FlowIntegrator.parse(integrator.label())).isEqualTo(integrator);
    }
    assertThatThrownBy(() -> FlowIntegrator.parse("rk4")).hasMessageContaining("euler-maruyama");
  }
}
