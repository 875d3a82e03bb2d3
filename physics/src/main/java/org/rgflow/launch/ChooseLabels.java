package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.CombinationKernels;

/** to ← from, with {@code none} in the place of negative labels; see {@link CombinationKernels#label}. */
public record ChooseLabels(int[] from, int[] to, int none) implements Launch {
  /** @throws IllegalArgumentException if the lengths differ */
  public ChooseLabels {
    if (from.length != to.length) {
      throw new IllegalArgumentException(from.length + " labels for " + to.length + " samples");
    }
  }

  @Override
  public int items() {
    return from.length;
  }

  @Override
  public int cost() {
    return 4;
  }

  @Override
  public void run(int begin, int end) {
    for (int item = begin; item < end; item++) {
      CombinationKernels.label(item, from, to, none);
    }
  }
}
