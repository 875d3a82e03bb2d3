package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ClusterKernels;
import org.rgflow.kernels.ClusterVector;

/**
 * Items are elements: their Swendsen–Wang bonds and coins, see {@link ClusterKernels#bonds}.
 *
 * @param bonds result, one per element
 */
public record ClusterBonds(float[] field, int[] bonds, float h, int[] stream, int streamId, int lx, int ly, int lanes)
    implements Launch {
  @Override
  public int items() {
    return field.length;
  }

  @Override
  public void run(int begin, int end) {
    ClusterVector.bonds(begin, end, field, bonds, h, stream, streamId, lx, ly, lanes);
  }

  @Override
  public int cost() {
    return 80;
  }

  @Override
  public int groups() {
    return field.length / (lx * ly * lanes);
  }
}
