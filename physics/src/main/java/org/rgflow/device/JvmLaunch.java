package org.rgflow.device;

import java.util.function.IntConsumer;

/**
 * A launch that only a device which {@linkplain Device#takesAnyLaunch takes any launch} runs: something to do for each
 * item, in any order, without allocating.
 *
 * @param groups {@code items} if the items are replica blocks, else 1
 */
public record JvmLaunch(int items, int groups, int cost, IntConsumer body) implements Launch {
  /** Something to do for each replica block. */
  public static JvmLaunch each(int blocks, int cost, IntConsumer body) {
    return new JvmLaunch(blocks, blocks, cost, body);
  }

  /** Something to do for each item. */
  public static JvmLaunch items(int items, int cost, IntConsumer body) {
    return new JvmLaunch(items, 1, cost, body);
  }

  @Override
  public void run(int begin, int end) {
    for (int item = begin; item < end; item++) {
      body.accept(item);
    }
  }
}
