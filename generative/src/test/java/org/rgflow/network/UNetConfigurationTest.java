package org.rgflow.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.network.UNetConfiguration.Resolution;

class UNetConfigurationTest {
  /** The counts of 2402.17090's code, in millions of parameters and 10⁹ multiply-accumulates of 128 samples. */
  @ParameterizedTest
  @CsvSource({
    "fddm-celeba64-p4, 59.99, 1780.6", "fddm-celeba64-p8, 60.49, 449.8", "ddpm-celeba64, 35.75, 3098.5",
    "fddm-fashion-mnist, 59.99, 112.0"
  })
  void publishedCounts(String preset, String millions, String giga) {
    UNetConfiguration c = UNetConfiguration.preset(preset);
    assertThat(String.format(Locale.ROOT, "%.2f", c.parameters(0) / 1e6)).isEqualTo(millions);
    assertThat(String.format(Locale.ROOT, "%.1f", 128 * c.multiplyAccumulates() / 1e9)).isEqualTo(giga);
  }

  @Test
  void fashionPerSample() {
    long macs = UNetConfiguration.preset("fddm-fashion-mnist").multiplyAccumulates();
    assertThat(String.format(Locale.ROOT, "%.3f", macs / 1e9)).isEqualTo("0.875");
  }

  /** A group of one channel would remove the embeddings of time and label. */
  @ParameterizedTest
  @CsvSource({"32, 8", "64, 16", "96, 24", "128, 32", "160, 32", "192, 32", "384, 32"})
  void groupsHaveAtLeastFourChannels(int channels, int groups) {
    assertThat(GroupNormalization.groups(channels)).isEqualTo(groups);
    assertThat(channels % groups).isZero();
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> UNetConfiguration.preset("fddm")).hasMessageContaining("fddm-celeba64-p4");
    assertThatThrownBy(() -> UNetConfiguration.frequency(3, 64, 7)).hasMessageContaining("do not tile");
    assertThatThrownBy(() -> UNetConfiguration.preset("ddpm-celeba64").withWidth(100))
        .hasMessageContaining("multiple of 32");
    assertThatThrownBy(() -> UNetConfiguration.pixels(1, 28, List.of(1, 2, 2, 2))).hasMessageContaining("multiple of 8");
    assertThatThrownBy(() -> new UNetConfiguration(1, 1, 4, 32, List.of(1, 2), 1, Set.of(2), 0, Resolution.CONSTANT))
        .hasMessageContaining("levels 0 to 1");
  }

  /** Sizes of which some product would overflow, as files may ask for. */
  @Test
  void refusesNetworksThatCannotBe() {
    UNetConfiguration usual = UNetConfiguration.preset("fddm-fashion-mnist");
    assertThatThrownBy(() -> usual.withWidth(1 << 30)).hasMessageContaining("more than 1048576 channels");
    assertThatThrownBy(() -> usual.withBlocks(Integer.MAX_VALUE)).hasMessageContaining("1 to 1000 blocks");
    assertThatThrownBy(() -> new UNetConfiguration(49, 49, 4, 32, Collections.nCopies(100_000, 1), 1, Set.of(), 0,
        UNetConfiguration.Resolution.CONSTANT)).hasMessageContaining("at most 16 levels");
    assertThatThrownBy(() -> new UNetConfiguration(49, 49, 4, 32, List.of(1 << 30, 1 << 30), 1, Set.of(), 0,
        UNetConfiguration.Resolution.CONSTANT)).hasMessageContaining("more than 1048576 channels");
    assertThatThrownBy(() -> usual.withWidth(1 << 18).parameters(0)).hasMessageContaining("more than 2^31 parameters");
    UNetConfiguration large = new UNetConfiguration(4, 4, 2000, 32, List.of(1), 1, Set.of(), 0,
        UNetConfiguration.Resolution.CONSTANT);
    assertThatThrownBy(() -> new UNet(large, 1, 0, 1, Purpose.INFERENCE)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("attention between the 4000000 positions");
  }
}
