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

/** Deliberately wrong factors in the per-mode numbers must be noticed, by the checks named here. */
class MutatedModesTest {
  private static final JvmDevice DEVICE = new JvmDevice(1);
  private static final double HALF = Math.sqrt(0.5);

  /** Measurements that need no Monte Carlo. */
  private static final List<String> FREE = List.of("chapman-kolmogorov", "generator", "invariant", "frozen-q",
      "moving-q",
      "kl-q-not-monotone", "kl-free-monotone", "entropy", "tweedie", "wasserstein", "energy-dissipation",
      "minimising-movement", "golden-free-20x20", "image-diffusion");
  private static final List<String> ONE_MODE = List.of("golden-one-mode", "one-mode.invariants", "one-mode.transition",
      "one-mode.fokker-planck", "one-mode.polchinski", "one-mode.entropies", "one-mode.energy-dissipation",
      "one-mode.tweedie");

  private static SuiteReport run(Subject rules) {
    return FreeFieldSuite.of(Effort.QUICK, DEVICE, rules).run(FREE, Suite.Progress.NONE)
        .and(Phi4Suite.of(Effort.QUICK, DEVICE, rules).run(ONE_MODE, Suite.Progress.NONE));
  }

  @Test
  void theLibraryPasses() {
    SuiteReport report = run(Subject.LIBRARY);
    assertThat(report.failed()).as(report.toTable()).isZero();
    assertThat(report.passed()).isGreaterThan(50);
  }

  static Stream<Arguments> mutations() {
    return Stream.of(
        Arguments.of("½ in the noise variance of the step", Mutations.transitions(a -> a, b -> HALF * b),
            List.of("generator.exponential", "generator.fermi", "invariant.free", "frozen-q.finite-step",
                "moving-q.finite-step",
                "kl-free-monotone.finite-step", "entropy.finite-step", "tweedie.mean", "energy-dissipation.equality",
                "minimising-movement.order", "wasserstein.modes", "golden.free-20x20.kl-q", "image-diffusion.forward",
                "image-diffusion.chain", "one-mode.transition.density", "one-mode.transition.variance",
                "one-mode.tweedie.score")),
        Arguments.of("σ for σ² in the step", Mutations.transitions(a -> a, b -> b * b),
            List.of("chapman-kolmogorov.exponential.field", "chapman-kolmogorov.fermi.variance-preserving",
                "generator.power",
                "invariant.free", "golden.free-20x20.kl-gamma", "image-diffusion.forward",
                    "image-diffusion.rescaled-field",
                "one-mode.transition.variance")),
        Arguments.of("wrong sign in the drift of the step: a = C_s/C_t", Mutations.transitions(a -> 1 / a, b -> b),
            List.of("chapman-kolmogorov.exponential.field", "generator.litim", "invariant.free", "frozen-q.finite-step",
                "golden.free-20x20.w2", "image-diffusion.forward", "one-mode.transition.density")),
        Arguments.of("√(C_t/C_s) for C_t/C_s", Mutations.transitions(Math::sqrt, b -> b),
            List.of("chapman-kolmogorov.exponential.field", "generator.exponential", "invariant.free",
                "golden.free-20x20.kl-gamma", "image-diffusion.rescaled-field", "one-mode.transition.variance")),
        Arguments.of("½ in the noise of the Langevin equation", Mutations.rates(1, 0.5),
            List.of("generator.exponential", "generator.power", "generator.litim", "generator.fermi",
                "frozen-q.closed-form",
                "moving-q.closed-form", "kl-free-monotone.closed-form", "entropy.closed-form", "one-mode.fokker-planck",
                "one-mode.frozen-q", "one-mode.moving-q", "one-mode.kl-free-monotone", "one-mode.entropy",
                "one-mode.energy-dissipation")),
        Arguments.of("wrong sign in the drift of the Langevin equation", Mutations.rates(-1, 1),
            List.of("generator.exponential", "frozen-q.closed-form", "moving-q.closed-form",
                "kl-free-monotone.closed-form",
                "entropy.closed-form", "one-mode.fokker-planck", "one-mode.entropy")),
        Arguments.of("½ in the drift: samples e^(−Ŝ) for e^(−2Ŝ)", Mutations.rates(0.5, 1),
            List.of("generator.exponential", "frozen-q.closed-form", "entropy.closed-form", "one-mode.fokker-planck",
                "one-mode.entropy")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutations")
  void aWrongFactorFails(String mutation, Subject rules, List<String> mustFail) {
    SuiteReport report = run(rules);
    TreeSet<String> failed = new TreeSet<>();
    report.checks().stream().filter(c -> !c.passed()).forEach(c -> failed.add(c.id()));
    assertThat(failed).as(mutation).containsAll(mustFail);
  }
}
