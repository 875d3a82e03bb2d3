package org.rgflow.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rgflow.device.JvmDevice;

/**
 * Deliberately wrong factors in flows and samplers of fields must be noticed by the Monte Carlo checks
 * named here. Seeds are fixed; a check misses a wrong factor with a probability below 3% by construction
 * ({@link Check#POWER}), and the ones named here do not.
 */
class MutatedFieldsTest {
  private static final JvmDevice DEVICE = new JvmDevice();
  private static final List<String> FREE =
      List.of("flow.polchinski", "flow.stochastic-gradient-flow", "flow.wegner-morris", "sampler.free.euler",
          "sampler.free.mala");
  private static final List<String> PHI4 =
      List.of("sampler.3x3.hmc", "lattice.invariants", "lattice.mcrg", "lattice.wegner-morris", "hmc.reversible");

  private static TreeSet<String> failures(Subject subject, List<String> measurements) {
    List<String> free = measurements.stream().filter(FREE::contains).toList();
    List<String> phi4 = measurements.stream().filter(PHI4::contains).toList();
    SuiteReport report = FreeFieldSuite.of(Effort.QUICK, DEVICE, subject).run(free, Suite.Progress.NONE)
        .and(Phi4Suite.of(Effort.QUICK, DEVICE, subject).run(phi4, Suite.Progress.NONE));
    TreeSet<String> failed = new TreeSet<>();
    report.checks().stream().filter(c -> c.verdict() == Verdict.FAIL).forEach(c -> failed.add(c.id()));
    assertThat(report.checks()).extracting(Check::statement).noneMatch(s -> s.contains("Exception") && !s.contains(
        "unstable"));
    return failed;
  }

  @Test
  void theLibraryPasses() {
    assertThat(failures(Subject.LIBRARY, Stream.concat(FREE.stream(), PHI4.stream()).toList())).isEmpty();
  }

  static Stream<Arguments> mutations() {
    return Stream.of(
        Arguments.of("½ in the variance of Polchinski's noise", Mutations.polchinski(a -> a, b -> Math.sqrt(0.5) * b),
            List.of("flow.polchinski", "lattice.invariants", "lattice.mcrg"),
            List.of("flow.polchinski.exponential.propagator.high", "flow.polchinski.power.propagator.high",
                "lattice.invariants.p2-0.59.scale-2", "lattice.mcrg.phi2", "lattice.mcrg.phi4",
                    "lattice.mcrg.gradient2")),
        Arguments.of("σ for σ² in Polchinski's noise", Mutations.polchinski(a -> a, Math::sqrt),
            List.of("flow.polchinski", "lattice.mcrg"),
            List.of("flow.polchinski.exponential.propagator.middle", "flow.polchinski.litim.propagator.low",
                "lattice.mcrg.phi2")),
        Arguments.of("wrong sign in Polchinski's drift: a = C_s/C_t", Mutations.polchinski(a -> Math.min(1 / a, 10),
            b -> b),
            List.of("flow.polchinski", "lattice.mcrg"),
            List.of("flow.polchinski.exponential.decay", "flow.polchinski.exponential.propagator.low",
                "lattice.mcrg.phi2")),
        Arguments.of("√(C_t/C_s) in Polchinski's drift", Mutations.polchinski(Math::sqrt, b -> b),
            List.of("flow.polchinski", "lattice.invariants"),
            List.of("flow.polchinski.exponential.decay", "flow.polchinski.litim.decay",
                "lattice.invariants.four-point", "lattice.invariants.p2-1.17.scale-2")),
        Arguments.of("½ in the variance of the stochastic gradient flow's noise", Mutations.gradientFlow(0.5, s -> s),
            List.of("flow.stochastic-gradient-flow"), List.of("flow.stochastic-gradient-flow.propagator.high")),
        Arguments.of("σ² for σ in the stochastic gradient flow", Mutations.gradientFlow(1, s -> s * s),
            List.of("flow.stochastic-gradient-flow"), List.of("flow.stochastic-gradient-flow.propagator.middle")),
        // the fields run away, which the flow reports and the suite turns into a failed check
        Arguments.of("wrong sign of the seed action's force", Mutations.wegnerMorris(-1), List.of(
            "lattice.wegner-morris"),
            List.of("lattice.wegner-morris")),
        Arguments.of("½ in the seed action's force", Mutations.wegnerMorris(0.5f), List.of("lattice.wegner-morris"),
            List.of("lattice.wegner-morris.exponential", "lattice.wegner-morris.stochastic-heun")),
        Arguments.of("√dt for √(2dt): a sampler of e^(−2S)", Mutations.halfTheNoiseVariance(),
            List.of("sampler.3x3.hmc", "sampler.free.mala"),
            List.of("sampler.3x3.hmc.phi2", "sampler.3x3.hmc.susceptibility", "sampler.3x3.hmc.schwinger-dyson",
                "sampler.free.mala")),
        Arguments.of("twice the step in Euler's scheme", Mutations.samplerStep(2), List.of("sampler.free.euler"),
            List.of("sampler.free.euler")),
        Arguments.of("an unsymmetric integrator", Mutations.unsymmetricStages(), List.of("hmc.reversible"),
            List.of("hmc.reversible.leapfrog", "hmc.reversible.omelyan")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutations")
  void aWrongFactorFails(String mutation, Subject subject, List<String> measurements, List<String> mustFail) {
    assertThat(failures(subject, measurements)).as(mutation).containsAll(mustFail);
  }
}
