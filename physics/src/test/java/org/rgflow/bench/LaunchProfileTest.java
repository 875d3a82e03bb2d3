package org.rgflow.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rgflow.bench.LaunchProfile.Line;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Launch;
import org.rgflow.device.Program;

class LaunchProfileTest {
  /** Counts its runs and takes some milliseconds. */
  private record Wait(int[] runs, int milliseconds) implements Launch {
    @Override
    public int items() {
      return 1;
    }

    @Override
    public int cost() {
      return 7;
    }

    @Override
    public void run(int begin, int end) {
      runs[0]++;
      long stop = System.nanoTime() + milliseconds * 1_000_000L;
      while (System.nanoTime() < stop) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void launchesOfOneNameAreAddedAndTheSlowestComeFirst() {
    int[] runs = new int[1];
    List<Program> programs = List.of(
        new Program("a").add(new Wait(runs, 1)).add(new Wait(runs, 6)), new Program("b").add(new Wait(runs, 7)));
    List<Line> lines;
    try (JvmDevice device = new JvmDevice(1)) {
      lines = LaunchProfile.measure(device, 3, launch -> ((Wait) launch).milliseconds() > 5 ? "slow" : "fast", programs);
    }
    assertThat(runs[0]).isEqualTo(9);
    assertThat(lines).extracting(Line::name).containsExactly("slow", "fast");
    assertThat(lines).extracting(Line::count).containsExactly(2, 1);
    assertThat(lines).extracting(Line::operations).containsExactly(14.0, 7.0);
    assertThat(lines.getFirst().seconds()).isGreaterThanOrEqualTo(0.013);
    assertThat(lines.getLast().seconds()).isGreaterThanOrEqualTo(0.001);
  }

  @Test
  void noRoundsAreRefused() {
    try (JvmDevice device = new JvmDevice(1)) {
      assertThatThrownBy(() -> LaunchProfile.measure(device, 0, Launch::toString, List.of()))
          .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("at least one round");
    }
  }
}
