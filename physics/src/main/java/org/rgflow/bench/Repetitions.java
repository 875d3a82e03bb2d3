package org.rgflow.bench;

import java.util.Arrays;

/** Repeated timing of a short task in this JVM. */
public final class Repetitions {
  private static final int SAMPLES = 20;

  private Repetitions() {}

  /**
   * Times a task: a warm-up of {@code seconds}, then samples of at least 1/20 of that time each, every
   * sample a whole number of calls.
   *
   * @return nanoseconds per call of each sample
   */
  public static double[] time(Runnable task, double seconds) {
    long budget = (long) (seconds * 1e9);
    long begin = System.nanoTime();
    long calls = 0;
    do {
      task.run();
      calls++;
    } while (System.nanoTime() - begin < budget);
    double perCall = (System.nanoTime() - begin) / (double) calls;
    int perSample = (int) Math.max(1, Math.min(Integer.MAX_VALUE, budget / SAMPLES / perCall));
    double[] samples = new double[SAMPLES];
    int taken = 0;
    begin = System.nanoTime();
    while (taken < SAMPLES && (taken < 3 || System.nanoTime() - begin < 2 * budget)) {
      long start = System.nanoTime();
      for (int call = 0; call < perSample; call++) {
        task.run();
      }
      samples[taken++] = (System.nanoTime() - start) / (double) perSample;
    }
    return Arrays.copyOf(samples, taken);
  }
}
