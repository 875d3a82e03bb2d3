package org.rgflow.device.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Named.named;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.device.Device;
import org.rgflow.device.Devices;
import org.rgflow.device.JvmDevice;
import org.rgflow.flow.Flow;
import org.rgflow.flow.FlowIntegrator;
import org.rgflow.flow.FlowScheme;
import org.rgflow.flow.RunningCovariance;
import org.rgflow.flow.SeedAction;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Measurement;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.launch.Buffers;
import org.rgflow.random.RandomStream;
import org.rgflow.sampler.ParallelTempering;
import org.rgflow.sampler.Sampler;
import org.rgflow.sampler.SamplerOptions;
import org.rgflow.sampler.Samplers;
import org.rgflow.spectral.FourierTransforms;
import org.rgflow.spectral.Regulators;

/**
 * Whole samplers and flows on the JVM and on TornadoVM's default device, with the same random numbers.
 * Chains are chaotic, so they are short: 4 updates and a tuning amplify the last bits a hundredfold at most.
 */
class PhysicsAgreementTest {
  private static final double TOLERANCE = 1e-4;
  private static final Phi4Action ACTION = Phi4Action.canonical(-1.2, 0.5);

  private static Device tornado;
  private static Device jvm;

  @BeforeAll
  static void openDevices() {
    tornado = Devices.open("tornado");
    jvm = new JvmDevice(1);
  }

  @AfterAll
  static void closeDevices() {
    tornado.close();
    jvm.close();
  }

  static List<String> samplers() {
    return Samplers.names();
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void samplersAgree(String name) {
    FieldLayout layout = new FieldLayout(new Lattice(8, 6), 20);
    try (Sampler expected = sampler(name, layout, jvm); Sampler actual = sampler(name, layout, tornado)) {
      for (int update = 0; update < 4; update++) {
        expected.update();
        actual.update();
        Buffers.assertAgree("field after update " + update, actual.field(), expected.field(), TOLERANCE);
        if (update == 1) {
          expected.tune();
          actual.tune();
          expected.resetAcceptance();
          actual.resetAcceptance();
        }
      }
      assertThat(actual.acceptance()).isCloseTo(expected.acceptance(), within(TOLERANCE));
      actual.tuning().forEach((key, value) ->
          assertThat(value).as(key).isCloseTo(expected.tuning().get(key), within(TOLERANCE * Math.abs(value))));
    }
  }

  private static Sampler sampler(String name, FieldLayout layout, Device device) {
    return Samplers.create(name, ACTION, layout, new RandomStream(11), device, SamplerOptions.DEFAULTS);
  }

  /** The rungs have sessions of their own, which learn of exchanges from the host. */
  @Test
  void exchangesReachTheRungs() {
    FieldLayout layout = new FieldLayout(new Lattice(8, 6), 20);
    List<Sampler> expectedRungs = rungs(layout, jvm);
    List<Sampler> actualRungs = rungs(layout, tornado);
    try (ParallelTempering expected = new ParallelTempering(expectedRungs, jvm);
        ParallelTempering actual = new ParallelTempering(actualRungs, tornado)) {
      for (int update = 0; update < 4; update++) {
        expected.update();
        actual.update();
      }
      for (int pair = 0; pair < 2; pair++) {
        assertThat(expected.exchangeAcceptance(pair)).isPositive();
        assertThat(actual.exchangeAcceptance(pair)).isCloseTo(expected.exchangeAcceptance(pair), within(TOLERANCE));
      }
      for (int i = 0; i < expectedRungs.size(); i++) {
        Buffers.assertAgree("rung " + i, actualRungs.get(i).field(), expectedRungs.get(i).field(), TOLERANCE);
      }
    }
  }

  private static List<Sampler> rungs(FieldLayout layout, Device device) {
    List<Sampler> rungs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      rungs.add(Samplers.create("hmc", Phi4Action.canonical(-1.2 + 0.1 * i, 0.5), layout, new RandomStream(20 + i),
          device, SamplerOptions.DEFAULTS));
    }
    return rungs;
  }

  static Stream<Named<FlowScheme>> flows() {
    RunningCovariance covariance = RunningCovariance.of(ACTION, 0.3, new Regulators.Exponential());
    SeedAction quartic = new SeedAction.Quartic(0.1);
    return Stream.of(
        named("polchinski", FlowScheme.polchinski(covariance)),
        named("stochastic gradient flow", FlowScheme.stochasticGradientFlow(ACTION, 0.5)),
        named("gradient flow", FlowScheme.gradientFlow()),
        named("wegner-morris, exponential",
            new FlowScheme.WegnerMorris(covariance, quartic, FlowIntegrator.EXPONENTIAL, 5)),
        named("wegner-morris, Heun",
            new FlowScheme.WegnerMorris(covariance, quartic, FlowIntegrator.STOCHASTIC_HEUN, 40)));
  }

  @ParameterizedTest
  @MethodSource("flows")
  void flowsAgree(FlowScheme scheme) {
    FieldLayout layout = new FieldLayout(new Lattice(8, 6), 20);
    try (Flow expected = scheme.open(jvm, FourierTransforms.of(layout, jvm), new RandomStream(12));
        Flow actual = scheme.open(tornado, FourierTransforms.of(layout, tornado), new RandomStream(12))) {
      System.arraycopy(Buffers.normal(13, layout.size()), 0, expected.field(), 0, layout.size());
      System.arraycopy(expected.field(), 0, actual.field(), 0, layout.size());
      double[] scales = {Double.POSITIVE_INFINITY, 2.5, 1.4};
      for (int i = 1; i < scales.length; i++) {
        expected.advance(scales[i - 1], scales[i]);
        actual.advance(scales[i - 1], scales[i]);
        Buffers.assertAgree("field at " + scales[i], actual.field(), expected.field(), TOLERANCE);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 20})
  void measurementsAgree(int replicas) {
    FieldLayout layout = new FieldLayout(new Lattice(8, 6), replicas);
    float[] field = Buffers.normal(14, layout.size());
    try (Measurement expected = new Measurement(layout, field, jvm);
        Measurement actual = new Measurement(layout, field, tornado)) {
      expected.measure();
      actual.measure();
      expected.values().forEach((name, values) ->
          Buffers.assertAgree(name, actual.values().get(name), values, 1e-6));
      Buffers.assertAgree("correlator", actual.correlator(), expected.correlator(), 1e-6);
    }
  }
}
