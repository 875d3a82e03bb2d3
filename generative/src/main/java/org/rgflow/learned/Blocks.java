package org.rgflow.learned;

import java.util.function.IntConsumer;
import org.rgflow.device.Launch;

/**
 * A launch of the JVM alone: something to do for each item, in any order.
 *
 * @param groups {@code items} if the items are replica blocks, else 1
 */
record Blocks(int items, int groups, int cost, IntConsumer body) implements Launch {
  /** Something to do for each replica block. */
  static Blocks each(int blocks, int cost, IntConsumer body) {
    return new Blocks(blocks, blocks, cost, body);
  }

  /** Something to do for each item. */
  static Blocks items(int items, int cost, IntConsumer body) {
    return new Blocks(items, 1, cost, body);
  }

  @Override
  public void run(int begin, int end) {
    for (int item = begin; item < end; item++) {
      body.accept(item);
    }
  }
}
