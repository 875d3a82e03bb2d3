package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.SelectionVector;
import org.rgflow.kernels.TemperingKernels;

/** Items are elements: exchanges the fields of the replicas chosen, see {@link TemperingKernels#exchange}. */
public record Exchange(float[] a, float[] b, int[] exchanged, int sites, int lanes) implements Launch {
  @Override
  public int items() {
    return a.length;
  }

  @Override
  public void run(int begin, int end) {
    SelectionVector.exchange(begin, end, a, b, exchanged, sites, lanes);
  }

  @Override
  public int cost() {
    return 4;
  }

  @Override
  public int groups() {
    return a.length / (sites * lanes);
  }
}
