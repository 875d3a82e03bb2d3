package org.rgflow.sampler;

/** Watches a long run and may end it early; called between updates on the thread that runs. */
public interface RunMonitor {
  /** Sees nothing and never stops. */
  RunMonitor SILENT = (stage, done, total) -> true;

  /**
   * Reports progress.
   *
   * @param stage what is going on, for people
   * @param done units of work finished in this stage
   * @param total units of work in this stage, 0 if not known beforehand
   * @return whether to go on; false ends the run at the next safe point
   */
  boolean progress(String stage, long done, long total);
}
