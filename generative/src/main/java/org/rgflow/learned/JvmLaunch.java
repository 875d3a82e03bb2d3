package org.rgflow.learned;

import java.util.function.IntConsumer;
import org.rgflow.device.Launch;

/**
 * A launch that only the JVM runs: something to do for each item, in any order.
 *
 * @param groups {@code items} if the items are replica blocks, else 1
 */
record JvmLaunch(int items, int groups, int cost, IntConsumer body) implements Launch {
  /** Something to do for each replica block. */
  static JvmLaunch each(int blocks, int cost, IntConsumer body) {
    return new JvmLaunch(blocks, blocks, cost, body);
  }

  /** Something to do for each item. */
  static JvmLaunch items(int items, int cost, IntConsumer body) {
    return new JvmLaunch(items, 1, cost, body);
  }

  @Override
  public void run(int begin, int end) {
    for (int item = begin; item < end; item++) {
      body.accept(item);
    }
  }
}
