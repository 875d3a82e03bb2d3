package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.FieldKernels;

/**
 * Items are rows: the row sums of ½p·q for each lane; see {@link FieldKernels#halfDot}.
 */
public record HalfDot(
    float[] p, float[] q, double[] sums, int lx, int ly, int lanes)
    implements Launch {
  @Override
  public int items() {
    return p.length / (lx * lanes);
  }

  @Override
  public void run(int begin, int end) {
    for (int item = begin * lanes; item < end * lanes; item++) {
      FieldKernels.halfDot(item, p, q, sums, lx, lanes);
    }
  }

  @Override
  public int cost() {
    return 4 * lx * lanes;
  }

  @Override
  public int groups() {
    return p.length / (lx * ly * lanes);
  }
}
