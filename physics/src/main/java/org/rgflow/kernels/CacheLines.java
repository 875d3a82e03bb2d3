package org.rgflow.kernels;

/** Where vectors lie in memory. */
final class CacheLines {
  /**
   * Floats to leave at the beginning of an array: behind them and the 16 bytes of the array's header a cache line
   * begins, if the virtual machine puts objects on cache lines ({@code -XX:ObjectAlignmentInBytes=64}). Also, no other
   * thread then waits for that line when it looks at the array's length, which lies in the header.
   */
  static final int MARGIN = 12;

  private CacheLines() {}
}
