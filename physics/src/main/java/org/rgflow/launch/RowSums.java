package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.FieldKernels;
import org.rgflow.kernels.FieldVector;

/**
 * Items are rows: Σφ, Σφ², Σφ⁴ and Σ_μ(∂φ)² of each row and lane; see {@link FieldKernels#rowSums}.
 */
public record RowSums(
    float[] phi, double[] sums, int lx, int ly, int lanes)
    implements Launch {
  @Override
  public int items() {
    return phi.length / (lx * lanes);
  }

  @Override
  public void run(int begin, int end) {
    FieldVector.rowSums(begin, end, phi, sums, lx, ly, lanes);
  }

  @Override
  public int cost() {
    return 14 * lx * lanes;
  }

  @Override
  public int groups() {
    return phi.length / (lx * ly * lanes);
  }
}
