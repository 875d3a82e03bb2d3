package org.rgflow.learned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.rgflow.lattice.Lattice;
import org.rgflow.spectral.LatticeModes;
import org.rgflow.spectral.ModeSchedule;

/** The path in its own variables against the exact transitions of Polchinski's flow. */
class ScorePathTest {
  private static final Lattice LATTICE = Lattice.square(5);
  private static final ScorePath PATH = path(0.7);

  /** A propagator that is no free one. */
  private static ScorePath path(double referenceMass2) {
    LatticeModes modes = new LatticeModes(LATTICE);
    double[] propagator = modes.orbits().stream().mapToDouble(o -> 0.6 / (0.3 + o.momentum2()) + 0.01).toArray();
    return new ScorePath(LATTICE, 0.5, referenceMass2, propagator);
  }

  @Test
  void variancesAndCorrelationsAreThoseOfTheFlow() {
    for (double s : new double[] {0.1, 0.5, 0.9, 1}) {
      ModeSchedule.Transition transition = PATH.schedule()
          .transition(Double.POSITIVE_INFINITY, PATH.scale(s) * PATH.scale(s), ModeSchedule.Variable.FIELD);
      for (int k = 0; k < LATTICE.sites(); k++) {
        double a = transition.decay()[k];
        double variance = a * a * PATH.propagator(k) + transition.noise()[k] * transition.noise()[k];
        assertThat(PATH.deviation(k, s)).isCloseTo(Math.sqrt(variance), within(1e-13));
        assertThat(PATH.correlation(k, s))
            .isCloseTo(a * Math.sqrt(PATH.propagator(k) / variance), within(1e-12));
        assertThat(PATH.unresolved(k, s))
            .isCloseTo(transition.noise()[k] * transition.noise()[k] / variance, within(1e-12));
      }
    }
  }

  @Test
  void beginsAtTheBareFieldAndEndsInNoise() {
    assertThat(PATH.scale(0)).isEqualTo(Double.POSITIVE_INFINITY);
    for (int k = 0; k < LATTICE.sites(); k++) {
      assertThat(PATH.correlation(k, 0)).isEqualTo(1);
      assertThat(PATH.unresolved(k, 0)).isEqualTo(0);
      assertThat(PATH.unresolved(k, 1e-12)).isPositive();
      assertThat(PATH.deviation(k, 0)).isCloseTo(Math.sqrt(PATH.propagator(k)), within(1e-15));
      assertThat(PATH.correlation(k, 1)).isLessThan(0.2);
    }
    assertThat(Math.exp(-PATH.referenceMass2() * PATH.properTime(1))).isCloseTo(0.01, within(1e-12));
  }

  /** Central differences of h = 1e-5, whose error is below 1e-8. */
  @Test
  void theRateIsTheDerivativeOfTheCorrelation() {
    for (double s : new double[] {0.01, 0.3, 0.8}) {
      for (int k = 0; k < LATTICE.sites(); k++) {
        double difference = (PATH.correlation(k, s + 1e-5) - PATH.correlation(k, s - 1e-5)) / 2e-5;
        assertThat(PATH.correlationRate(k, s)).isCloseTo(difference, within(1e-7));
      }
    }
  }

  /** √Σ_k (r'_k² − r_k²)² of 200 steps: all alike, but for the difference between a chord and its arc. */
  @Test
  void placesLieAtEqualDistancesInTheSquaresOfTheCorrelations() {
    int steps = 200;
    double[] places = PATH.places(steps);
    assertThat(places).hasSize(steps + 1);
    assertThat(places[0]).isEqualTo(1);
    assertThat(places[steps]).isEqualTo(0);
    double[] chords = new double[steps];
    for (int i = 0; i < steps; i++) {
      assertThat(places[i + 1]).isLessThan(places[i]);
      double sum = 0;
      for (int k = 0; k < LATTICE.sites(); k++) {
        double from = Math.pow(PATH.correlation(k, places[i]), 2);
        double to = Math.pow(PATH.correlation(k, places[i + 1]), 2);
        sum += (to - from) * (to - from);
      }
      chords[i] = Math.sqrt(sum);
    }
    double mean = Arrays.stream(chords).average().orElseThrow();
    for (double chord : chords) {
      assertThat(chord).isCloseTo(mean, within(1e-3 * mean));
    }
    assertThat(PATH.places(1)).containsExactly(1, 0);
  }

  @Test
  void refusesWhatIsNoTheory() {
    assertThatIllegalArgumentException().isThrownBy(() -> path(0)).withMessageContaining("reference mass squared");
    assertThatIllegalArgumentException().isThrownBy(() -> new ScorePath(LATTICE, 1, 1, new double[3]))
        .withMessageContaining("3 values of the propagator for the 6 orbits of 5x5");
    assertThatIllegalArgumentException().isThrownBy(() -> new ScorePath(LATTICE, 1, 1, new double[6]))
        .withMessageContaining("must be a positive number, not 0.0");
  }
}
