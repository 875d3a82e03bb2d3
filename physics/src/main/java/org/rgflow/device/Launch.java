package org.rgflow.device;

/**
 * One recorded kernel launch: a kernel body, the buffers it works on and a fixed number of work items.
 *
 * <p>Implementations are records whose components are the arguments of the kernel body: arrays are
 * buffers (shared by identity between launches and programs), {@code int} and {@code float}
 * components are constants of the recording. Values that change from run to run (step counter, step
 * size, schedule row) live in small buffers, never in scalar components, because a device may bake
 * scalars into the compiled code. A device that cannot call {@link #run} (a GPU) looks the launch's
 * class up in its own table of kernels and passes it the same components.
 *
 * <p>Contract: items may run in any order, on any thread and in ranges of any size, and the result
 * is bit for bit the same. {@link #run} allocates nothing.
 */
public interface Launch {
  /** Number of work items, at least 1. */
  int items();

  /** Runs the items {@code begin <= item < end} on the calling thread. */
  void run(int begin, int end);

  /** Rough number of floating-point operations of one item; decides whether a launch is worth several threads. */
  int cost();

  /**
   * Rough number of operations that each range of items begins with, however short it is, such as the packing of a
   * factor that all items share. Where that weighs, a device cuts a launch no finer than it has threads.
   */
  default int rangeCost() {
    return 0;
  }

  /**
   * Number of independent groups, a divisor of {@link #items}. The items form this many equal
   * consecutive groups, and group g reads and writes only data that no other group of this launch,
   * or of a neighbouring launch with the same number of groups, writes. A device may therefore run
   * consecutive launches with equal {@code groups() > 1} group by group without waiting in between,
   * which keeps a block of replicas in the cache through a whole trajectory. 1 promises nothing.
   */
  default int groups() {
    return 1;
  }
}
