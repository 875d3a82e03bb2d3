package org.rgflow.training.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rgflow.training.bench.ImagesBench.Length;
import org.rgflow.training.bench.ImagesBench.Monitor;

/**
 * Runs several things in turns, A B B A A B, and keeps the times: a machine that slows down is no disadvantage for one
 * of them. Kernels take many short turns, since the speed of a shared machine may double within a second.
 */
final class Rounds {
  private static final double LONG = 1;
  private static final double SHORT = 0.05;

  /** Runs before anything is measured, however long they take: a network's first steps wait for the compiler. */
  private static final int WARM_UP_RUNS = 5;

  /** Something that is measured. */
  @FunctionalInterface
  interface Timed {
    /** Repeats for about so long, once at least. @return median seconds of one */
    double seconds(double duration) throws IOException;
  }

  private final Length length;
  private final Monitor monitor;

  Rounds(Length length, Monitor monitor) {
    this.length = length;
    this.monitor = monitor;
  }

  /** A task of this JVM, warmed up by the first call that measures. */
  Timed ours(Runnable task) {
    return new Timed() {
      private boolean warm;

      @Override
      public double seconds(double duration) {
        if (!warm) {
          repeat(task, duration >= LONG ? (length == Length.QUICK ? 3 : 8) : 0.5, WARM_UP_RUNS);
          warm = true;
        }
        return repeat(task, duration, 1);
      }
    };
  }

  private static double repeat(Runnable task, double duration, int leastRuns) {
    List<Double> times = new ArrayList<>();
    long begin = System.nanoTime();
    do {
      long start = System.nanoTime();
      task.run();
      times.add(1e-9 * (System.nanoTime() - start));
    } while (times.size() < leastRuns || System.nanoTime() - begin < duration * 1e9);
    return median(times.stream().mapToDouble(t -> t).sorted().toArray());
  }

  /** Whole networks. @return seconds by thing and round */
  double[][] ofNetworks(String what, Timed... things) throws IOException {
    return take(what, length == Length.QUICK ? 3 : 5, LONG, List.<Timed[]>of(things))[0];
  }

  /**
   * Single kernels. The first round of every comparison comes before the second of any, so that a slow minute of the
   * machine costs each of them a few rounds, which their medians forget, and none of them all.
   *
   * @param comparisons the things of each
   * @return seconds by comparison, thing and round
   */
  double[][][] ofKernels(String what, List<Timed[]> comparisons) throws IOException {
    return take(what, length == Length.QUICK ? 15 : 51, SHORT, comparisons);
  }

  private double[][][] take(String what, int rounds, double duration, List<Timed[]> comparisons) throws IOException {
    double[][][] seconds = new double[comparisons.size()][][];
    for (int c = 0; c < seconds.length; c++) {
      seconds[c] = new double[comparisons.get(c).length][rounds];
    }
    int total = rounds * comparisons.stream().mapToInt(things -> things.length).sum();
    int done = 0;
    for (int round = 0; round < rounds; round++) {
      for (int c = 0; c < seconds.length; c++) {
        Timed[] things = comparisons.get(c);
        for (int turn = 0; turn < things.length; turn++) {
          int i = round % 2 == 0 ? turn : things.length - 1 - turn;
          monitor.progress(what, done++, total);
          seconds[c][i][round] = things[i].seconds(duration);
        }
      }
    }
    return seconds;
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted.length % 2 == 1 ? sorted[sorted.length / 2]
        : 0.5 * (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]);
  }
}
