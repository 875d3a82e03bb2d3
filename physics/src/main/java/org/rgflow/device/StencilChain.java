package org.rgflow.device;

import java.util.List;

/**
 * Consecutive {@linkplain StencilLaunch stencil launches} on the same rows, several of them at a time on rows that
 * are in the cache (time tiling). Launch k may run on row i as soon as launch k − 1 has run on the rows
 * i − reach … i + reach, whether it reads what that one wrote or overwrites what that one read; so every schedule
 * that keeps this order gives the same numbers.
 *
 * <p>The launches are taken in passes of {@link #depth}. The rows of a group, a ring, are cut into slabs. Launch k of
 * a pass runs on every slab's rows moved on by k·reach, into the slab that follows. There it finds the rows that the
 * launches of that slab have left out in the same way. {@link #block} rows after the other go through all launches of
 * the pass, every launch {@code reach} rows behind the one before, so that a slab's first rows are done early. Slabs are
 * independent in both {@linkplain Part parts} of a pass.
 *
 * <p>When the slab before comes to these first rows, at its end, they have long left the first-level cache of the
 * processor that wrote them, from where they would take twice as long to another's; and it comes to them little by
 * little, between others of its own. Every other pass is the mirror image of the one before, from the other end, and so
 * returns them.
 */
final class StencilChain {
  /** The parts of a pass: the first rows of every slab, which the slab before will need, and the rest. */
  enum Part { FIRST, REST }

  /** Groups that fit the first-level cache need no tiles. */
  private static final int SMALL_BYTES = 48 << 10;

  /** The rows that a launch takes at a time, at least two, so that the next finds them in the first-level cache. */
  private static final int BLOCK_BYTES = 24 << 10;

  /** The rows between the first launch of a pass and the last, which stay in the second-level cache. */
  private static final int PASS_BYTES = 1 << 20;

  private static final Part[] PARTS = Part.values();

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

  /** Rough number of operations of a part of a pass on all slabs of one group. */
  long operations(int pass, Part part) {
    long operations = 0;
    for (int k = pass * depth; k < last(pass); k++) {
      int first = 2 * (last(pass) - 1 - k) * reach * slabs;
      operations += (long) (part == Part.FIRST ? first : size - first) * launches[k].cost();
    }
    return operations;
  }

  /** Runs all launches on one group. */
  void run(int group) {
    for (int pass = 0; pass < passes(); pass++) {
      for (Part part : PARTS) {
        for (int slab = 0; slab < slabs; slab++) {
          run(group, pass, part, slab);
        }
      }
    }
  }

  /** Runs a part of a pass on one slab of a group. */
  void run(int group, int pass, Part part, int slab) {
    boolean down = pass % 2 == 1;
    int lower = (int) ((long) size * slab / slabs);
    int upper = (int) ((long) size * (slab + 1) / slabs);
    int begin = down ? size - upper - (depth - 1) * reach : lower;
    int end = begin + upper - lower;
    // With the first launch so far ahead, the last has yet to begin, and the slab before may come.
    int ahead = 2 * (last(pass) - 1 - pass * depth) * reach;
    switch (part) {
      case FIRST -> sweep(group, pass, begin, end, begin, begin + ahead, down);
      case REST -> sweep(group, pass, begin, end, begin + ahead, end + ahead, down);
    }
  }

  private int last(int pass) {
    return Math.min(launches.length, (pass + 1) * depth);
  }

  /**
   * Takes the rows {@code from <= row < to} through the first launch of a pass, and every other that lags behind it.
   * Launch k of the pass takes rows from {@code begin + k * reach} to {@code end + k * reach}.
   */
  private void sweep(int group, int pass, int begin, int end, int from, int to, boolean down) {
    int first = pass * depth;
    int last = last(pass);
    for (int front = from; front < to; front += block) {
      int next = Math.min(front + block, to);
      for (int k = first; k < last; k++) {
        int lag = (k - first) * reach;
        rows(launches[k], group, Math.max(begin + lag, front - lag), Math.min(end + lag, next - lag), down);
      }
    }
  }

  /** Rows of the ring, counted from its other end if {@code down}. */
  private void rows(Launch launch, int group, int from, int to, boolean down) {
    if (from >= to) {
      return;
    }
    int base = group * size;
    int begin = Math.floorMod(down ? size - to : from, size);
    int end = begin + to - from;
    launch.run(base + begin, base + Math.min(end, size));
    if (end > size) {
      launch.run(base, base + end - size);
    }
  }
}
