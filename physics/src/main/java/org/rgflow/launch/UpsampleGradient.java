package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.NetworkKernels;
import org.rgflow.kernels.NetworkVector;

/**
 * Gradient of {@link Upsample}; items are rows of channels of dx; see {@link NetworkKernels#upsampleGradient}.
 *
 * @param dy gradient of the enlarged
 * @param dx gradient of the argument
 * @param beta 0 to overwrite, 1 to add
 * @param side side of x
 * @param channels channels
 */
public record UpsampleGradient(
    float[] dy, float[] dx, float beta, int side, int channels)
    implements Launch {
  @Override
  public int items() {
    return dx.length / channels;
  }

  @Override
  public int cost() {
    return 4 * channels;
  }

  @Override
  public void run(int begin, int end) {
    NetworkVector.upsampleGradient(begin, end, dy, dx, beta, side, channels);
  }
}
