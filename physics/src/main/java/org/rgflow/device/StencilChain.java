package org.rgflow.device;

import java.util.List;

/**
 * Consecutive {@linkplain StencilLaunch stencil launches} on the same rows, several of them at a time on rows that
 * are in the cache (time tiling). Launch k may run on row i as soon as launch k − 1 has run on the rows
 * i − reach … i + reach, whether it reads what that one wrote or overwrites what that one read; so every schedule
 * that keeps this order gives the same numbers.
 *
 * <p>The launches are taken in passes of {@link #depth}. The rows of a group, a ring, are cut into slabs. In the first
 * half of a pass launch k of the pass runs on every slab but the k·reach rows at its two ends, for which no other slab
 * is needed; in the second half it runs on these rows, k·reach to either side of every cut. Slabs are independent in
 * both halves. Within them, {@link #block} rows after the other go through all launches of the pass, every launch
 * {@code reach} rows behind the one before.
 */
final class StencilChain {
  /** The halves of a pass: inside the slabs, and around the cuts. */
  enum Half { INSIDE, AROUND }

  /** Groups that fit the first-level cache need no tiles. */
  private static final int SMALL_BYTES = 48 << 10;

  /** The rows that a launch takes at a time, at least two, so that the next finds them in the first-level cache. */
  private static final int BLOCK_BYTES = 24 << 10;

  /** The rows between the first launch of a pass and the last, which stay in the second-level cache. */
  private static final int PASS_BYTES = 1 << 20;

  private final StencilLaunch[] launches;
  private final int size;
  private final int reach;
  private final int slabs;
  private final int block;
  private final int depth;

  /**
   * @param launches with the same numbers of items and groups
   * @param slabs number of slabs of a group, at most its rows
   * @param depth number of launches of a pass; fewer if the slabs are too low for that
   * @param block number of rows taken at a time
   */
  StencilChain(List<StencilLaunch> launches, int slabs, int depth, int block) {
    this.launches = launches.toArray(StencilLaunch[]::new);
    size = rows(launches);
    reach = reach(launches);
    this.slabs = slabs;
    this.block = block;
    this.depth = Math.min(depth, 1 + size / slabs / (2 * reach));
  }

  /** A chain that suits the caches, for so many slabs as far as there are rows for them. */
  static StencilChain fitting(List<StencilLaunch> launches, int slabs) {
    int rows = rows(launches);
    int cuts = Math.min(slabs, rows);
    int bytes = bytes(launches);
    int block = Math.max(2, BLOCK_BYTES / bytes);
    int cached = (PASS_BYTES / bytes - block) / reach(launches) - 2;
    int most = slabs == 1 && small(launches) ? 1 : Math.max(1, cached);
    StencilChain deep = new StencilChain(launches, cuts, Math.min(most, launches.size()), block);
    // Passes of equal depth: the last would otherwise be a shallow one.
    return new StencilChain(launches, cuts, (launches.size() + deep.passes() - 1) / deep.passes(), block);
  }

  /** Whether a group of the launches fits the first-level cache. */
  static boolean small(List<StencilLaunch> launches) {
    return (long) rows(launches) * bytes(launches) <= SMALL_BYTES;
  }

  private static int bytes(List<StencilLaunch> launches) {
    return launches.stream().mapToInt(StencilLaunch::itemBytes).max().orElseThrow();
  }

  private static int rows(List<StencilLaunch> launches) {
    return launches.getFirst().items() / launches.getFirst().groups();
  }

  private static int reach(List<StencilLaunch> launches) {
    return launches.stream().mapToInt(StencilLaunch::reach).max().orElseThrow();
  }

  /** How many launches run side by side; at 1, the launches are better run as they are. */
  int depth() {
    return depth;
  }

  int passes() {
    return (launches.length + depth - 1) / depth;
  }

  int slabs() {
    return slabs;
  }

  /** Rough number of operations of half a pass on all slabs of one group. */
  long operations(int pass, Half half) {
    long operations = 0;
    for (int k = pass * depth; k < last(pass); k++) {
      int around = 2 * (k - pass * depth) * reach * slabs;
      operations += (long) (half == Half.AROUND ? around : size - around) * launches[k].cost();
    }
    return operations;
  }

  /** Runs all launches on one group. */
  void run(int group) {
    for (int pass = 0; pass < passes(); pass++) {
      for (int slab = 0; slab < slabs; slab++) {
        run(group, pass, Half.INSIDE, slab);
      }
      for (int slab = 0; slab < slabs; slab++) {
        run(group, pass, Half.AROUND, slab);
      }
    }
  }

  /** Runs half a pass on one slab of a group; the cut is the one at the slab's beginning. */
  void run(int group, int pass, Half half, int slab) {
    int begin = (int) ((long) size * slab / slabs);
    switch (half) {
      case INSIDE -> tile(group, pass, begin, (int) ((long) size * (slab + 1) / slabs), reach);
      case AROUND -> tile(group, pass, begin, begin, -reach);
    }
  }

  private int last(int pass) {
    return Math.min(launches.length, (pass + 1) * depth);
  }

  /** Launch k of the pass takes the rows from {@code begin + k * inset} to {@code end - k * inset}. */
  private void tile(int group, int pass, int begin, int end, int inset) {
    int first = pass * depth;
    int stop = end + Math.max(0, -2 * inset * (last(pass) - 1 - first));
    for (int front = begin; front < stop; front += block) {
      for (int k = first; k < last(pass); k++) {
        int behind = front - (k - first) * reach;
        int margin = (k - first) * inset;
        rows(launches[k], group, Math.max(begin + margin, behind), Math.min(end - margin, behind + block));
      }
    }
  }

  /** Rows below zero are those of the ring's other end. */
  private void rows(Launch launch, int group, int from, int to) {
    int base = group * size;
    int negative = Math.min(to, 0);
    if (from < negative) {
      launch.run(base + size + from, base + size + negative);
    }
    int begin = Math.max(from, 0);
    if (begin < to) {
      launch.run(base + begin, base + to);
    }
  }
}
