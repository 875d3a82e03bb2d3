package org.rgflow.launch;

import org.rgflow.device.StencilLaunch;
import org.rgflow.kernels.FieldKernels;
import org.rgflow.kernels.FieldVector;

/**
 * Items are rows: the row sums of S + ½p² for each lane; see {@link FieldKernels#hamiltonian}.
 *
 * @param partial scratch, {@link FieldKernels#PARTIAL_SUMS} per row
 * @param sums result, [row][lane]
 */
public record Hamiltonian(
    float[] phi, float[] p, double[] partial, double[] sums,
    float h, float u, float g, int lx, int ly, int lanes)
    implements StencilLaunch {
  @Override
  public int items() {
    return phi.length / (lx * lanes);
  }

  @Override
  public void run(int begin, int end) {
    FieldVector.hamiltonian(begin, end, phi, p, partial, sums, h, u, g, lx, ly, lanes);
  }

  @Override
  public int cost() {
    return 16 * lx * lanes;
  }

  @Override
  public int groups() {
    return phi.length / (lx * ly * lanes);
  }

  @Override
  public int reach() {
    return 1;
  }

  @Override
  public int itemBytes() {
    return 2 * Float.BYTES * lx * lanes;
  }
}
