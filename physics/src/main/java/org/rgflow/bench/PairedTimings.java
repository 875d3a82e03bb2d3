package org.rgflow.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Times of several tasks that were taken in turn, round by round, so that a machine whose speed drifts is as fast for
 * one as for the others. Ratios are taken within a round.
 */
public final class PairedTimings {
  /** A task that is timed. */
  @FunctionalInterface
  public interface Task {
    /**
     * Runs for a while; returns the time of a unit of work.
     *
     * @throws IOException if a peer fails
     */
    double time() throws IOException;
  }

  /** By task and round. */
  private final double[][] times;
  private final int leftOut;

  private PairedTimings(List<double[]> rounds, int leftOut) {
    this.times = new double[rounds.getFirst().length][rounds.size()];
    for (int round = 0; round < rounds.size(); round++) {
      for (int task = 0; task < times.length; task++) {
        times[task][round] = rounds.get(round)[task];
      }
    }
    this.leftOut = leftOut;
  }

  /**
   * Times every task in every round.
   *
   * @throws IOException if a peer fails
   * @throws IllegalArgumentException if there is no round or no task
   */
  public static PairedTimings take(int rounds, Task... tasks) throws IOException {
    return take(rounds, rounds, times -> true, tasks);
  }

  /**
   * Times every task in every round, and leaves out rounds in which the machine was not itself: that has to be judged
   * by tasks which say nothing of the one that is compared.
   *
   * @param rounds that count
   * @param most rounds in all; if fewer than {@code rounds} of so many count, all of them do
   * @param counts judges the times of a round, in the order of the tasks
   * @throws IOException if a peer fails
   * @throws IllegalArgumentException if there is no round or no task
   */
  public static PairedTimings take(int rounds, int most, Predicate<double[]> counts, Task... tasks)
      throws IOException {
    if (rounds < 1 || most < rounds || tasks.length < 1) {
      throw new IllegalArgumentException("timings need a round and a task, not " + rounds + " of " + most + " and "
          + tasks.length);
    }
    List<double[]> all = new ArrayList<>();
    List<double[]> counted = new ArrayList<>();
    while (counted.size() < rounds && all.size() < most) {
      double[] times = new double[tasks.length];
      for (int i = 0; i < tasks.length; i++) {
        // every other round backwards, so that no task always follows the same one
        int task = all.size() % 2 == 0 ? i : tasks.length - 1 - i;
        times[task] = tasks[task].time();
      }
      all.add(times);
      if (counts.test(times)) {
        counted.add(times);
      }
    }
    return counted.size() < rounds ? new PairedTimings(all, 0)
        : new PairedTimings(counted, all.size() - counted.size());
  }

  /** Rounds that do not count. */
  public int leftOut() {
    return leftOut;
  }

  /** Median time of a task. */
  public double median(int task) {
    return median(times[task].clone());
  }

  /** Median over the rounds of the time of {@code other} over that of {@code task}: above 1, {@code task} is faster. */
  public double ratio(int other, int task) {
    double[] ratios = new double[times[task].length];
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] = times[other][round] / times[task][round];
    }
    return median(ratios);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]);
  }
}
