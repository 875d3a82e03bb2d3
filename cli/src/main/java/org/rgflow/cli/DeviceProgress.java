package org.rgflow.cli;

import java.io.PrintWriter;
import org.rgflow.device.DeviceMonitor;

/** Shows on the standard error which device was taken, and how far the compilation of its kernels is. */
final class DeviceProgress implements DeviceMonitor {
  private static final long INTERVAL_NANOS = 5_000_000_000L;

  private final PrintWriter err;
  private final boolean quiet;
  /** Whether one line can be written over and over. */
  private final boolean terminal = Boolean.getBoolean("rgflow.terminal");
  private long last;
  private int shown;

  DeviceProgress(OutputOptions output) {
    err = output.err();
    quiet = output.quiet();
  }

  @Override
  public void notice(String line) {
    if (!quiet) {
      err.println("rgflow: " + line);
    }
  }

  @Override
  public void compiling(int done, int total) {
    if (quiet) {
      return;
    }
    String line = "compiling kernels: " + done + " of " + total;
    if (terminal) {
      String cover = " ".repeat(Math.max(0, shown - line.length()));
      shown = done == total ? 0 : line.length();
      err.print(done == total ? "\r" + " ".repeat(line.length()) + "\r" : "\r" + line + cover);
      err.flush();
      return;
    }
    long now = System.nanoTime();
    if (done == 0) {
      last = now;
    } else if (now - last > INTERVAL_NANOS) {
      last = now;
      err.println(line);
    }
  }
}
