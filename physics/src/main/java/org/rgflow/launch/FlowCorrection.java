package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.FlowKernels;
import org.rgflow.kernels.FlowVector;

/**
 * Items are rows (block, mode): x ← keep·predicted + past·x − weight·(after − before); see {@link
 * FlowKernels#correct}.
 */
public record FlowCorrection(
    float[] x, float[] predicted, float[] before, float[] after, float[] keep, float[] past, float[] weight,
    int modes, int lanes)
    implements Launch {
  @Override
  public int items() {
    return x.length / lanes;
  }

  @Override
  public void run(int begin, int end) {
    FlowVector.correct(begin, end, x, predicted, before, after, keep, past, weight, modes, lanes);
  }

  @Override
  public int cost() {
    return 6 * lanes;
  }

  @Override
  public int groups() {
    return x.length / (modes * lanes);
  }
}
