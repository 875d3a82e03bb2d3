package org.rgflow.cli;

import java.io.PrintWriter;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Progress of a long task on the standard error: a bar with rate and remaining time on a terminal, a
 * plain line every ten seconds elsewhere, nothing when quiet.
 */
final class Progress implements AutoCloseable {
  private static final long INTERVAL_NANOS = 10_000_000_000L;
  private static final int BAR_WIDTH = 100;

  private final PrintWriter lines;
  private final ProgressBar bar;
  private final String task;
  private final String unit;
  private final long total;
  private long last = System.nanoTime();
  private long first = -1;
  private long firstTime;

  private Progress(PrintWriter lines, ProgressBar bar, String task, String unit, long total) {
    this.lines = lines;
    this.bar = bar;
    this.task = task;
    this.unit = unit;
    this.total = total;
  }

  /** @param total of the units of work, 0 if it is not known beforehand */
  static Progress start(PrintWriter err, boolean quiet, String task, String unit, long total) {
    if (quiet) {
      return new Progress(null, null, task, unit, total);
    }
    // Set by the launcher, which can test the standard error alone.
    if (!Boolean.getBoolean("rgflow.terminal")) {
      return new Progress(err, null, task, unit, total);
    }
    ProgressBar bar = new ProgressBarBuilder().setTaskName(task).setInitialMax(total == 0 ? -1 : total)
        .setUnit(" " + unit, 1)
        .setStyle(ProgressBarStyle.ASCII).showSpeed().setUpdateIntervalMillis(200).clearDisplayOnFinish()
        .setConsumer(new ConsoleProgressBarConsumer(System.err, BAR_WIDTH)).build();
    return new Progress(null, bar, task, unit, total);
  }

  /** Reports how much is done, counted from 0 to the total. */
  void at(long done) {
    at(done, "");
  }

  /** The same with a remark, for instance a loss. */
  void at(long done, String remark) {
    if (first < 0) {
      first = done;
      firstTime = System.nanoTime();
    }
    if (bar != null) {
      bar.setExtraMessage(remark);
      bar.stepTo(done);
      return;
    }
    long now = System.nanoTime();
    if (lines == null || now - last < INTERVAL_NANOS) {
      return;
    }
    last = now;
    StringBuilder line = new StringBuilder(task + ": " + done);
    if (total > 0) {
      line.append(String.format(Locale.ROOT, " of %d %s (%d %%)", total, unit, 100 * done / total));
    } else {
      line.append(' ').append(unit);
    }
    if (done > first) {
      double rate = (done - first) / ((now - firstTime) * 1e-9);
      line.append(String.format(Locale.ROOT, ", %.3g per second", rate));
      line.append(total > 0 ? ", " + remaining((total - done) / rate) + " left" : "");
    }
    lines.println(line + (remark.isEmpty() ? "" : ", " + remark));
  }

  private static String remaining(double seconds) {
    if (!(seconds < 1e7)) {
      return "a long time";
    }
    long s = Math.round(seconds);
    return s < 60 ? s + " s" : s < 3600 ? s / 60 + " min " + s % 60 + " s" : s / 3600 + " h " + s % 3600 / 60 + " min";
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
