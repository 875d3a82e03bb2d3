package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.CombinationKernels;
import org.rgflow.kernels.CombinationVector;

/**
 * x ← (1 − mask)·x + mask·known; see {@link CombinationKernels#masked}.
 */
public record MaskedValues(float[] x, float[] known, float[] mask, int groups)
    implements Launch {
  /** @throws IllegalArgumentException if the lengths differ */
  public MaskedValues {
    if (known.length != x.length || mask.length != x.length) {
      throw new IllegalArgumentException(
          "masked values: " + x.length + " elements, " + known.length + " known ones and a mask of " + mask.length);
    }
  }

  @Override
  public int items() {
    return x.length;
  }

  @Override
  public int groups() {
    return groups;
  }

  @Override
  public int cost() {
    return 4;
  }

  @Override
  public void run(int begin, int end) {
    CombinationVector.masked(begin, end, x, known, mask);
  }
}
