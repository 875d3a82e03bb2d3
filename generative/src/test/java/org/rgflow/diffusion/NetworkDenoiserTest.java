package org.rgflow.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.network.Purpose;
import org.rgflow.network.UNet;
import org.rgflow.network.UNetConfiguration;
import org.rgflow.network.UNetConfiguration.Resolution;

class NetworkDenoiserTest {
  private static final NoiseSchedule SCHEDULE = NoiseSchedules.fermi(FermiSchedule.published(2), 1);
  private static final double[] MEAN = {0.7, -0.2, 0.1, 0};
  private static final double[] DEVIATION = {1.3, 0.4, 0.5, 0.15};

  /** A network with random weights everywhere: the tail of a fresh one is nearly zero. */
  private static UNet network(int inputChannels, int batch) {
    UNetConfiguration configuration =
        new UNetConfiguration(inputChannels, 4, 3, 32, List.of(1, 2), 1, Set.of(1), 0.1, Resolution.CONSTANT);
    UNet network = new UNet(configuration, batch, 3, 11, Purpose.INFERENCE);
    float[] values = network.parameters().values();
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < values.length; i++) {
      values[i] += (float) (0.02 * random.nextGaussian());
    }
    return network;
  }

  @Test
  void thePredictionIsTheNetworksOutput() {
    UNet network = network(4, 2);
    NetworkDenoiser denoiser = new NetworkDenoiser(network);
    assertThat(denoiser.shape()).isEqualTo(new ModeBatch(2, 4, 9));
    assertThat(denoiser.selfConditioned()).isFalse();
    float[] noisy = new float[72];
    for (int i = 0; i < noisy.length; i++) {
      noisy[i] = (float) Math.sin(i);
    }
    float[] clean = new float[72];
    Program program = new Program("denoiser").addAll(denoiser.record(
        new Denoiser.Inputs(noisy, new float[] {17, 900}, new int[] {2, Denoiser.NO_LABEL}, new float[0]), clean));
    Program plain = network.forward(Purpose.INFERENCE);
    try (JvmDevice device = new JvmDevice(1); Session session = device.open(program, plain)) {
      session.run(program);
      System.arraycopy(noisy, 0, network.input(), 0, 72);
      network.steps()[0] = 17;
      network.steps()[1] = 900;
      network.labels()[0] = 2;
      network.labels()[1] = 3;
      session.run(plain);
    }
    assertThat(clean).isEqualTo(network.output());
    assertThatThrownBy(() -> new NetworkDenoiser(network(6, 2)))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("6");
  }

  /** Guided, preconditioned, with and without self-conditioning: the same image in any batch, on one thread or two. */
  @ParameterizedTest
  @ValueSource(ints = {4, 8})
  void samplesOfANetworkDoNotDependOnTheBatch(int inputChannels) {
    SamplingOptions options = SamplingOptions.deterministic(SamplingMethod.DPM2M, 1000, 4);
    float[][] images = new float[3][];
    int[] batches = {1, 3, 3};
    for (int run = 0; run < 3; run++) {
      Denoiser denoiser = new GuidedDenoiser(new PreconditionedDenoiser(
          new NetworkDenoiser(network(inputChannels, batches[run])), SCHEDULE, MEAN, DEVIATION), 2);
      assertThat(denoiser.selfConditioned()).isEqualTo(inputChannels == 8);
      PixelSpace pixels = new PixelSpace(denoiser.shape(), 1, 3, 3, 2);
      try (JvmDevice device = new JvmDevice(run == 2 ? 2 : 1);
          DiffusionSampler sampler = new DiffusionSampler(device, SCHEDULE, denoiser, pixels, options)) {
        sampler.label(run == 0 ? new int[] {1} : new int[] {0, 1, 2});
        float[] all = run == 0 ? sampler.sample(3, 17) : sampler.sample(3, 16, 17, 18);
        images[run] = run == 0 ? all : Arrays.copyOfRange(all, 36, 72);
      }
    }
    assertThat(images[1]).isEqualTo(images[0]);
    assertThat(images[2]).isEqualTo(images[1]);
  }
}
