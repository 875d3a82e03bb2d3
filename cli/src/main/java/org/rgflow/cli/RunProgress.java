package org.rgflow.cli;

import org.rgflow.sampler.RunMonitor;

/** Shows the progress of a sampling run, stage by stage, and ends it when the user asks for it. */
final class RunProgress implements RunMonitor, AutoCloseable {
  private final OutputOptions output;
  private Progress current;
  private String stage = "";
  private long total;

  RunProgress(OutputOptions output) {
    this.output = output;
  }

  @Override
  public boolean progress(String newStage, long done, long newTotal) {
    if (!newStage.equals(stage) || newTotal != total) {
      close();
      stage = newStage;
      total = newTotal;
      current = output.progress(newStage, newStage.equals("measuring") ? "measurements" : "updates", newTotal);
    }
    current.at(done);
    return !Interruption.requested();
  }

  @Override
  public void close() {
    if (current != null) {
      current.close();
      current = null;
    }
  }
}
