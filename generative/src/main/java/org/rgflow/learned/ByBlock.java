package org.rgflow.learned;

import org.rgflow.device.Launch;

/**
 * A launch whose groups are taken several at a time: items are {@code blocks} equal parts of the inner launch's items.
 * The transforms of all features of a replica block thus stay in one phase with what comes before and after. Runs on
 * the JVM only, like a transform of {@link org.rgflow.spectral.ReplicaFourier}.
 *
 * @param blocks a divisor of the inner launch's groups
 */
record ByBlock(Launch inner, int blocks) implements Launch {
  /** @throws IllegalArgumentException if the groups do not divide */
  ByBlock {
    if (blocks < 1 || inner.groups() % blocks != 0) {
      throw new IllegalArgumentException(inner.groups() + " groups do not form " + blocks + " blocks");
    }
  }

  @Override
  public int items() {
    return blocks;
  }

  @Override
  public int groups() {
    return blocks;
  }

  @Override
  public int cost() {
    return (int) Math.min(Integer.MAX_VALUE, (long) inner.items() / blocks * inner.cost());
  }

  @Override
  public void run(int begin, int end) {
    int size = inner.items() / blocks;
    inner.run(begin * size, end * size);
  }
}
