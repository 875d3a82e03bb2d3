package org.rgflow.device;

import java.util.List;
import java.util.Optional;

/**
 * A launch whose items are the rows of a periodic lattice and which looks only at nearby rows: item i of
 * a {@linkplain Launch#groups group} reads only what belongs to the items i − reach … i + reach of its
 * group, counted periodically, and writes only what belongs to item i. What belongs to an item is the
 * same for all launches with as many items and groups that share a buffer.
 *
 * <p>A device may therefore run consecutive such launches on a few rows after the other, each launch
 * {@link #reach} rows behind the one before, while these rows are in the cache.
 */
public interface StencilLaunch extends Launch {
  /** How many rows away an item reads, at least 1. */
  int reach();

  /** Bytes that belong to one item in all buffers of this launch; decides how many launches run side by side. */
  int itemBytes();

  /** What several consecutive launches do on whole groups, in one go; it leaves the same numbers. */
  interface Joined {
    /** How many launches. */
    int count();

    /** Runs them on the items {@code begin <= item < end}, one or several groups. */
    void run(int begin, int end);
  }

  /**
   * If the launches, of which this is the first, begin with some that can be joined: these. A device may ask where
   * groups fit the first-level cache.
   */
  default Optional<Joined> joined(List<StencilLaunch> launches) {
    return Optional.empty();
  }
}
