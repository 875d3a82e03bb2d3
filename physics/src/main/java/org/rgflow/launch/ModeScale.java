package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.FlowKernels;
import org.rgflow.kernels.FlowVector;

/** Items are rows (block, mode): x ← decay·x; see {@link FlowKernels#scale}. */
public record ModeScale(float[] x, float[] decay, int modes, int lanes) implements Launch {
  @Override
  public int items() {
    return x.length / lanes;
  }

  @Override
  public void run(int begin, int end) {
    FlowVector.scale(begin, end, x, decay, modes, lanes);
  }

  @Override
  public int cost() {
    return 5 * lanes;
  }

  @Override
  public int groups() {
    return x.length / (modes * lanes);
  }
}
