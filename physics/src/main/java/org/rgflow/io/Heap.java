package org.rgflow.io;

import java.io.IOException;
import java.util.Locale;

/** Refuses data that cannot fit, before memory is taken for it. */
public final class Heap {
  private Heap() {}

  /**
   * @param what subject of the message, for instance a file's name
   * @throws IOException if fewer bytes are free
   */
  public static void require(long bytes, String what) throws IOException {
    if (bytes > free()) {
      System.gc(); // what looks used may be garbage
      long free = free();
      if (bytes > free) {
        throw new IOException(String.format(Locale.ROOT,
            "%s needs %.1f MiB, but only %.1f MiB of memory are free; allow more with -Xmx", what, bytes / 0x1p20,
            free / 0x1p20));
      }
    }
  }

  private static long free() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
  }
}
