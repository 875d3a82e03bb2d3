package org.rgflow.learned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.lattice.Lattice;
import org.rgflow.spectral.LatticeModes;
import org.rgflow.statistics.ImportanceWeights;

/**
 * Levels for a Gaussian theory whose zero mode has 1 + δ times the variance that the path takes it to have. The force
 * of that mode is linear, f = r δ/(1 + r²δ) u, all others have none; every variance is known in closed form.
 */
class ScoreLevelsTest {
  private static final double EXCESS = -0.9;
  private static final ScorePath PATH = path();

  private static ScorePath path() {
    Lattice lattice = Lattice.square(4);
    double[] propagator =
        new LatticeModes(lattice).orbits().stream().mapToDouble(orbit -> 1 / (orbit.momentum2() + 0.3)).toArray();
    return new ScorePath(lattice, 1, 0.3, propagator);
  }

  /** f/u of a force that is {@code right} times the exact one. */
  private static double slope(double s, double right) {
    double r = PATH.correlation(0, s);
    return right * r * EXCESS / (1 + r * r * EXCESS);
  }

  /** ½ (r'² − r²) ⟨(f' − f)²⟩ of each step by the recursion for ⟨u²⟩. */
  private static double[] variances(double[] places, double right) {
    double[] result = new double[places.length - 1];
    double variance = 1;
    for (int i = 0; i < result.length; i++) {
      double r = PATH.correlation(0, places[i]);
      double after = PATH.correlation(0, places[i + 1]);
      double v = 1 - r * r / (after * after);
      double f = slope(places[i], right);
      double next = slope(places[i + 1], right);
      double carried = r / after + after * v * f;
      double moved = (next * carried - f) * (next * carried - f) * variance + next * next * v;
      result[i] = 0.5 * (after * after - r * r) * moved;
      variance = carried * carried * variance + v;
    }
    return result;
  }

  private static ScoreLevels adapt(int count, double right) {
    return ScoreLevels.adapt(PATH, length -> count, places -> variances(places, right));
  }

  /**
   * The length is that of Fisher and Rao between the variances 1 + r²δ at both ends of the path, |Δ ln|/√2, up to the
   * finite steps of the pilots, of first order in 1/N.
   */
  @Test
  void theLengthIsThatBetweenTheGaussians() {
    double r = PATH.correlation(0, 1);
    double exact = Math.abs(Math.log((1 + EXCESS) / (1 + r * r * EXCESS))) / Math.sqrt(2);
    for (int count : new int[] {16, 32, 64, 128}) {
      assertThat(adapt(count, 1).length()).isCloseTo(exact, within(1.5 / count * exact));
    }
  }

  /** Of 40 steps all alike within 3 %, where those of the path's own levels differ by a factor of 100. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 0.6})
  void adaptedLevelsHaveEqualVariances(double right) {
    ScoreLevels levels = adapt(40, right);
    assertThat(levels.count()).isEqualTo(40);
    double[] found = variances(levels.places(), right);
    double mean = Arrays.stream(found).average().orElseThrow();
    for (double v : found) {
      assertThat(v).isCloseTo(mean, within(0.03 * mean));
    }
    assertThat(levels.variance()).isCloseTo(40 * mean, within(0.02 * 40 * mean));
    double[] fixed = variances(PATH.places(40), right);
    assertThat(Arrays.stream(fixed).max().orElseThrow() / Arrays.stream(fixed).min().orElseThrow()).isGreaterThan(100);
    assertThat(Arrays.stream(fixed).sum()).isGreaterThan(2 * levels.variance());
  }

  /** ln w of paths of the zero mode, normalised to Z = 1, by the formulas of {@link ScoreGenerator}. */
  private static ImportanceWeights weights(double[] places, double right) {
    Random random = new Random(7);
    double[] logWeights = new double[40_000];
    for (int n = 0; n < logWeights.length; n++) {
      double u = random.nextGaussian();
      for (int i = 0; i < places.length - 1; i++) {
        double r = PATH.correlation(0, places[i]);
        double after = PATH.correlation(0, places[i + 1]);
        double v = 1 - r * r / (after * after);
        double f = slope(places[i], right) * u;
        double xi = random.nextGaussian();
        u = r / after * u + after * v * f + Math.sqrt(v) * xi;
        logWeights[n] -= after * Math.sqrt(v) * f * xi + 0.5 * after * after * v * f * f;
      }
      logWeights[n] += 0.5 * u * u - 0.5 * u * u / (1 + EXCESS) - 0.5 * Math.log(1 + EXCESS);
    }
    return new ImportanceWeights(logWeights);
  }

  /**
   * With 12 levels. The difference is 0.05 to 0.08 with an error of 0.003, and ⟨w⟩ = 1 within 4 standard deviations, a
   * false alarm in 16,000 for each of four.
   */
  @ParameterizedTest
  @ValueSource(doubles = {1, 0.6})
  void adaptedLevelsHaveTheLargerEffectiveSampleSize(double right) {
    ImportanceWeights fixed = weights(PATH.places(12), right);
    ImportanceWeights adapted = weights(adapt(12, right).places(), right);
    for (ImportanceWeights each : new ImportanceWeights[] {fixed, adapted}) {
      assertThat(each.logMean().mean()).isCloseTo(0, within(4 * each.logMean().error()));
    }
    assertThat(adapted.effectiveFraction()).isGreaterThan(fixed.effectiveFraction() + 0.04);
  }

  /** With the exact force nothing but the levels adds to the variance: the effective sample size is e^(−ΣV). */
  @Test
  void theVarianceIsThatOfTheWeights() {
    ScoreLevels levels = adapt(30, 1);
    assertThat(weights(levels.places(), 1).effectiveFraction()).isCloseTo(Math.exp(-levels.variance()), within(0.02));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.9, 0.99, 0.9995})
  void asManyLevelsAsTheConditionalEffectiveSampleSizeNeeds(double wanted) {
    ScoreLevels levels = ScoreLevels.adapt(PATH, ScoreLevels.numberFor(wanted), places -> variances(places, 1));
    assertThat(levels.conditionalEss()).isGreaterThanOrEqualTo(wanted);
    int fewer = levels.count() - 1;
    assertThat(Math.exp(-Math.pow(levels.length() / fewer, 2))).isLessThan(wanted);
    // And so it is of these levels, not only of the pilots'.
    double measured = Arrays.stream(variances(levels.places(), 1)).map(v -> Math.exp(-v)).min().orElseThrow();
    assertThat(1 - measured).isCloseTo(1 - wanted, within(0.2 * (1 - wanted)));
  }

  @Test
  void anExactDriftNeedsTwoLevels() {
    ScoreLevels levels =
        ScoreLevels.adapt(PATH, ScoreLevels.numberFor(0.99), places -> new double[places.length - 1]);
    assertThat(levels.places()).isEqualTo(PATH.places(2));
    assertThat(levels.variance()).isZero();
    assertThat(levels.conditionalEss()).isEqualTo(1);
  }

  /** Steps that cost nothing get no level of their own, and places still fall. */
  @Test
  void levelsAreWhereTheForceMoves() {
    ScoreLevels levels = ScoreLevels.adapt(PATH, length -> 8, places -> {
      double[] variances = new double[places.length - 1];
      for (int i = 0; i < variances.length; i++) {
        double inside = Math.max(0, Math.min(places[i], 0.5) - Math.max(places[i + 1], 0.25));
        variances[i] = inside * inside;
      }
      return variances;
    });
    for (int i = 1; i < 8; i++) {
      assertThat(levels.places()[i]).isLessThan(levels.places()[i - 1]).isBetween(0.25, 0.5);
    }
    assertThat(levels.length()).isCloseTo(0.25, within(1e-12));
  }

  @Test
  void endsAtTheMostLevels() {
    double wanted = 1 - 1e-12;
    ScoreLevels levels = ScoreLevels.adapt(PATH, ScoreLevels.numberFor(wanted), places -> variances(places, 1));
    assertThat(levels.count()).isEqualTo(ScoreLevels.MOST);
    assertThat(levels.conditionalEss()).isBetween(0.9999, wanted);
  }

  @Test
  void refusesWhatCannotBe() {
    for (double ess : new double[] {0, 1, Double.NaN}) {
      assertThatIllegalArgumentException().isThrownBy(() -> ScoreLevels.numberFor(ess))
          .withMessage("the conditional effective sample size must lie between 0 and 1, not " + ess);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> ScoreLevels.adapt(PATH, length -> 8, places -> {
      double[] variances = new double[places.length - 1];
      variances[3] = Double.NaN;
      return variances;
    })).withMessageContaining("is not finite on the way");
  }
}
