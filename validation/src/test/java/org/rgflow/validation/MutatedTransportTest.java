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
 * Deliberately wrong factors and signs in the correspondence of RG flow and optimal transport must be noticed, by the
 * checks named here. Seeds are fixed.
 */
class MutatedTransportTest {
  private static final JvmDevice DEVICE = new JvmDevice();
  private static final double HALF = Math.sqrt(0.5);
  private static final List<String> QUADRATURE = List.of("dissipation.double-well", "dissipation.two-modes",
      "energy-dissipation.double-well", "steepest-descent.double-well", "steepest-descent.two-modes");
  private static final List<String> DENSITY = List.of("density.double-well");
  private static final List<String> PARTICLES = List.of("density.double-well.particles");
  private static final List<String> LATTICE = List.of("lattice.dissipation", "lattice.score",
      "lattice.total-dissipation");

  private static SuiteReport run(Subject subject, List<String> measurements) {
    return TransportSuite.of(Effort.QUICK, DEVICE, subject).run(measurements, Suite.Progress.NONE);
  }

  /** What the mutations below are tried on passes as it is. */
  @Test
  void theLibraryPasses() {
    List<String> all = Stream.of(QUADRATURE, DENSITY, PARTICLES, LATTICE,
        List.of("density.wegner-morris", "density.wegner-morris.particles", "lattice.dissipation.wegner-morris"))
        .flatMap(List::stream).toList();
    SuiteReport report = run(Subject.LIBRARY, all);
    assertThat(report.failed()).as(report.toTable()).isZero();
    assertThat(report.checks()).extracting(Check::id).doesNotHaveDuplicates();
    assertThat(report.checks()).allSatisfy(c -> assertThat(c.reference()).isNotBlank());
  }

  static Stream<Arguments> mutations() {
    return Stream.of(
        Arguments.of("½ in the noise variance of the kernel", Mutations.transitions(a -> a, b -> HALF * b), QUADRATURE,
            List.of("dissipation.double-well.frozen-q", "dissipation.double-well.moving-q",
                "dissipation.double-well.kl-free",
                "dissipation.double-well.entropy", "dissipation.double-well.speed", "dissipation.two-modes.frozen-q")),
        Arguments.of("½ in the noise variance of the kernel, density", Mutations.transitions(a -> a, b -> HALF * b),
            DENSITY,
            List.of("density.double-well.kernel", "density.double-well.kernel.score")),
        Arguments.of("σ for σ² in the kernel", Mutations.transitions(a -> a, b -> b * b), QUADRATURE,
            List.of("dissipation.double-well.frozen-q", "dissipation.double-well.entropy",
                "dissipation.two-modes.moving-q")),
        Arguments.of("wrong sign in the kernel's drift: a = C_s/C_t", Mutations.transitions(a -> 1 / a, b -> b),
            QUADRATURE,
            List.of("dissipation.double-well.frozen-q", "dissipation.double-well.entropy",
                "dissipation.two-modes.kl-free")),
        Arguments.of("½ in the noise of the Langevin equation", Mutations.rates(1, 0.5), QUADRATURE,
            List.of("dissipation.double-well.frozen-q", "dissipation.double-well.entropy",
                "dissipation.double-well.speed",
                "dissipation.two-modes.moving-q", "steepest-descent.double-well.rate",
                    "steepest-descent.double-well.best",
                "steepest-descent.double-well.first-order", "steepest-descent.two-modes.first-order")),
        Arguments.of("½ in the noise of the Langevin equation, density", Mutations.rates(1, 0.5), DENSITY,
            List.of("density.double-well.fokker-planck.order", "density.double-well.fokker-planck.limit")),
        Arguments.of("wrong sign in the drift of the Langevin equation", Mutations.rates(-1, 1), QUADRATURE,
            List.of("dissipation.double-well.frozen-q", "dissipation.double-well.entropy",
                "steepest-descent.double-well.rate",
                "steepest-descent.two-modes.best", "steepest-descent.two-modes.first-order")),
        Arguments.of("wrong sign in the drift of the Langevin equation, density", Mutations.rates(-1, 1), DENSITY,
            List.of("density.double-well.fokker-planck.order", "density.double-well.fokker-planck.limit")),
        Arguments.of("½ in the drift", Mutations.rates(0.5, 1), QUADRATURE,
            List.of("dissipation.double-well.frozen-q", "dissipation.double-well.entropy",
                "steepest-descent.double-well.first-order")),
        Arguments.of("the metric's B for B/2", Mutations.mobility(2), QUADRATURE,
            List.of("dissipation.double-well.frozen-q", "dissipation.double-well.moving-q",
                "dissipation.double-well.kl-free",
                "dissipation.double-well.entropy", "dissipation.double-well.speed", "steepest-descent.double-well.rate",
                "steepest-descent.two-modes.rate")),
        Arguments.of("the metric's B for B/2, density", Mutations.mobility(2), DENSITY,
            List.of("density.double-well.fokker-planck.order", "density.double-well.fokker-planck.limit")),
        Arguments.of("the metric's B for B/2, lattice", Mutations.mobility(2), LATTICE,
            List.of("lattice.dissipation.entropy", "lattice.dissipation.frozen-q", "lattice.dissipation.moving-q",
                "lattice.dissipation.kl-free", "lattice.total-dissipation")),
        Arguments.of("Q ∝ e^(−Ŝ) for e^(−2Ŝ)", Mutations.targetWeight(1), QUADRATURE,
            List.of("dissipation.double-well.frozen-q", "dissipation.double-well.moving-q",
                "dissipation.double-well.speed",
                "dissipation.two-modes.frozen-q")),
        Arguments.of("Q ∝ e^(−Ŝ) for e^(−2Ŝ), density", Mutations.targetWeight(1), DENSITY,
            List.of("density.double-well.fokker-planck.order", "density.double-well.fokker-planck.limit")),
        Arguments.of("Q ∝ e^(−Ŝ) for e^(−2Ŝ), lattice", Mutations.targetWeight(1), LATTICE,
            List.of("lattice.dissipation.frozen-q", "lattice.dissipation.moving-q")),
        Arguments.of("W²/(4h) for W²/(2h)", Mutations.movementStep(2),
            List.of("density.double-well", "energy-dissipation.double-well"),
            List.of("density.double-well.minimising-movement.order", "density.double-well.minimising-movement.limit",
                "energy-dissipation.double-well.speed", "energy-dissipation.double-well.slope")),
        Arguments.of("W²/h for W²/(2h)", Mutations.movementStep(0.5), List.of("energy-dissipation.double-well"),
            List.of("energy-dissipation.double-well.speed", "energy-dissipation.double-well.equality",
                "energy-dissipation.double-well.order")),
        Arguments.of("a scheme of first order in time", Mutations.implicitSteps(), DENSITY,
            List.of("density.double-well.fokker-planck.order", "density.double-well.fokker-planck.order-in-time")),
        Arguments.of("½ in the variance of the particles' noise", Mutations.polchinski(a -> a, b -> HALF * b),
            PARTICLES,
            List.of("density.double-well.particles.chi-squared", "density.double-well.particles.phi2",
                "density.double-well.particles.phi4", "density.double-well.particles.number-order")),
        Arguments.of("σ for σ² in the particles' noise", Mutations.polchinski(a -> a, Math::sqrt), PARTICLES,
            List.of("density.double-well.particles.chi-squared", "density.double-well.particles.phi2")),
        Arguments.of("½ in the variance of the fields' noise", Mutations.polchinski(a -> a, b -> HALF * b), LATTICE,
            List.of("lattice.dissipation.entropy", "lattice.dissipation.frozen-q", "lattice.dissipation.kl-free",
                "lattice.score.noise")),
        Arguments.of("√(C_t/C_s) in the fields' drift", Mutations.polchinski(Math::sqrt, b -> b), LATTICE,
            List.of("lattice.dissipation.frozen-q", "lattice.score.force", "lattice.score.noise")),
        Arguments.of("fields from e^(−2S)", Mutations.halfTheNoiseVariance(), LATTICE,
            List.of("lattice.dissipation.entropy", "lattice.dissipation.frozen-q", "lattice.score.force")),
        Arguments.of("½ in the seed action's force", Mutations.wegnerMorris(0.5f),
            List.of("density.wegner-morris.particles", "lattice.dissipation.wegner-morris"),
            List.of("density.wegner-morris.particles.chi-squared", "density.wegner-morris.particles.phi2",
                "lattice.dissipation.wegner-morris")),
        Arguments.of("wrong sign of the seed action's force", Mutations.wegnerMorris(-1),
            List.of("lattice.dissipation.wegner-morris"), List.of("lattice.dissipation.wegner-morris")),
        Arguments.of("Q ∝ e^(−Ŝ) with a quartic seed action", Mutations.targetWeight(1),
            List.of("dissipation.wegner-morris", "lattice.dissipation.wegner-morris"),
            List.of("dissipation.wegner-morris.moving-q", "lattice.dissipation.wegner-morris")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutations")
  void aWrongFactorFails(String mutation, Subject subject, List<String> measurements, List<String> mustFail) {
    SuiteReport report = run(subject, measurements);
    TreeSet<String> failed = new TreeSet<>();
    report.checks().stream().filter(c -> c.verdict() == Verdict.FAIL).forEach(c -> failed.add(c.id()));
    assertThat(report.checks()).extracting(Check::statement).noneMatch(s -> s.contains("Exception"));
    assertThat(failed).as(mutation).containsAll(mustFail);
  }
}
