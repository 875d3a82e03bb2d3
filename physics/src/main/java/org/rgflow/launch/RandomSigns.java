package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ScoreKernels;

/**
 * Random directions of ±1; see {@link ScoreKernels#randomSign}.
 *
 * @param stream {@link org.rgflow.random.RandomStream#buffer}
 */
public record RandomSigns(float[] direction, int[] stream, int streamId) implements Launch {
  @Override
  public int items() {
    return direction.length;
  }

  @Override
  public int cost() {
    return 60;
  }

  @Override
  public void run(int begin, int end) {
    for (int element = begin; element < end; element++) {
      ScoreKernels.randomSign(element, direction, stream, streamId);
    }
  }
}
