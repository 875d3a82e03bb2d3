package org.rgflow.training;

import java.util.List;

/**
 * The shape of the network; see {@link org.rgflow.network.UNetConfiguration}, which checks it.
 *
 * @param width channels of the first level
 * @param multipliers channels of each level, in units of the width
 * @param blocks residual blocks of each level
 * @param attentionLevels levels with self-attention
 * @param dropout probability of dropout
 */
public record NetworkSettings(
    int width, List<Integer> multipliers, int blocks, List<Integer> attentionLevels, double dropout) {
  public NetworkSettings {
    multipliers = List.copyOf(multipliers);
    attentionLevels = List.copyOf(attentionLevels);
  }
}
