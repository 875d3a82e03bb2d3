package org.rgflow.device;

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
}
