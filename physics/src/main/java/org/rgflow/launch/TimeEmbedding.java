package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.NetworkKernels;

/**
 * Sinusoidal embedding of the time steps, a sine and a cosine per item; see {@link NetworkKernels#timeEmbedding}.
 *
 * @param steps one per sample
 * @param y [sample][width]
 * @param width even
 */
public record TimeEmbedding(
    float[] steps, float[] y, int width)
    implements Launch {
  @Override
  public int items() {
    return y.length / 2;
  }

  @Override
  public int cost() {
    return 100;
  }

  @Override
  public void run(int begin, int end) {
    for (int item = begin; item < end; item++) {
      NetworkKernels.timeEmbedding(item, steps, y, width);
    }
  }
}
