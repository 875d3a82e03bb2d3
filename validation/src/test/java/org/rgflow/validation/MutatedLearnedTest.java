package org.rgflow.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rgflow.device.JvmDevice;
import org.rgflow.lattice.Phi4Action;

/**
 * Models that are not what they should be, and wrong weights, must be noticed by the checks named here; and what a bad
 * model generates must still be made exact. Seeds are fixed.
 */
@Tag("heavy")
class MutatedLearnedTest {
  private static final JvmDevice DEVICE = new JvmDevice();
  private static final List<String> BARE = List.of("learned.8x8.weights", "learned.8x8.observables");
  private static final List<String> SCORE =
      List.of("learned.score-8x8.weights", "learned.score-8x8.observables", "learned.score-8x8.scales");

  static Stream<Arguments> mutations() {
    double half = Math.sqrt(0.5);
    return Stream.of(
        Arguments.of("a model of another coupling", Mutations.flowModel(m -> Mutations.otherCoupling(m, 5.5)), BARE,
            List.of("learned.8x8.theory", "learned.8x8.effective-sample-size", "learned.8x8.chain.phi2",
                "learned.8x8.chain.susceptibility", "learned.8x8.weighted.phi2", "learned.8x8.log-z"),
            List.of("learned.8x8.integration")),
        Arguments.of("a model that was badly trained", Mutations.flowModel(m -> Mutations.scaled(m, 0.97f)),
            Stream.concat(BARE.stream(), Stream.of("learned.8x8.scales")).toList(),
            List.of("learned.8x8.effective-sample-size", "learned.8x8.scale-0.5.frechet"),
            List.of("learned.8x8.theory", "learned.8x8.log-z", "learned.8x8.chain.phi2",
                "learned.8x8.raw.phi2", "learned.8x8.bare.propagator", "learned.8x8.scale-1.0.propagator")),
        Arguments.of("weights of e^(−0.97 S)", Mutations.weights(0.97),
            Stream.concat(BARE.stream(), Stream.of("learned.partition-function.2x2")).toList(),
            List.of("learned.8x8.log-z", "learned.8x8.coverage", "learned.8x8.chain.susceptibility",
                "learned.8x8.weighted.susceptibility", "learned.8x8.chain.xi", "learned.8x8.chain.magnetisation",
                "learned.partition-function.2x2.log-z"),
            List.of("learned.8x8.theory")),
        Arguments.of("½ in the variance of the fields' noise", Mutations.polchinski(a -> a, b -> half * b),
            List.of("learned.8x8.relative-entropy"), List.of("learned.8x8.relative-entropy.posterior"),
            List.of("learned.8x8.relative-entropy.bare")),
        Arguments.of("a score of another coupling",
            Mutations.scoreModel(m -> m.weighedFor(Phi4Action.gerdes(-4, 5.2))), SCORE,
            List.of("learned.score-8x8.theory", "learned.score-8x8.effective-sample-size",
                "learned.score-8x8.log-z", "learned.score-8x8.weighted.phi2", "learned.score-8x8.bare.propagator"),
            List.of("learned.score-8x8.raw.phi2")),
        Arguments.of("a score that was badly trained", Mutations.scoreModel(m -> Mutations.scaled(m, 0.9f)), SCORE,
            List.of("learned.score-8x8.effective-sample-size"),
            List.of("learned.score-8x8.theory", "learned.score-8x8.log-z", "learned.score-8x8.weighted.phi2",
                "learned.score-8x8.raw.phi2")),
        Arguments.of("a part of the density of the steps forgotten", Mutations.pathWeights(0.95), SCORE,
            List.of("learned.score-8x8.log-z"), List.of("learned.score-8x8.theory")),
        Arguments.of("½ in the variance of the noise of the exact fields, a score looking on",
            Mutations.polchinski(a -> a, b -> half * b), SCORE,
            List.of("learned.score-8x8.stop-2.propagator", "learned.score-8x8.stop-4.propagator",
                "learned.score-8x8.stop-4.phi"),
            List.of("learned.score-8x8.bare.propagator", "learned.score-8x8.log-z")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutations")
  void isNoticed(
      String mutation, Subject subject, List<String> measurements, List<String> mustFail, List<String> mustPass) {
    SuiteReport report = LearnedSuite.of(Effort.QUICK, DEVICE, subject).run(measurements, Suite.Progress.NONE);
    TreeSet<String> failed = new TreeSet<>();
    TreeSet<String> passed = new TreeSet<>();
    report.checks().stream().filter(c -> c.verdict() == Verdict.FAIL).forEach(c -> failed.add(c.id()));
    report.checks().stream().filter(Check::passed).forEach(c -> passed.add(c.id()));
    assertThat(report.checks()).extracting(Check::statement).noneMatch(s -> s.contains("Exception"));
    assertThat(failed).as(report.toTable()).containsAll(mustFail);
    assertThat(passed).as(report.toTable()).containsAll(mustPass);
  }
}
