package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.NetworkKernels;
import org.rgflow.kernels.NetworkVector;

/**
 * Inverted dropout in place, the same elements for the same seed, step and stream; see {@link
 * NetworkKernels#dropout}.
 *
 * @param x elements
 * @param threshold round(2²⁴ p)
 * @param stream {@link org.rgflow.random.RandomStream#buffer}
 * @param streamId from {@link org.rgflow.random.Streams}
 */
public record Dropout(
    float[] x, int threshold, int[] stream, int streamId)
    implements Launch {
  @Override
  public int items() {
    return x.length;
  }

  @Override
  public int cost() {
    return 20;
  }

  @Override
  public void run(int begin, int end) {
    NetworkVector.dropout(begin, end, x, threshold, stream, streamId);
  }
}
