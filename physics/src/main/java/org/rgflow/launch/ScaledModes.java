package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ScoreKernels;

/**
 * Items are rows of a mode: out ← scale·x, in double; see {@link ScoreKernels#scaled}.
 *
 * @param scale of each mode
 */
public record ScaledModes(float[] out, float[] x, double[] scale) implements Launch {
  @Override
  public int items() {
    return out.length / ScoreKernels.LANES;
  }

  @Override
  public int groups() {
    return items() / scale.length;
  }

  @Override
  public int cost() {
    return 2 * ScoreKernels.LANES;
  }

  @Override
  public void run(int begin, int end) {
    for (int element = begin * ScoreKernels.LANES; element < end * ScoreKernels.LANES; element++) {
      ScoreKernels.scaled(element, out, x, scale, scale.length);
    }
  }
}
