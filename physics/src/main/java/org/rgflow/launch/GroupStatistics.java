package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.NormKernels;
import org.rgflow.kernels.NormVector;

/**
 * Mean and inverse deviation of every group of channels; items are samples; see {@link NormKernels#statistics}.
 *
 * @param x [sample][position][channel]
 * @param statistics [sample][group]: mean, 1/deviation
 * @param positions positions per sample
 * @param channels a multiple of 32
 * @param groupCount groups of channels
 */
public record GroupStatistics(
    float[] x, float[] statistics, int positions, int channels, int groupCount)
    implements Launch {
  /** @throws IllegalArgumentException if the lengths do not fit together */
  public GroupStatistics {
    if (channels % 32 != 0 || channels % groupCount != 0 || x.length % (positions * channels) != 0) {
      throw new IllegalArgumentException(
          "group norm: " + channels + " channels do not form " + groupCount + " groups and vectors of 32");
    }
  }

  @Override
  public int items() {
    return x.length / (positions * channels);
  }

  /** Samples are independent. */
  @Override
  public int groups() {
    return items();
  }

  @Override
  public int cost() {
    return 3 * positions * channels;
  }

  @Override
  public void run(int begin, int end) {
    NormVector.statistics(begin, end, x, statistics, positions, channels, groupCount);
  }
}
