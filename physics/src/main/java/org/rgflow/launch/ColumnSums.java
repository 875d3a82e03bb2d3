package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.FieldKernels;
import org.rgflow.kernels.FieldVector;

/**
 * Items are columns (block, x, lane): Σ_y φ; see {@link FieldKernels#columnSums}.
 */
public record ColumnSums(
    float[] phi, double[] sums, int lx, int ly, int lanes)
    implements Launch {
  @Override
  public int items() {
    return phi.length / ly;
  }

  @Override
  public void run(int begin, int end) {
    FieldVector.columnSums(begin, end, phi, sums, lx, ly, lanes);
  }

  @Override
  public int cost() {
    return 2 * ly;
  }

  @Override
  public int groups() {
    return phi.length / (lx * ly * lanes);
  }
}
