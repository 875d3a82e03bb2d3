package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ScoreKernels;

/**
 * The slope of a stage of a Runge–Kutta step; see {@link ScoreKernels#rungeKuttaSlope}.
 *
 * @param rate of each mode
 * @param slopes [stage][element]
 * @param stage that is reached
 */
public record RungeKuttaSlope(float[] force, double[] rate, float[] slopes, int[] stage) implements Launch {
  @Override
  public int items() {
    return force.length;
  }

  @Override
  public int cost() {
    return 4;
  }

  @Override
  public void run(int begin, int end) {
    for (int element = begin; element < end; element++) {
      ScoreKernels.rungeKuttaSlope(element, force, rate, slopes, stage, rate.length, force.length);
    }
  }
}
