package org.rgflow.training;

/**
 * What a training does besides learning.
 *
 * @param seed of all random numbers
 * @param logEvery steps between two lines of the log
 * @param sampleEvery steps between two grids of samples, 0 for none
 * @param checkpointEvery steps between two checkpoints
 * @param keepCheckpoints how many are kept
 */
public record RunSettings(long seed, long logEvery, long sampleEvery, long checkpointEvery, int keepCheckpoints) {
  /** @throws IllegalArgumentException if a number is out of its range */
  public RunSettings {
    if (logEvery < 1 || checkpointEvery < 1 || keepCheckpoints < 1) {
      throw new IllegalArgumentException("logEvery, checkpointEvery and keepCheckpoints must be at least 1");
    }
    if (sampleEvery < 0) {
      throw new IllegalArgumentException("sampleEvery must be positive, or 0 for none, not " + sampleEvery);
    }
  }
}
