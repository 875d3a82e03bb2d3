package org.rgflow.model;

import java.util.Arrays;

/** The losses of a training, a growing list of (step, loss). Not thread-safe. */
public final class LossHistory {
  private long[] steps;
  private double[] losses;
  private int size;

  /** An empty history. */
  public LossHistory() {
    this(new long[0], new double[0]);
  }

  /** @throws IllegalArgumentException if the numbers of steps and losses differ */
  public LossHistory(long[] steps, double[] losses) {
    if (steps.length != losses.length) {
      throw new IllegalArgumentException(steps.length + " steps do not have " + losses.length + " losses");
    }
    this.steps = steps.clone();
    this.losses = losses.clone();
    this.size = steps.length;
  }

  /** Appends the loss of a step. */
  public void add(long step, double loss) {
    if (size == steps.length) {
      steps = Arrays.copyOf(steps, Math.max(64, 2 * size));
      losses = Arrays.copyOf(losses, steps.length);
    }
    steps[size] = step;
    losses[size] = loss;
    size++;
  }

  public int size() {
    return size;
  }

  public long[] steps() {
    return Arrays.copyOf(steps, size);
  }

  public double[] losses() {
    return Arrays.copyOf(losses, size);
  }
}
