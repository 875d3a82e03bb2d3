package org.rgflow.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.kernels.PhiloxKernels;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.spectral.FourierTransforms;
import org.rgflow.spectral.LatticeModes;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.ModeTransform;
import org.rgflow.spectral.Regulator;
import org.rgflow.spectral.Regulators;

class LinearFlowTest {
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

  static List<Function<ModeTransform, Flow>> flows() {
    List<Function<ModeTransform, Flow>> flows = new ArrayList<>();
    for (String regulator : List.of("exponential", "power:3", "litim", "sharp", "fermi:0.7")) {
      flows.add(t -> new PolchinskiFlow(device, t, covariance(regulator), new RandomStream(11)));
    }
    flows.add(t -> new StochasticGradientFlow(device, t, 0.5, 0.8, new RandomStream(11)));
    flows.add(t -> new GradientFlow(device, t));
    return flows;
  }

  /** Chapman–Kolmogorov (physics identity 1) in double, also from the bare field and where modes are already gone. */
  @ParameterizedTest
  @MethodSource("flows")
  void transitionsCompose(Function<ModeTransform, Flow> make) {
    double[] p2 = new LatticeModes(Lattice.square(12)).energies();
    double[][] ways = {{Double.POSITIVE_INFINITY, 3, 0.9}, {4, 1.7, 1.2}, {1.5, 0.8, 0.3}, {2, 2, 1}, {2, 1, 1}};
    try (Flow flow = make.apply(FourierTransforms.of(new FieldLayout(new Lattice(3, 3), 1)))) {
      ModeLaw law = flow.law().orElseThrow();
      for (double[] way : ways) {
        ModeSchedule.Transition first = law.transition(p2, way[0], way[1]);
        ModeSchedule.Transition second = law.transition(p2, way[1], way[2]);
        ModeSchedule.Transition both = law.transition(p2, way[0], way[2]);
        for (int k = 0; k < p2.length; k++) {
          assertThat(both.decay()[k]).isCloseTo(second.decay()[k] * first.decay()[k], within(1e-12));
          double variance = square(second.noise()[k]) + square(second.decay()[k] * first.noise()[k]);
          assertThat(square(both.noise()[k])).isCloseTo(variance, within(1e-12));
        }
      }
    }
  }

  @Test
  void freePropagatorIsTheCutOne() {
    // From G = C_∞ the flow gives a² C_∞ + n = C_Λ for any regulator.
    double[] p2 = new LatticeModes(Lattice.square(10)).energies();
    for (String name : List.of("exponential", "power:3", "litim", "sharp", "fermi:0.7")) {
      RunningCovariance c = covariance(name);
      for (double lambda : new double[] {3, 1, 0.4}) {
        ModeSchedule.Transition t = c.schedule(p2).transition(Double.POSITIVE_INFINITY, lambda * lambda, ModeSchedule.Variable.FIELD);
        for (int k = 0; k < p2.length; k++) {
          double variance = square(t.decay()[k]) * c.bare(p2[k]) + square(t.noise()[k]);
          assertThat(variance).isCloseTo(c.at(p2[k], lambda), within(1e-15));
        }
      }
    }
  }

  /** The programs do in mode space what the law says, with the noise that the stream says. */
  @ParameterizedTest
  @MethodSource("flows")
  void fieldsFollowTheLaw(Function<ModeTransform, Flow> make) {
    for (FieldLayout layout : List.of(
        new FieldLayout(new Lattice(6, 4), 3), new FieldLayout(Lattice.square(5), 16), new FieldLayout(new Lattice(4, 7), 33))) {
      ModeTransform transform = FourierTransforms.of(layout);
      try (Flow flow = make.apply(transform)) {
        fill(flow.field(), 3);
        float[] before = modes(device, transform, flow.field());
        int[] position = new RandomStream(flow.stream().seed(), 5).buffer();
        flow.stream().seek(5);
        flow.advance(2.5, 1.1);
        assertThat(flow.stream().step()).isEqualTo(6);
        float[] after = modes(device, transform, flow.field());
        LatticeModes modes = new LatticeModes(layout.lattice());
        ModeSchedule.Transition t = flow.law().orElseThrow().transition(modes.energies(), 2.5, 1.1);
        for (int e = 0; e < layout.size(); e++) {
          int mode = e / layout.lanes() % modes.size();
          double xi = PhiloxKernels.normal(e, position, Streams.FLOW);
          assertThat((double) after[e])
              .isCloseTo(t.decay()[mode] * before[e] + t.noise()[mode] * xi, within(5e-6));
        }
      }
    }
  }

  /**
   * The measured covariance of a flowed free field against the closed form, per orbit. The largest of
   * at most 10 pulls exceeds 4.5 with probability 7e-5; the seed is fixed.
   */
  @ParameterizedTest
  @ValueSource(strings = {"exponential", "power:2", "litim", "sharp", "fermi:0.7"})
  void flowedFreeFieldHasTheClosedForm(String regulator) {
    RunningCovariance c = covariance(regulator);
    assertThat(largestPull(t -> new PolchinskiFlow(device, t, c, new RandomStream(21)),
        (p2, lambda) -> c.at(p2, lambda) + square(c.cutoff(p2, lambda)) * (G0.applyAsDouble(p2) - c.bare(p2)))).isLessThan(4.5);
  }

  @Test
  void stochasticGradientFlowHasTheClosedForm() {
    assertThat(largestPull(t -> new StochasticGradientFlow(device, t, 0.5, 0.8, new RandomStream(22)), LinearFlowTest::carosso))
        .isLessThan(4.5);
  }

  /** Deliberate mistakes: the same check that passes above must fail far beyond its threshold. */
  @Test
  void wrongFactorsAreDetected() {
    RunningCovariance c = covariance("fermi:0.7");
    DoubleBinaryOperator right =
        (p2, lambda) -> c.at(p2, lambda) + square(c.cutoff(p2, lambda)) * (G0.applyAsDouble(p2) - c.bare(p2));
    // ½ B instead of B in the noise
    assertThat(largestPull(t -> new Wrong(t, c, 1, Math.sqrt(0.5)), right)).isGreaterThan(10);
    // the drift with the wrong sign: growth instead of decay
    assertThat(largestPull(t -> new Wrong(t, c, -1, 1), right)).isGreaterThan(10);
    // half the drift
    assertThat(largestPull(t -> new Wrong(t, c, 0.5, 1), right)).isGreaterThan(10);
    // σ² where σ belongs
    assertThat(largestPull(t -> new StochasticGradientFlow(device, t, 0.5, 0.8 * 0.8, new RandomStream(22)),
        LinearFlowTest::carosso)).isGreaterThan(10);
    // the canonical noise on fields of another convention
    assertThat(largestPull(t -> new StochasticGradientFlow(device, t, 1, 0.8, new RandomStream(22)),
        LinearFlowTest::carosso)).isGreaterThan(10);
  }

  private static double carosso(double p2, double lambda) {
    double t = 1 / (lambda * lambda);
    double spread = p2 == 0 ? 2 * t : (1 - Math.exp(-2 * p2 * t)) / p2;
    return Math.exp(-2 * p2 * t) * G0.applyAsDouble(p2) + 0.5 * 0.8 * 0.8 / 2 * spread;
  }

  /** Polchinski's flow with a power of the decay and a factor on the noise. */
  private static final class Wrong extends LinearFlow {
    private final ModeSchedule schedule;
    private final double power;
    private final double factor;

    Wrong(ModeTransform transform, RunningCovariance covariance, double power, double factor) {
      super(device, transform, new RandomStream(21), Noise.WHITE);
      this.schedule = covariance.schedule(momentum2());
      this.power = power;
      this.factor = factor;
    }

    @Override
    public String name() {
      return "wrong";
    }

    @Override
    void transition(double from, double to, ModeSchedule.Transition result) {
      schedule.transition(from * from, to * to, ModeSchedule.Variable.FIELD, result);
      for (int k = 0; k < result.decay().length; k++) {
        result.decay()[k] = Math.pow(result.decay()[k], power);
        result.noise()[k] *= factor;
      }
    }

    @Override
    public ModeSchedule.Transition transition(double[] momentum2, double from, double to) {
      throw new AssertionError("not needed by this test");
    }

    @Override
    public double subtraction(double momentum2) {
      throw new AssertionError("not needed by this test");
    }
  }

  /** The free propagator of mass² 0.25 in the GERDES convention. */
  private static final DoubleUnaryOperator G0 = p2 -> 0.5 / (p2 + 0.25);

  private static double largestPull(
      Function<ModeTransform, Flow> make, DoubleBinaryOperator expected) {
    FieldLayout layout = new FieldLayout(Lattice.square(6), 1600);
    ModeTransform transform = FourierTransforms.of(layout);
    LatticeModes modes = new LatticeModes(layout.lattice());
    float[] x = new float[layout.size()];
    fill(x, 4);
    for (int e = 0; e < x.length; e++) {
      x[e] *= (float) Math.sqrt(G0.applyAsDouble(modes.energy(e / layout.lanes() % modes.size())));
    }
    double largest = 0;
    try (Flow flow = make.apply(transform)) {
      Program load = new Program("load").addAll(transform.inverse(x, flow.field()));
      try (Session session = device.open(load)) {
        session.run(load);
      }
      double[] scales = {Double.POSITIVE_INFINITY, 2.2, 1.3};
      for (int s = 1; s < scales.length; s++) {
        flow.advance(scales[s - 1], scales[s]);
        float[] flowed = modes(device, transform, flow.field());
        for (LatticeModes.Orbit orbit : modes.orbits()) {
          double want = expected.applyAsDouble(orbit.momentum2(), scales[s]);
          double error = want * Math.sqrt(2.0 / (orbit.modes().length * layout.replicas()));
          double got = orbit.meanSquare(flowed, layout);
          // Modes that are gone leave the rounding of the transforms.
          largest = Math.max(largest, Math.abs(got - want) / (error + 1e-12));
        }
      }
    }
    return largest;
  }

  @Test
  void sharpRegulatorProjectsModes() {
    FieldLayout layout = new FieldLayout(Lattice.square(8), 16);
    ModeTransform transform = FourierTransforms.of(layout);
    LatticeModes modes = new LatticeModes(layout.lattice());
    try (Flow flow = new PolchinskiFlow(device, transform, covariance("sharp"), new RandomStream(2))) {
      fill(flow.field(), 8);
      float[] before = modes(device, transform, flow.field());
      flow.advance(Double.POSITIVE_INFINITY, 1.5);
      float[] after = modes(device, transform, flow.field());
      for (int e = 0; e < after.length; e++) {
        boolean below = modes.energy(e / layout.lanes() % modes.size()) <= 1.5 * 1.5;
        assertThat((double) after[e]).isCloseTo(below ? before[e] : 0, within(3e-6));
      }
    }
  }

  @Test
  void exponentialRegulatorFreezesTheZeroModeAndFermiMovesIt() {
    FieldLayout layout = new FieldLayout(Lattice.square(4), 16);
    ModeTransform transform = FourierTransforms.of(layout);
    for (Regulator regulator : List.of(new Regulators.Exponential(), new Regulators.Fermi(0.7))) {
      RunningCovariance c = new RunningCovariance(1, 1, regulator);
      try (Flow flow = new PolchinskiFlow(device, transform, c, new RandomStream(2))) {
        fill(flow.field(), 8);
        float[] before = modes(device, transform, flow.field());
        flow.advance(Double.POSITIVE_INFINITY, 0.5);
        float[] after = modes(device, transform, flow.field());
        double moved = 0;
        for (int replica = 0; replica < layout.replicas(); replica++) {
          int zero = layout.index(replica, 0);
          moved = Math.max(moved, Math.abs(after[zero] - before[zero]));
        }
        if (regulator instanceof Regulators.Fermi) {
          assertThat(moved).isGreaterThan(0.1);
        } else {
          assertThat(moved).isLessThan(1e-5);
        }
      }
    }
  }

  @Test
  void sameOnAnyNumberOfThreads() {
    FieldLayout layout = new FieldLayout(Lattice.square(12), 40);
    float[][] results = new float[3][];
    for (int run = 0; run < 3; run++) {
      try (Device threaded = new JvmDevice(run + 1);
          Flow flow = new PolchinskiFlow(threaded, FourierTransforms.of(layout), covariance("power:2"), new RandomStream(9))) {
        fill(flow.field(), 1);
        flow.advance(Double.POSITIVE_INFINITY, 2);
        flow.advance(2, 1);
        results[run] = flow.field().clone();
      }
    }
    assertThat(results[1]).isEqualTo(results[0]);
    assertThat(results[2]).isEqualTo(results[0]);
  }

  @Test
  void namesImpossibleInput() {
    ModeTransform transform = FourierTransforms.of(new FieldLayout(Lattice.square(4), 1));
    try (Flow flow = new GradientFlow(device, transform)) {
      assertThatThrownBy(() -> flow.advance(1, 2)).hasMessageContaining("from 1.0 to 2.0");
      assertThatThrownBy(() -> flow.advance(1, 0)).hasMessageContaining("> 0");
      assertThatThrownBy(() -> flow.advance(1, Double.NaN)).hasMessageContaining("> 0");
    }
    assertThatThrownBy(() -> new RunningCovariance(1, -4, new Regulators.Litim())).hasMessageContaining("reference mass");
    assertThatThrownBy(() -> new StochasticGradientFlow(device, transform, 1, 0, new RandomStream(1)))
        .hasMessageContaining("sigma");
  }

  static float[] modes(Device device, ModeTransform transform, float[] field) {
    float[] copy = Arrays.copyOf(field, field.length);
    float[] modes = new float[field.length];
    Program program = new Program("modes").addAll(transform.forward(copy, modes));
    try (Session session = device.open(program)) {
      session.run(program);
    }
    return modes;
  }

  static void fill(float[] values, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
  }

  private static double square(double x) {
    return x * x;
  }
}
