package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ScoreKernels;

/**
 * Items are replicas: example, symmetry and place on the path of each of a batch; see {@link ScoreKernels#drawPlace}.
 *
 * @param chosen example and symmetry, [replica][2]
 * @param places s
 * @param times s in units of the network's time
 * @param stream {@link org.rgflow.random.RandomStream#buffer}
 * @param count number of examples
 * @param unit of the network's time
 */
public record DrawPlaces(int[] chosen, double[] places, float[] times, int[] stream, int streamId, int count,
    float unit) implements Launch {
  @Override
  public int items() {
    return places.length;
  }

  @Override
  public int cost() {
    return 150;
  }

  @Override
  public void run(int begin, int end) {
    for (int replica = begin; replica < end; replica++) {
      ScoreKernels.drawPlace(replica, chosen, places, times, stream, streamId, count, unit);
    }
  }
}
