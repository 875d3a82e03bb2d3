package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.FlowKernels;
import org.rgflow.kernels.FlowVector;

/** Items are rows (block, mode): moved ← decay·x − weight·force + noise; see {@link FlowKernels#drift}. */
public record FlowDrift(
    float[] x, float[] force, float[] noise, float[] moved, float[] decay, float[] weight, int modes, int lanes)
    implements Launch {
  @Override
  public int items() {
    return x.length / lanes;
  }

  @Override
  public void run(int begin, int end) {
    FlowVector.drift(begin, end, x, force, noise, moved, decay, weight, modes, lanes);
  }

  @Override
  public int cost() {
    return 4 * lanes;
  }

  @Override
  public int groups() {
    return x.length / (modes * lanes);
  }
}
