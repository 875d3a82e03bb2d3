package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.NormKernels;
import org.rgflow.kernels.NormVector;

/**
 * What the gradient of a group norm sums over positions; items are samples; see {@link NormKernels#channelSums}.
 *
 * @param x [sample][position][channel]
 * @param statistics [sample][group]: mean, 1/deviation
 * @param parameters γ and β
 * @param dy gradient of the output
 * @param sums [sample][2][channel]
 * @param positions positions per sample
 * @param channels a multiple of 32
 * @param groupCount groups of channels
 * @param scaleOffset where γ is in the parameters, β behind it
 * @param activation NormKernels.IDENTITY or SILU
 */
public record GroupNormSums(
    float[] x, float[] statistics, float[] parameters, float[] dy, float[] sums, int positions, int channels, int
    groupCount, int scaleOffset, int activation)
    implements Launch {
  /** @throws IllegalArgumentException if the lengths do not fit together */
  public GroupNormSums {
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
    return 25 * positions * channels;
  }

  @Override
  public void run(int begin, int end) {
    NormVector.channelSums(begin, end, x, statistics, parameters, dy, sums, positions, channels, groupCount,
        scaleOffset, activation);
  }
}
