package org.rgflow.cli;

/** The progress of several tasks, one after the other. */
final class TaskProgress implements AutoCloseable {
  private final OutputOptions output;
  private final String unit;
  private Progress progress;
  private String task;
  private int total;

  TaskProgress(OutputOptions output, String unit) {
    this.output = output;
    this.unit = unit;
  }

  /** Shows how far a task is; another name, or another number in all, is another task. */
  void at(String what, int done, int all) {
    if (progress == null || !what.equals(task) || all != total) {
      close();
      task = what;
      total = all;
      progress = output.progress(what, unit, all);
    }
    progress.at(done);
  }

  /** Ends what is shown; something else can be written then. */
  @Override
  public void close() {
    if (progress != null) {
      progress.close();
      progress = null;
    }
  }
}
