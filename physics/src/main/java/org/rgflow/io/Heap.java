package org.rgflow.io;

import java.io.IOException;
import java.util.Locale;

/** Refuses data that cannot fit, before memory is taken for it. */
public final class Heap {
  /** How a user gets more memory. */
  public static final String MORE = "allow more with JDK_JAVA_OPTIONS=-Xmx...";

  private Heap() {}

  /**
   * @param what subject of the message, for instance a file's name
   * @throws IOException if fewer bytes are free
   */
  public static void require(long bytes, String what) throws IOException {
    if (!fits(bytes)) {
      throw new IOException(String.format(Locale.ROOT, "%s needs %.1f MiB, but only %.1f MiB of memory are free; %s",
          what, bytes / 0x1p20, free() / 0x1p20, MORE));
    }
  }

  /** Whether so many bytes are free, if need be after a collection of garbage. */
  public static boolean fits(long bytes) {
    if (bytes > free()) {
      System.gc(); // what looks used may be garbage
    }
    return bytes <= free();
  }

  /** Bytes that can still be taken; garbage that has not been collected yet counts as taken. */
  public static long free() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
  }
}
