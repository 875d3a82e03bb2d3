package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.MetropolisKernels;

/**
 * Items are stretches of {@code length} counters: adds them up and clears them, see {@link
 * MetropolisKernels#countAccepted}.
 *
 * @param accepted counters, cleared
 * @param counts counts per stretch, increased
 */
public record CountAccepted(int[] accepted, double[] counts, int length) implements Launch {
  @Override
  public int items() {
    return counts.length;
  }

  @Override
  public void run(int begin, int end) {
    for (int item = begin; item < end; item++) {
      MetropolisKernels.countAccepted(item, accepted, counts, length);
    }
  }

  @Override
  public int cost() {
    return length;
  }
}
