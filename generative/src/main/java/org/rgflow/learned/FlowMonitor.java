package org.rgflow.learned;

/** Looks at a training of a flow while it runs. */
@FunctionalInterface
public interface FlowMonitor {
  /**
   * Called after every step.
   *
   * @param step steps done, from 1
   * @param steps of the whole training
   * @param loss mean of S + ln q over the batch: an upper bound of −ln Z
   * @param effectiveSampleFraction (Σw)²/(N Σw²) of the importance weights of the batch
   * @return whether to go on; if not, a checkpoint is written and the training ends
   */
  boolean after(long step, long steps, double loss, double effectiveSampleFraction);
}
