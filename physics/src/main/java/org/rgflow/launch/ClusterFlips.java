package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ClusterKernels;

/**
 * Items are replicas: joins bonds into clusters and flips half of these, see {@link
 * ClusterKernels#flipClusters}.
 *
 * @param parent work, as long as the field
 */
public record ClusterFlips(float[] field, int[] bonds, int[] parent, int lx, int ly, int lanes) implements Launch {
  @Override
  public int items() {
    return field.length / (lx * ly);
  }

  @Override
  public void run(int begin, int end) {
    for (int item = begin; item < end; item++) {
      ClusterKernels.flipClusters(item, field, bonds, parent, lx, ly, lanes);
    }
  }

  @Override
  public int cost() {
    return (int) Math.min(Integer.MAX_VALUE, 800L * lx * ly);
  }

  @Override
  public int groups() {
    return items() / lanes;
  }
}
