package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ModeKernels;
import org.rgflow.kernels.PhiloxVector;

/**
 * The Ornstein–Uhlenbeck step x ← decay·x + noise·ξ of every mode, drawing its own white noise: the
 * exact transition of a regulator's flow when decay and noise are a
 * {@link org.rgflow.spectral.ModeSchedule.Transition}. The numbers are those that {@link Normals} would
 * write to a buffer of the same length; see {@link ModeKernels#ornsteinUhlenbeckDrawn}.
 *
 * @param x modes, [block][mode][lane], updated in place
 * @param decay factor of each mode
 * @param noise standard deviation of each mode's noise
 * @param lanes replicas per block
 * @param stream position in the random numbers, {@link org.rgflow.random.RandomStream#buffer}
 * @param streamId number of the stream, from {@link org.rgflow.random.Streams}
 */
public record OrnsteinUhlenbeck(float[] x, float[] decay, float[] noise, int lanes, int[] stream, int streamId)
    implements Launch {
  /** @throws IllegalArgumentException if the lengths do not fit together */
  public OrnsteinUhlenbeck {
    requireModes(x, decay, noise, lanes);
  }

  static void requireModes(float[] x, float[] decay, float[] noise, int lanes) {
    if (decay.length != noise.length || lanes < 1 || decay.length < 1 || x.length % (decay.length * lanes) != 0) {
      throw new IllegalArgumentException("mode update: " + decay.length + " decays and " + noise.length
          + " noise amplitudes of " + lanes + " lanes do not fit " + x.length + " elements");
    }
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
    return 60;
  }

  @Override
  public void run(int begin, int end) {
    PhiloxVector.ornsteinUhlenbeck(begin, end, x, decay, noise, lanes, stream, streamId);
  }
}
