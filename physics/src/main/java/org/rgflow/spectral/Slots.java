package org.rgflow.spectral;

import java.util.concurrent.atomic.AtomicIntegerArray;

/** Numbers scratch arrays for the threads at work: one slot per processor. */
final class Slots {
  private final int count = Runtime.getRuntime().availableProcessors();
  private final AtomicIntegerArray taken = new AtomicIntegerArray(count);

  int count() {
    return count;
  }

  /** Takes a free slot, waiting for one if there are more threads than processors. */
  int take() {
    int slot = (int) (Thread.currentThread().threadId() % count);
    for (int tries = 1; !taken.compareAndSet(slot, 0, 1); tries++) {
      slot = slot + 1 == count ? 0 : slot + 1;
      if (tries % count == 0) {
        Thread.yield();
      }
    }
    return slot;
  }

  void give(int slot) {
    taken.set(slot, 0);
  }
}
