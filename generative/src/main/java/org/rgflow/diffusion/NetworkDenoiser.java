package org.rgflow.diffusion;

import java.util.ArrayList;
import java.util.List;
import org.rgflow.device.Launch;
import org.rgflow.launch.ChooseLabels;
import org.rgflow.launch.Concatenate;
import org.rgflow.launch.CopyValues;
import org.rgflow.network.Purpose;
import org.rgflow.network.UNet;
import org.rgflow.network.UNetConfiguration;

/**
 * A U-Net as a {@link Denoiser}: its output is x̂_0, or F inside a {@link PreconditionedDenoiser}. A network with
 * twice as many input as output channels sees the previous prediction beside the noisy image. Recorded more than once
 * (for guidance), the passes share the network's buffers and run one after the other.
 */
public final class NetworkDenoiser implements Denoiser {
  private final UNet network;
  private final ModeBatch shape;
  private final boolean selfConditioned;

  /** @throws IllegalArgumentException if input and output channels are neither equal nor two to one */
  public NetworkDenoiser(UNet network) {
    UNetConfiguration configuration = network.configuration();
    int channels = configuration.outputChannels();
    if (configuration.inputChannels() != channels && configuration.inputChannels() != 2 * channels) {
      throw new IllegalArgumentException("a network with " + channels
          + " output channels needs as many or twice as many input "
          + "channels to denoise, not " + configuration.inputChannels());
    }
    this.network = network;
    this.shape = new ModeBatch(network.batch(), channels, configuration.side() * configuration.side());
    this.selfConditioned = configuration.inputChannels() == 2 * channels;
  }

  @Override
  public ModeBatch shape() {
    return shape;
  }

  @Override
  public boolean selfConditioned() {
    return selfConditioned;
  }

  @Override
  public List<Launch> record(Inputs inputs, float[] clean) {
    List<Launch> launches = new ArrayList<>();
    launches.add(selfConditioned
        ? new Concatenate(inputs.noisy(), inputs.previous(), network.input(), shape.imageSize(), shape.imageSize())
        : new CopyValues(inputs.noisy(), network.input(), shape.images()));
    launches.add(new CopyValues(inputs.times(), network.steps(), 1));
    launches.add(new ChooseLabels(inputs.labels(), network.labels(), network.classes()));
    launches.addAll(network.forward(Purpose.INFERENCE).launches());
    launches.add(new CopyValues(network.output(), clean, shape.images()));
    return launches;
  }
}
