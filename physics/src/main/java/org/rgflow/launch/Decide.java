package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.FieldKernels;

/**
 * Items are replicas: accept or reject from the row sums of the energies before and after; see
 * {@link FieldKernels#decide}.
 *
 * @param tally four sums per replica, see there
 */
public record Decide(
    double[] before, double[] after, int[] accepted, double[] tally, int[] stream, int streamId, int ly, int lanes)
    implements Launch {
  @Override
  public int items() {
    return accepted.length;
  }

  @Override
  public void run(int begin, int end) {
    for (int item = begin; item < end; item++) {
      FieldKernels.decide(item, before, after, accepted, tally, stream, streamId, ly, lanes);
    }
  }

  @Override
  public int cost() {
    return 2000 + 20 * ly;
  }

  @Override
  public int groups() {
    return accepted.length / lanes;
  }
}
