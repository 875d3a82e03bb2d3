package org.rgflow.bench;

import java.io.IOException;
import java.util.Arrays;

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

  private final double[][] times;

  private PairedTimings(double[][] times) {
    this.times = times;
  }

  /**
   * Times every task in every round.
   *
   * @throws IOException if a peer fails
   * @throws IllegalArgumentException if there is no round or no task
   */
  public static PairedTimings take(int rounds, Task... tasks) throws IOException {
    if (rounds < 1 || tasks.length < 1) {
      throw new IllegalArgumentException("timings need a round and a task, not " + rounds + " and " + tasks.length);
    }
    double[][] times = new double[tasks.length][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < tasks.length; i++) {
        // every other round backwards, so that no task always follows the same one
        int task = round % 2 == 0 ? i : tasks.length - 1 - i;
        times[task][round] = tasks[task].time();
      }
    }
    return new PairedTimings(times);
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
