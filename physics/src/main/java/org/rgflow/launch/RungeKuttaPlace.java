package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ScoreKernels;

/**
 * The place of a stage of a Runge–Kutta step; see {@link ScoreKernels#rungeKuttaPlace}.
 *
 * @param slopes [stage][element]
 * @param lengths of the way to each stage, and of the step
 * @param stage that is reached
 */
public record RungeKuttaPlace(float[] u, float[] from, float[] slopes, double[] lengths, int[] stage)
    implements Launch {
  @Override
  public int items() {
    return u.length;
  }

  @Override
  public int cost() {
    return 8;
  }

  @Override
  public void run(int begin, int end) {
    for (int element = begin; element < end; element++) {
      ScoreKernels.rungeKuttaPlace(element, u, from, slopes, lengths, stage, u.length);
    }
  }
}
