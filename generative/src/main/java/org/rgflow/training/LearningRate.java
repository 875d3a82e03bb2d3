package org.rgflow.training;

/**
 * The learning rate of each step: a linear warm-up, then half a cosine down to zero (Loshchilov &amp; Hutter
 * 1608.03983, without restarts). With s = 0, 1, … the number of steps that are done,
 *
 * <pre>
 * η(s) = peak · (s+1)/warmUp                                  s &lt; warmUp, s &lt; total
 * η(s) = peak · ½(1 + cos π(s − warmUp)/(total − warmUp))     warmUp ≤ s &lt; total
 * η(s) = 0                                                    s ≥ total
 * </pre>
 *
 * @param peak the largest rate
 * @param warmUp steps of the warm-up, 0 for none
 * @param total steps of the whole training
 */
public record LearningRate(double peak, long warmUp, long total) {
  /** @throws IllegalArgumentException if a number is out of its range */
  public LearningRate {
    if (!(peak > 0) || !Double.isFinite(peak)) {
      throw new IllegalArgumentException("the learning rate must be a positive number, not " + peak);
    }
    if (warmUp < 0 || total < 1) {
      throw new IllegalArgumentException("a training of " + total + " steps with a warm-up of " + warmUp
          + " is impossible: it needs at least 1 step, and the warm-up cannot be negative");
    }
  }

  /** η of the step that comes after {@code done} steps. */
  public double at(long done) {
    if (done < 0) {
      throw new IllegalArgumentException("steps are counted from 0, not " + done);
    }
    if (done >= total) {
      return 0;
    }
    if (done < warmUp) {
      return peak * ((done + 1) / (double) warmUp);
    }
    // StrictMath, as a run that is resumed on another machine must go on with the same numbers.
    return peak * 0.5 * (1 + StrictMath.cos(Math.PI * ((done - warmUp) / (double) (total - warmUp))));
  }
}
