package org.rgflow.network;

import org.rgflow.kernels.NormKernels;
import org.rgflow.launch.BiasGradient;
import org.rgflow.launch.GroupNorm;
import org.rgflow.launch.GroupNormGradient;
import org.rgflow.launch.GroupNormSums;
import org.rgflow.launch.GroupStatistics;
import org.rgflow.network.ParameterLayout.Initial;

/** Group normalisation with 32 groups, then an activation; see {@link NormKernels}. */
final class GroupNormalization {
  static final int GROUPS = 32;

  private final ParameterLayout.View scale;
  private final int channels;

  /** @throws IllegalArgumentException if the channels are no multiple of 32 */
  GroupNormalization(ParameterLayout layout, String name, int channels) {
    if (channels % GROUPS != 0) {
      throw new IllegalArgumentException(
          channels + " channels do not form 32 groups: choose a width that is a multiple of 32");
    }
    this.channels = channels;
    scale = layout.add(name + ".scale", Initial.ONE, channels);
    layout.add(name + ".shift", Initial.ZERO, channels);
  }

  /** @param activation NormKernels.IDENTITY or SILU */
  Activation record(Tape tape, Activation x, int activation) {
    int positions = x.positions();
    Activation y = tape.activation(x.side(), channels);
    float[] statistics = tape.take(2 * tape.samples() * GROUPS);
    tape.forward(new GroupStatistics(x.values(), statistics, positions, channels, GROUPS));
    tape.forward(new GroupNorm(x.values(), statistics, tape.parameters(), y.values(), positions, channels, GROUPS,
        scale.offset(), activation));
    tape.backward((launches, beta) -> {
      float[] sums = tape.take(2 * tape.samples() * channels);
      launches.add(new GroupNormSums(x.values(), statistics, tape.parameters(), y.gradient(), sums, positions, channels,
          GROUPS, scale.offset(), activation));
      launches.add(new GroupNormGradient(x.values(), statistics, tape.parameters(), y.gradient(), sums, x.gradient(),
          x.gradientBeta(), positions, channels, GROUPS, scale.offset(), activation));
      // Scale and shift lie side by side, as their sums do.
      launches.add(new BiasGradient(sums, tape.gradient(), beta, tape.samples(), 2 * channels, scale.offset()));
      tape.give(sums);
    });
    return y;
  }
}
