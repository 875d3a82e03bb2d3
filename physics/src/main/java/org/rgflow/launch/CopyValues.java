package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.CombinationKernels;

/**
 * to ← from; see {@link CombinationKernels#copy}.
 */
public record CopyValues(float[] from, float[] to, int groups)
    implements Launch {
  /** @throws IllegalArgumentException if the lengths differ or the arrays are the same */
  public CopyValues {
    if (from == to || from.length != to.length) {
      throw new IllegalArgumentException("a copy of " + from.length + " elements into " + to.length
          + (from == to ? " of the same array" : ""));
    }
  }

  @Override
  public int items() {
    return from.length;
  }

  @Override
  public int groups() {
    return groups;
  }

  @Override
  public int cost() {
    return 1;
  }

  @Override
  public void run(int begin, int end) {
    System.arraycopy(from, begin, to, begin, end - begin);
  }
}
