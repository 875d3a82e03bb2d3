package org.rgflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rgflow.data.ColorImage;
import org.rgflow.device.Device;
import org.rgflow.device.Devices;
import org.rgflow.device.JvmDevice;
import org.rgflow.diffusion.SamplingMethod;
import org.rgflow.diffusion.SamplingOptions;

/** Images of a class-conditional model, drawn on the JVM and on TornadoVM's default device. */
class SamplerAgreementTest {
  /** Of grey values in [−1, 1], after a few steps of a network that nobody trained to be smooth. */
  private static final double TOLERANCE = 1e-3;

  static Stream<Arguments> methods() {
    return Stream.of(
        arguments(named("DPM-Solver++(2M) with guidance",
            SamplingOptions.deterministic(SamplingMethod.DPM2M, 100, 5)), 2),
        arguments(named("ancestral", SamplingOptions.ancestral(100, 5)), 1));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void samplesAgree(SamplingOptions options, double guidance) {
    ImageModel model = Untrained.model(Untrained.configuration());
    List<ColorImage> expected;
    List<ColorImage> actual;
    try (Device jvm = new JvmDevice(1)) {
      expected = draw(model, jvm, options, guidance);
    }
    try (Device tornado = Devices.open("tornado")) {
      actual = draw(model, tornado, options, guidance);
    }
    for (int image = 0; image < expected.size(); image++) {
      float[] e = expected.get(image).values();
      float[] a = actual.get(image).values();
      for (int i = 0; i < e.length; i++) {
        assertThat(a[i]).as("image %d, value %d", image, i).isCloseTo(e[i], within((float) TOLERANCE));
      }
    }
    assertThat(expected.get(0).values()).isNotEqualTo(expected.get(1).values());
  }

  private static List<ColorImage> draw(ImageModel model, Device device, SamplingOptions options, double guidance) {
    try (ImageSampler sampler = model.open(device, 3, options, guidance)) {
      return sampler.sample(3, 0, 3, image -> image % 2);
    }
  }
}
