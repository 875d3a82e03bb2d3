package org.rgflow.cli;

import org.rgflow.sampler.RunMonitor;

/** Shows the progress of sampling or a flow, stage by stage, and ends it when the user asks for it. */
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
      current = output.progress(newStage, unit(newStage), newTotal);
    }
    current.at(done);
    return !Interruption.requested();
  }

  private static String unit(String stage) {
    return switch (stage) {
      case "measuring" -> "measurements";
      case "flowing", "generating" -> "fields";
      case "finding levels", "bridging" -> "levels";
      default -> "updates";
    };
  }

  @Override
  public void close() {
    if (current != null) {
      current.close();
      current = null;
    }
  }
}
