package org.rgflow.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JvmDeviceTest {
  /** x[i] ← 3 x[i] + x of the other end: each launch needs all of the one before. */
  private record Mix(int[] x, int[] y) implements Launch {
    @Override
    public int items() {
      return x.length;
    }

    @Override
    public void run(int begin, int end) {
      for (int i = begin; i < end; i++) {
        y[i] = 3 * x[i] + x[x.length - 1 - i] + i;
      }
    }

    @Override
    public int cost() {
      return 1000;
    }
  }

  /** y[i] ← 5 x[i] + x of the other end of the same group: each launch needs all of its group in the one before. */
  private record GroupMix(int[] x, int[] y, int groups, int cost) implements Launch {
    @Override
    public int items() {
      return x.length;
    }

    @Override
    public void run(int begin, int end) {
      int size = x.length / groups;
      for (int i = begin; i < end; i++) {
        y[i] = 5 * x[i] + x[i / size * size + size - 1 - i % size] + i;
      }
    }
  }

  /** Counts its ranges. */
  private record Ranges(int rangeCost, AtomicInteger count) implements Launch {
    @Override
    public int items() {
      return 100;
    }

    @Override
    public void run(int begin, int end) {
      count.incrementAndGet();
    }

    @Override
    public int cost() {
      return 1000;
    }
  }

  /** The 100,000 operations are cut into two ranges for each thread where a range begins with little work. */
  @ParameterizedTest
  @CsvSource({"1, 0, 2", "1, 50000, 1", "2, 0, 4", "2, 700, 4", "2, 800, 2", "2, 50000, 2"})
  void costlyRangesAreFew(int threads, int rangeCost, int ranges) {
    Ranges launch = new Ranges(rangeCost, new AtomicInteger());
    Program program = new Program("ranges").add(launch);
    try (JvmDevice device = new JvmDevice(threads); Session session = device.open(program)) {
      session.run(program);
    }
    assertThat(launch.count()).hasValue(ranges);
  }

  private static int[] run(int threads, int repetitions) {
    int[] x = new int[840];
    int[] y = new int[840];
    Program program = new Program("mix");
    for (int k = 0; k < 4; k++) {
      program.add(new Mix(x, y)).add(new GroupMix(y, x, 8, 1000)).add(new GroupMix(x, y, 8, 1000)).add(new Mix(y, x))
          .add(new GroupMix(x, y, 3, 1000)).add(new GroupMix(y, x, 3, 10)).add(new GroupMix(x, y, 3, 1000))
          .add(new GroupMix(y, x, 5, 10));
    }
    try (JvmDevice device = new JvmDevice(threads); Session session = device.open(program)) {
      for (int i = 0; i < repetitions; i++) {
        session.run(program);
      }
    }
    return x;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 7, 16, 33, 40})
  void anyNumberOfThreadsGivesTheSame(int threads) {
    assertThat(run(threads, 300)).isEqualTo(run(1, 300));
  }

  /** Programs of different lengths by turns. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7})
  void programsByTurnsGiveTheSameOnAnyNumberOfThreads(int threads) {
    assertThat(turns(threads)).isEqualTo(turns(1));
  }

  private static int[] turns(int threads) {
    int[] x = new int[840];
    int[] y = new int[840];
    Program[] programs = {
      new Program("long").add(new Mix(x, y)).add(new Mix(y, x)).add(new GroupMix(x, y, 8, 1000)).add(new Mix(y, x)),
      new Program("short").add(new Mix(y, x)),
      new Program("groups").add(new GroupMix(x, y, 3, 1000)).add(new GroupMix(y, x, 3, 1000))
          .add(new GroupMix(x, y, 8, 1000))};
    try (JvmDevice device = new JvmDevice(threads); Session session = device.open(programs)) {
      for (int i = 0; i < 2000; i++) {
        session.run(programs[i * 7 % 5 % 3]);
      }
    }
    return x;
  }

  /** Threads that come late find their ranges taken; pauses let them park. */
  @Test
  void lateThreadsAreNotWaitedForAndRunNothingTwice() throws InterruptedException {
    AtomicInteger[] runs = new AtomicInteger[64];
    for (int i = 0; i < runs.length; i++) {
      runs[i] = new AtomicInteger();
    }
    Launch count = new Launch() {
      @Override
      public int items() {
        return runs.length;
      }

      @Override
      public void run(int begin, int end) {
        for (int i = begin; i < end; i++) {
          runs[i].incrementAndGet();
        }
      }

      @Override
      public int cost() {
        return 10_000;
      }
    };
    Program program = new Program("count").add(count).add(count);
    try (JvmDevice device = new JvmDevice(5); Session session = device.open(program)) {
      for (int i = 0; i < 200; i++) {
        session.run(program);
        if (i % 20 == 0) {
          Thread.sleep(3);
        }
      }
    }
    for (AtomicInteger run : runs) {
      assertThat(run.get()).isEqualTo(400);
    }
  }

  @Test
  void anExceptionOfAnyThreadReachesTheCallerAndTheDeviceLivesOn() {
    int[] fails = {-1};
    Launch launch = new Launch() {
      @Override
      public int items() {
        return 100;
      }

      @Override
      public void run(int begin, int end) {
        if (begin <= fails[0] && fails[0] < end) {
          throw new IllegalStateException("item " + fails[0]);
        }
      }

      @Override
      public int cost() {
        return 10_000;
      }
    };
    Program program = new Program("failing").add(launch);
    try (JvmDevice device = new JvmDevice(4); Session session = device.open(program)) {
      for (int item : new int[] {0, 30, 60, 99}) {
        fails[0] = item;
        assertThatThrownBy(() -> session.run(program)).isInstanceOf(IllegalStateException.class).hasMessage("item " + item);
        fails[0] = -1;
        session.run(program);
      }
    }
  }

  @Test
  void refusesWhatItCannotDo() {
    assertThatThrownBy(() -> new JvmDevice(0)).hasMessageContaining("at least one thread");
    try (JvmDevice device = new JvmDevice(1); Session session = device.open(new Program("a"))) {
      assertThatThrownBy(() -> session.run(new Program("b"))).hasMessageContaining("b was not opened");
    }
    assertThatThrownBy(() -> new Program("p").add(new GroupMix(new int[10], new int[10], 3, 1)))
        .hasMessageContaining("do not form 3 groups");
  }
}
