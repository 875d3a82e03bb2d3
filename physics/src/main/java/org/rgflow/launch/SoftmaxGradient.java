package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.NetworkKernels;
import org.rgflow.kernels.NetworkVector;

/**
 * Gradient of a softmax, in place of dy; see {@link NetworkKernels#softmaxGradient}.
 *
 * @param y the softmax
 * @param dy its gradient, then that of its argument
 * @param length length of a row
 */
public record SoftmaxGradient(
    float[] y, float[] dy, int length)
    implements Launch {
  @Override
  public int items() {
    return y.length / length;
  }

  @Override
  public int cost() {
    return 4 * length;
  }

  @Override
  public void run(int begin, int end) {
    NetworkVector.softmaxGradient(begin, end, y, dy, length);
  }
}
