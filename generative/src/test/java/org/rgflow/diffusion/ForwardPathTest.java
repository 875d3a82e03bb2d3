package org.rgflow.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.data.ColorImage;
import org.rgflow.device.JvmDevice;
import org.rgflow.random.RandomStream;

class ForwardPathTest {
  private static final int SIDE = 2;
  private static final int PATCHES = 48;
  private static final PixelSpace SPACE = new PixelSpace(
      new ModeBatch(1, 3 * SIDE * SIDE, PATCHES * PATCHES), 3, PATCHES, PATCHES, SIDE);

  private static ColorImage picture() {
    float[] values = new float[SPACE.batch().imageSize()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.5f + 0.4f * (float) Math.sin(0.31 * i);
    }
    return new ColorImage(3, SPACE.height(), SPACE.width(), values);
  }

  /**
   * x_t = √ᾱ_t x_0 + √(1 − ᾱ_t) z after one step and after four: the regression on x_0 and the variance of the rest. With
   * n = 2304 patches the variance has the standard deviation √(2/n) = 0.029 of itself, the mean of the rest 0.021 √v; 96
   * comparisons at five of those raise a false alarm once in 20,000 runs, and the seed is fixed.
   */
  @ParameterizedTest
  @ValueSource(strings = {"fermi", "fermi-terminal", "cosine", "blurring", "equal-snr"})
  void everyModeHasTheSignalAndTheNoiseOfItsSchedule(String name) {
    double[] deviation = new double[12];
    Arrays.setAll(deviation, k -> 1.0 / (1 + k));
    NoiseSchedule schedule = NoiseSchedules.named(name, SIDE, 3, deviation, 100);
    try (JvmDevice device = new JvmDevice(1);
        ForwardPath path = new ForwardPath(device, SPACE, schedule, new RandomStream(3))) {
      for (double[] times : new double[][] {{60}, {0, 20.5, 40, 60}}) {
        path.start(picture());
        float[] clean = path.modes().clone();
        for (double time : times) {
          path.advance(time);
        }
        int n = SPACE.batch().positions();
        for (int k = 0; k < 12; k++) {
          double alphaBar = schedule.alphaBar(k, 60);
          double sum = 0;
          double squares = 0;
          for (int i = k * n; i < (k + 1) * n; i++) {
            double rest = path.modes()[i] - Math.sqrt(alphaBar) * clean[i];
            sum += rest / n;
            squares += rest * rest / n;
          }
          double variance = 1 - alphaBar;
          assertThat(sum).as("mode %d", k).isCloseTo(0, within(5 * Math.sqrt(variance / n)));
          assertThat(squares).as("mode %d", k).isCloseTo(variance, within(5 * variance * Math.sqrt(2.0 / n)));
        }
      }
    }
  }

  @Test
  void startsFromThePictureAndFollowsTime() {
    NoiseSchedule schedule = NoiseSchedules.cosine(12, 100);
    try (JvmDevice device = new JvmDevice(1);
        ForwardPath path = new ForwardPath(device, SPACE, schedule, new RandomStream(3))) {
      path.start(picture());
      float[] shown = path.image().values();
      for (int i = 0; i < shown.length; i++) {
        assertThat(shown[i]).isCloseTo(picture().values()[i], within(2e-6f));
      }
      path.advance(50);
      assertThatIllegalArgumentException().isThrownBy(() -> path.advance(49));
      assertThatIllegalArgumentException().isThrownBy(() -> path.advance(100));
    }
    try (JvmDevice device = new JvmDevice(1)) {
      assertThatIllegalArgumentException().isThrownBy(
          () -> new ForwardPath(device, SPACE, NoiseSchedules.cosine(4, 100), new RandomStream(3)));
    }
  }

  /** Published Fermi schedule (2402.17090): (μ − ε)/T' with μ from 4 to −4, ε from −2 to 2, T' = ½. */
  @Test
  void limitsOfThePublishedSchedule() {
    NoiseSchedule schedule = NoiseSchedules.fermi(FermiSchedule.published(4), 1);
    double[] unit = new double[16];
    Arrays.fill(unit, 1);
    SnrLimits first = SnrLimits.of(schedule, unit, 0);
    assertThat(first.lowest()).isCloseTo(4, within(1e-9));
    assertThat(first.lowestMode()).isEqualTo(15);
    assertThat(first.highest()).isCloseTo(12, within(1e-9));
    assertThat(first.highestMode()).isZero();
    unit[15] = Math.exp(-1);
    SnrLimits last = SnrLimits.of(schedule, unit, 999);
    assertThat(last.lowest()).isCloseTo(-14, within(1e-9));
    assertThat(last.highest()).isCloseTo(-4, within(1e-9));
    assertThatIllegalArgumentException().isThrownBy(() -> SnrLimits.of(schedule, new double[15], 0));
  }
}
