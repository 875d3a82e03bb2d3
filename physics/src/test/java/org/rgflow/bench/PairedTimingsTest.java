package org.rgflow.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ratios are taken within a round; known answers by hand. */
class PairedTimingsTest {
  @Test
  void aMachineThatSlowsDownDoesNotChangeTheRatio() throws IOException {
    double[] slowness = {1};
    PairedTimings times = PairedTimings.take(7, () -> 2 * slowness[0], () -> {
      double time = 3 * slowness[0];
      slowness[0] *= 1.5;
      return time;
    });

    // Rounds are forwards and backwards in turn, so the other task pays for the drift in one round, the first in the
    // next: 3/2 in rounds 0, 2, 4, 6 and 3/(2 · 1.5) in rounds 1, 3, 5.
    assertThat(times.ratio(1, 0)).isCloseTo(1.5, within(1e-12));
    assertThat(times.ratio(0, 1)).isCloseTo(2 / 3.0, within(1e-12));
  }

  @Test
  void theMedianOfAnEvenNumberOfRoundsIsTheMeanOfTheMiddleTwo() throws IOException {
    double[] times = {5, 1, 2, 40};
    int[] next = {0};

    assertThat(PairedTimings.take(4, () -> times[next[0]++]).median(0)).isEqualTo(3.5);
  }

  @Test
  void everyOtherRoundIsBackwards() throws IOException {
    List<Integer> order = new ArrayList<>();
    PairedTimings.take(2, () -> add(order, 0), () -> add(order, 1), () -> add(order, 2));

    assertThat(order).containsExactly(0, 1, 2, 2, 1, 0);
  }

  @Test
  void roundsOfSeveralComparisonsAreTakenInTurn() throws IOException {
    List<Integer> order = new ArrayList<>();
    List<Integer> passed = new ArrayList<>();
    List<PairedTimings> times = PairedTimings.take(2, List.of(
        new PairedTimings.Task[] {() -> add(order, 0), () -> add(order, 1)},
        new PairedTimings.Task[] {() -> 6 * add(order, 2), () -> 3 * add(order, 3)}), passed::add);

    assertThat(order).containsExactly(0, 1, 2, 3, 1, 0, 3, 2);
    assertThat(passed).containsExactly(1, 2);
    assertThat(times.get(0).ratio(0, 1)).isEqualTo(1);
    assertThat(times.get(1).ratio(0, 1)).isEqualTo(2);
  }

  @Test
  void aDisturbedWhileCostsNoComparisonMoreThanAFewRounds() throws IOException {
    // of 44 slices, those from the 9th to the 16th take ten times as long for the first task of each comparison
    int[] slices = {0};
    PairedTimings.Task disturbed = () -> slices[0]++ / 8 == 1 ? 10 : 1;
    PairedTimings.Task steady = () -> {
      slices[0]++;
      return 2;
    };
    List<PairedTimings> times = PairedTimings.take(11,
        List.of(new PairedTimings.Task[] {disturbed, steady}, new PairedTimings.Task[] {disturbed, steady}), r -> {});

    assertThat(times.get(0).ratio(1, 0)).isEqualTo(2);
    assertThat(times.get(1).ratio(1, 0)).isEqualTo(2);
  }

  @Test
  void nothingToTimeIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> PairedTimings.take(0, () -> 1));
    assertThatIllegalArgumentException().isThrownBy(() -> PairedTimings.take(1));
    assertThatIllegalArgumentException().isThrownBy(() -> PairedTimings.take(1, List.of(), r -> {}));
  }

  private static double add(List<Integer> order, int task) {
    order.add(task);
    return 1;
  }
}
