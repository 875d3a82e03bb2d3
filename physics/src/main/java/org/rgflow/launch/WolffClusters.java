package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ClusterKernels;

/**
 * Items are replicas: grows and flips Wolff clusters, see {@link ClusterKernels#wolff}.
 *
 * @param stack work, as long as the field
 * @param flipped sites flipped so far, per replica
 * @param clusters {number of clusters}
 */
public record WolffClusters(float[] field, int[] stack, double[] flipped, int[] clusters, float h, int[] stream,
    int streamId, int seedStreamId, int lx, int ly, int lanes) implements Launch {
  @Override
  public int items() {
    return flipped.length;
  }

  @Override
  public void run(int begin, int end) {
    for (int item = begin; item < end; item++) {
      ClusterKernels.wolff(item, field, stack, flipped, clusters, h, stream, streamId, seedStreamId, lx, ly, lanes);
    }
  }

  @Override
  public int cost() {
    return 450 * lx * ly;
  }

  @Override
  public int groups() {
    return flipped.length / lanes;
  }
}
