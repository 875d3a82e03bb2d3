package org.rgflow.spectral;

import java.util.concurrent.atomic.AtomicIntegerArray;

/** Scratch arrays for the threads at work: one set per processor, allotted once. */
final class Workspace {
  private final float[][][] sets;
  private final AtomicIntegerArray taken;

  /** Sets of {@code arrays} arrays of {@code length} floats. */
  Workspace(int arrays, int length) {
    int processors = Runtime.getRuntime().availableProcessors();
    sets = new float[processors][arrays][length];
    taken = new AtomicIntegerArray(processors);
  }

  /** Takes a free set, waiting for one if there are more threads than processors; returns its number. */
  int take() {
    int set = (int) (Thread.currentThread().threadId() % sets.length);
    for (int tries = 1; !taken.compareAndSet(set, 0, 1); tries++) {
      set = set + 1 == sets.length ? 0 : set + 1;
      if (tries % sets.length == 0) {
        Thread.yield();
      }
    }
    return set;
  }

  float[][] set(int number) {
    return sets[number];
  }

  void give(int number) {
    taken.set(number, 0);
  }
}
