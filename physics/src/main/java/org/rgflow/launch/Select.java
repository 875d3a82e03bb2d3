package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.FieldKernels;
import org.rgflow.kernels.SelectionVector;

/**
 * Items are rows: φ ← proposal where the replica accepted; see {@link FieldKernels#select}.
 */
public record Select(
    float[] phi, float[] proposal, int[] accepted, int lx, int ly, int lanes)
    implements Launch {
  @Override
  public int items() {
    return phi.length / (lx * lanes);
  }

  @Override
  public void run(int begin, int end) {
    int width = lx * lanes;
    SelectionVector.select(begin * width, end * width, phi, proposal, accepted, lx * ly, lanes);
  }

  @Override
  public int cost() {
    return 6 * lx * lanes;
  }

  @Override
  public int groups() {
    return phi.length / (lx * ly * lanes);
  }
}
