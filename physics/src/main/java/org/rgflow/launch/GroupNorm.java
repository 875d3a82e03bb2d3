package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.NormKernels;
import org.rgflow.kernels.NormVector;

/**
 * y = activation of the normalised x; items are samples; see {@link NormKernels#apply}.
 *
 * @param x [sample][position][channel]
 * @param statistics [sample][group]: mean, 1/deviation
 * @param parameters γ and β
 * @param y as x
 * @param positions positions per sample
 * @param channels a multiple of 32
 * @param groupCount groups of channels
 * @param scaleOffset where γ is in the parameters, β behind it
 * @param activation NormKernels.IDENTITY or SILU
 */
public record GroupNorm(
    float[] x, float[] statistics, float[] parameters, float[] y, int positions, int channels, int groupCount, int
    scaleOffset, int activation)
    implements Launch {
  /** @throws IllegalArgumentException if the lengths do not fit together */
  public GroupNorm {
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
    return 20 * positions * channels;
  }

  @Override
  public void run(int begin, int end) {
    NormVector.apply(begin, end, x, statistics, parameters, y, positions, channels, groupCount, scaleOffset,
        activation);
  }
}
