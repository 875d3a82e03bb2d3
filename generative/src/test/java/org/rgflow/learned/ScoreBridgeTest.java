package org.rgflow.learned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.model.ModelFile;
import org.rgflow.model.ModelLocation;
import org.rgflow.sampler.RunMonitor;
import org.rgflow.statistics.ImportanceWeights;

/** Bridges of the free theory of {@link ScoreGeneratorTest}, with and without a network that nobody trained. */
class ScoreBridgeTest {
  /** Of ln w. */
  static double variance(ImportanceWeights weights, int count) {
    double[] logWeights = IntStream.range(0, count).mapToDouble(weights::logWeight).toArray();
    double mean = Arrays.stream(logWeights).average().orElseThrow();
    return Arrays.stream(logWeights).map(w -> (w - mean) * (w - mean)).average().orElseThrow();
  }

  /** Without a force there is nothing that could move: two levels, and weights that are all Z. */
  @Test
  void aFreeTheoryNeedsTwoLevels() {
    ScoreModel model = ScoreGeneratorTest.model(0);
    try (Device device = new JvmDevice(2)) {
      ScoreLevels levels = ScoreBridge.adapt(model, 0.99, 1, device, RunMonitor.SILENT);
      assertThat(levels.count()).isEqualTo(2);
      assertThat(levels.variance()).isZero();
      ImportanceWeights weights = ScoreBridge.run(model, levels, 64, 1, device, RunMonitor.SILENT).weights();
      assertThat(weights.effectiveFraction()).isCloseTo(1, within(1e-6));
      assertThat(weights.logMean().mean())
          .isCloseTo(ScoreGeneratorTest.logPartition(), within(1e-4)); // rounding of 16 floats
    }
  }

  /** Most of the variance is the network's own; 4 standard errors, a false alarm in 16,000. */
  @Test
  void anyScoreGivesThePartitionFunction() {
    ScoreModel model = ScoreGeneratorTest.model(0.12);
    try (Device device = new JvmDevice(2)) {
      ScoreLevels levels = ScoreBridge.adapt(model, 0.99, 1, device, RunMonitor.SILENT);
      assertThat(levels.conditionalEss()).isBetween(0.99, 1.0);
      ImportanceWeights weights = ScoreBridge.run(model, levels, 4096, 1, device, RunMonitor.SILENT).weights();
      assertThat(weights.effectiveFraction()).isBetween(0.2, 0.95);
      assertThat(weights.logMean().error()).isLessThan(0.03);
      assertThat(weights.logMean().mean())
          .isCloseTo(ScoreGeneratorTest.logPartition(), within(4 * weights.logMean().error()));
    }
  }

  @Test
  void levelsAndWeightsDependOnModelAndSeedAlone() {
    ScoreModel model = ScoreGeneratorTest.model(0.3);
    try (Device one = new JvmDevice(1); Device two = new JvmDevice(2)) {
      ScoreLevels levels = ScoreBridge.adapt(model, 0.99, 3, one, RunMonitor.SILENT);
      assertThat(levels.count()).isGreaterThan(2);
      assertThat(ScoreBridge.adapt(model, 0.99, 3, two, RunMonitor.SILENT).places()).isEqualTo(levels.places());
      assertThat(ScoreBridge.adapt(model, 0.99, 4, two, RunMonitor.SILENT).places()).isNotEqualTo(levels.places());
      ImportanceWeights few = ScoreBridge.run(model, levels, 100, 3, one, RunMonitor.SILENT).weights();
      ImportanceWeights many = ScoreBridge.run(model, levels, 600, 3, two, RunMonitor.SILENT).weights();
      for (int i = 0; i < 100; i++) {
        assertThat(few.logWeight(i)).isEqualTo(many.logWeight(i));
      }
    }
  }

  @Test
  void takesANumberOfLevelsAndCanBeStopped() {
    ScoreModel model = ScoreGeneratorTest.model(0.3);
    try (Device device = new JvmDevice(1)) {
      assertThat(ScoreBridge.adapt(model, 7, 3, device, RunMonitor.SILENT).count()).isEqualTo(7);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ScoreBridge.adapt(model, 1, 3, device, RunMonitor.SILENT))
          .withMessage("a score model needs 2 to 1000000 steps, not 1");
      AtomicInteger calls = new AtomicInteger();
      assertThatThrownBy(() -> ScoreBridge.adapt(model, 7, 3, device, (stage, done, total) -> {
        assertThat(stage).isEqualTo("finding levels");
        assertThat(done).isEqualTo(calls.incrementAndGet());
        return done < 20;
      })).isInstanceOf(CancellationException.class);
      assertThat(calls).hasValue(20);
    }
  }

  /**
   * 50 levels of the model of 8×8 sites: with levels at equal distances in r² the variance of ln w is larger by 0.1;
   * the error of that is 0.02, (2/2048)^½ of either variance.
   */
  @Test
  @Tag("heavy")
  void theLevelsOfAnInteractingTheoryAreWorthFinding() throws IOException {
    ScoreModel model;
    try (ModelFile file = ModelLocation.of("bundled:phi4-8x8-score").open()) {
      model = ScoreModel.read(file);
    }
    try (Device device = new JvmDevice(2)) {
      ScoreLevels found = ScoreBridge.adapt(model, 50, 1, device, RunMonitor.SILENT);
      ScoreLevels fixed = new ScoreLevels(model.path().places(50), Double.NaN);
      double after = variance(ScoreBridge.run(model, found, 2048, 1, device, RunMonitor.SILENT).weights(), 2048);
      double before = variance(ScoreBridge.run(model, fixed, 2048, 1, device, RunMonitor.SILENT).weights(), 2048);
      assertThat(after).isBetween(found.variance(), before - 0.04);
    }
  }
}
