package org.rgflow.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

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
    return take(rounds, List.<Task[]>of(tasks), round -> {}).getFirst();
  }

  /**
   * Takes the rounds of several comparisons in turn: the first round of each, then the second of each. If something
   * else happens on the machine for a while, every comparison loses a few of its rounds, which its median forgets,
   * instead of one comparison all of them.
   *
   * @param comparisons the tasks of each
   * @param listener hears after every round how many have passed
   * @throws IOException if a peer fails
   * @throws IllegalArgumentException if there is no round, no comparison, or one without a task
   */
  public static List<PairedTimings> take(int rounds, List<Task[]> comparisons, IntConsumer listener)
      throws IOException {
    if (rounds < 1 || comparisons.isEmpty()) {
      throw new IllegalArgumentException(
          "timings need a round and a comparison, not " + rounds + " and " + comparisons.size());
    }
    for (Task[] tasks : comparisons) {
      if (tasks.length < 1) {
        throw new IllegalArgumentException("a comparison needs a task");
      }
    }
    List<PairedTimings> timings = comparisons.stream()
        .map(tasks -> new PairedTimings(new double[tasks.length][rounds])).toList();
    for (int round = 0; round < rounds; round++) {
      for (int c = 0; c < timings.size(); c++) {
        Task[] tasks = comparisons.get(c);
        for (int i = 0; i < tasks.length; i++) {
          // every other round backwards, so that no task always follows the same one
          int task = round % 2 == 0 ? i : tasks.length - 1 - i;
          timings.get(c).times[task][round] = tasks[task].time();
        }
      }
      listener.accept(round + 1);
    }
    return timings;
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
