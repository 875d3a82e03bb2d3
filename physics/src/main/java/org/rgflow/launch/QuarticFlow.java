package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.LangevinKernels;
import org.rgflow.kernels.LangevinVector;

/**
 * Items are elements: the exact flow of φ̇ = −αφ − 4gφ³, see {@link LangevinKernels#quarticFlow}.
 *
 * @param coefficients pairs {e^(−ατ), q}, of which number {@code at} is used
 * @param groups number of replica blocks
 */
public record QuarticFlow(float[] phi, float[] coefficients, int at, int groups) implements Launch {
  @Override
  public int items() {
    return phi.length;
  }

  @Override
  public void run(int begin, int end) {
    LangevinVector.quarticFlow(begin, end, phi, coefficients, at);
  }

  @Override
  public int cost() {
    return 20;
  }
}
