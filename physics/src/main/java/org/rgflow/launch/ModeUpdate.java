package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ModeKernels;
import org.rgflow.kernels.ModeVector;

/**
 * x ← decay·x + noise·ξ, mode by mode, with ξ from a buffer; see {@link ModeKernels#ornsteinUhlenbeck}.
 *
 * @param x modes, [block][mode][lane], updated in place
 * @param decay factor of each mode
 * @param noise standard deviation of each mode's noise
 * @param xi white noise, as long as x
 * @param lanes replicas per block
 */
public record ModeUpdate(float[] x, float[] decay, float[] noise, float[] xi, int lanes) implements Launch {
  /** @throws IllegalArgumentException if the lengths do not fit together */
  public ModeUpdate {
    if (x.length != xi.length) {
      throw new IllegalArgumentException("mode update: " + xi.length + " random numbers for " + x.length + " elements");
    }
    OrnsteinUhlenbeck.requireModes(x, decay, noise, lanes);
  }

  @Override
  public int items() {
    return x.length;
  }

  @Override
  public int groups() {
    return x.length / (decay.length * lanes);
  }

  @Override
  public int cost() {
    return 3;
  }

  @Override
  public void run(int begin, int end) {
    ModeVector.ornsteinUhlenbeck(begin, end, x, decay, noise, xi, lanes);
  }
}
