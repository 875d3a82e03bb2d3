package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.NormKernels;
import org.rgflow.kernels.NormVector;

/**
 * Gradient of a group norm with respect to its input; items are samples; see {@link NormKernels#inputGradient}.
 *
 * @param x [sample][position][channel]
 * @param statistics [sample][group]: mean, 1/deviation
 * @param parameters γ and β
 * @param dy gradient of the output
 * @param sums from {@link GroupNormSums}
 * @param dx gradient of the input
 * @param beta 0 to overwrite, 1 to add
 * @param positions positions per sample
 * @param channels a multiple of 32
 * @param groupCount groups of channels
 * @param scaleOffset where γ is in the parameters, β behind it
 * @param activation NormKernels.IDENTITY or SILU
 */
public record GroupNormGradient(
    float[] x, float[] statistics, float[] parameters, float[] dy, float[] sums, float[] dx, float beta, int
    positions, int channels, int groupCount, int scaleOffset, int activation)
    implements Launch {
  /** @throws IllegalArgumentException if the lengths do not fit together */
  public GroupNormGradient {
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
    NormVector.inputGradient(begin, end, x, statistics, parameters, dy, sums, dx, beta, positions, channels,
        groupCount, scaleOffset, activation);
  }
}
