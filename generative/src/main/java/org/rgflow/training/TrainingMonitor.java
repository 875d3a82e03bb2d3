package org.rgflow.training;

/** Looks at a training while it runs. */
@FunctionalInterface
public interface TrainingMonitor {
  /**
   * Called after every step.
   *
   * @param step steps done, from 1
   * @param steps of the whole training
   * @param loss of this step
   * @return whether to go on; if not, a checkpoint is written and the training ends
   */
  boolean after(long step, long steps, double loss);
}
