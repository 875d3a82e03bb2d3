package org.rgflow.network;

import org.rgflow.kernels.NormKernels;
import org.rgflow.launch.BiasGradient;
import org.rgflow.launch.GroupNorm;
import org.rgflow.launch.GroupNormGradient;
import org.rgflow.launch.GroupNormSums;
import org.rgflow.launch.GroupStatistics;
import org.rgflow.network.ParameterLayout.Initial;

/**
 * Group normalisation, then an activation; see {@link NormKernels}. There are 32 groups, or fewer so that each has at
 * least four channels: a group of one channel would take away whatever is added to a whole channel, and with it all
 * that time and label say.
 */
final class GroupNormalization {
  /** Channels must be a multiple of this. */
  static final int MULTIPLE = 32;
  private static final int MOST_GROUPS = 32;
  private static final int LEAST_CHANNELS = 4;

  private final ParameterLayout.View scale;
  private final int channels;
  private final int groups;

  /** @throws IllegalArgumentException if the channels are no multiple of 32 */
  GroupNormalization(ParameterLayout layout, String name, int channels) {
    if (channels % MULTIPLE != 0) {
      throw new IllegalArgumentException(
          channels + " channels do not form equal groups: choose a width that is a multiple of 32");
    }
    this.channels = channels;
    groups = groups(channels);
    scale = layout.add(name + ".scale", Initial.ONE, channels);
    layout.add(name + ".shift", Initial.ZERO, channels);
  }

  /** The number of groups of so many channels, a multiple of {@value #MULTIPLE}. */
  static int groups(int channels) {
    return Math.min(MOST_GROUPS, channels / LEAST_CHANNELS);
  }

  /** @param activation NormKernels.IDENTITY or SILU */
  Activation record(Tape tape, Activation x, int activation) {
    int positions = x.positions();
    Activation y = tape.activation(x.side(), channels);
    float[] statistics = tape.take(2 * tape.samples() * groups);
    tape.forward(new GroupStatistics(x.values(), statistics, positions, channels, groups));
    tape.forward(new GroupNorm(x.values(), statistics, tape.parameters(), y.values(), positions, channels, groups,
        scale.offset(), activation));
    tape.backward((launches, beta) -> {
      float[] sums = tape.take(2 * tape.samples() * channels);
      launches.add(new GroupNormSums(x.values(), statistics, tape.parameters(), y.gradient(), sums, positions, channels,
          groups, scale.offset(), activation));
      launches.add(new GroupNormGradient(x.values(), statistics, tape.parameters(), y.gradient(), sums, x.gradient(),
          x.gradientBeta(), positions, channels, groups, scale.offset(), activation));
      // Scale and shift lie side by side, as their sums do.
      launches.add(new BiasGradient(sums, tape.gradient(), beta, tape.samples(), 2 * channels, scale.offset()));
      tape.give(sums);
    });
    return y;
  }
}
