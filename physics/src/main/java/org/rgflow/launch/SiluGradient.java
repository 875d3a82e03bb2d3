package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.NetworkKernels;
import org.rgflow.kernels.NetworkVector;

/**
 * dx ← β dx + dy · silu'(x); see {@link NetworkKernels#siluGradient}.
 *
 * @param x argument
 * @param dy gradient of the value
 * @param dx gradient of the argument
 * @param beta 0 to overwrite, 1 to add
 */
public record SiluGradient(
    float[] x, float[] dy, float[] dx, float beta)
    implements Launch {
  @Override
  public int items() {
    return x.length;
  }

  @Override
  public int cost() {
    return 8;
  }

  @Override
  public void run(int begin, int end) {
    NetworkVector.siluGradient(begin, end, x, dy, dx, beta);
  }
}
