package org.rgflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateTest {
  @Test
  void warmsUpLinearlyAndFallsAsACosine() {
    LearningRate rate = new LearningRate(2e-4, 5000, 800_000);
    assertThat(rate.at(0)).isCloseTo(4e-8, within(1e-20));
    assertThat(rate.at(2499)).isCloseTo(1e-4, within(1e-18));
    assertThat(rate.at(4999)).isCloseTo(2e-4, within(1e-18));
    assertThat(rate.at(5000)).isEqualTo(2e-4);
    assertThat(rate.at(5000 + 397_500)).isCloseTo(1e-4, within(1e-18));
    assertThat(rate.at(5000 + 265_000)).isCloseTo(1.5e-4, within(1e-18));
    assertThat(rate.at(799_999)).isBetween(0.0, 1e-14);
    assertThat(rate.at(800_000)).isZero();
    assertThat(rate.at(Long.MAX_VALUE)).isZero();
  }

  @Test
  void neverExceedsThePeak() {
    for (LearningRate rate : new LearningRate[] {
        new LearningRate(1, 0, 1), new LearningRate(1, 0, 10), new LearningRate(1, 10, 5), new LearningRate(1, 3, 20)}) {
      for (int step = 0; step < 30; step++) {
        assertThat(rate.at(step)).isBetween(0.0, 1.0);
      }
    }
    assertThat(new LearningRate(1, 0, 1).at(0)).isEqualTo(1);
  }

  @Test
  void namesImpossibleNumbers() {
    assertThatThrownBy(() -> new LearningRate(0, 1, 1)).hasMessageContaining("learning rate");
    assertThatThrownBy(() -> new LearningRate(Double.NaN, 1, 1)).hasMessageContaining("learning rate");
    assertThatThrownBy(() -> new LearningRate(1, -1, 1)).hasMessageContaining("warm-up of -1");
    assertThatThrownBy(() -> new LearningRate(1, 0, 0)).hasMessageContaining("0 steps");
    assertThatThrownBy(() -> new LearningRate(1, 0, 1).at(-1)).hasMessageContaining("-1");
  }
}
