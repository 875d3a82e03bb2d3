package org.rgflow.training;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.data.ColorImage;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.diffusion.DiffusionSampler;
import org.rgflow.diffusion.SamplingMethod;
import org.rgflow.diffusion.SamplingOptions;

class ImageSamplerTest {
  private static final SamplingOptions DPM = SamplingOptions.deterministic(SamplingMethod.DPM2M, 100, 8);
  private static final DiffusionSampler.Observer NOBODY = (stage, time, modes, predicted) -> { };

  private static List<float[]> draw(ImageModel model, int threads, int batch, SamplingOptions options, double guidance) {
    List<float[]> all = new ArrayList<>();
    try (Device device = new JvmDevice(threads); ImageSampler sampler = model.open(device, batch, options, guidance)) {
      for (int first = 0; first < 7; first += batch) {
        sampler.sample(3, first, Math.min(batch, 7 - first), image -> image % 2).forEach(image -> all.add(image.values()));
      }
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7})
  void anImageIsTheSameInAnyBatch(int batch) {
    ImageModel model = Untrained.model(Untrained.configuration());
    List<float[]> together = draw(model, 1, 7, DPM, 2);
    List<float[]> parts = draw(model, 2, batch, DPM, 2);
    for (int i = 0; i < 7; i++) {
      assertThat(parts.get(i)).as("image %d", i).isEqualTo(together.get(i));
    }
    assertThat(together.get(0)).isNotEqualTo(together.get(2));
    SamplingOptions ancestral = SamplingOptions.ancestral(100, 8);
    assertThat(draw(model, 1, batch, ancestral, 1).get(6)).isEqualTo(draw(model, 1, 7, ancestral, 1).get(6));
  }

  @Test
  void theEndsOfAnInterpolationAreTheImagesOfItsSeeds() {
    ImageModel model = Untrained.model(Untrained.configuration());
    try (Device device = new JvmDevice(1); ImageSampler sampler = model.open(device, 5, DPM, 1)) {
      float[] from = sampler.sample(11, 2, 1, image -> 1).getFirst().values();
      float[] to = sampler.sample(12, 2, 1, image -> 1).getFirst().values();
      List<ColorImage> way = sampler.interpolate(11, 12, 2, new double[] {0, 0.25, 0.5, 0.75, 1}, 1, NOBODY);
      assertThat(way).hasSize(5);
      assertThat(way.get(0).values()).isEqualTo(from);
      assertThat(way.get(4).values()).isEqualTo(to);
      double whole = distance(from, to);
      double before = 0;
      for (ColorImage image : way.subList(1, 5)) {
        double distance = distance(from, image.values());
        assertThat(distance).isGreaterThan(before);
        before = distance;
      }
      assertThat(whole).isEqualTo(before).isGreaterThan(0.5);
    }
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void whatIsKnownStaysAndTheRestIsPainted(int colours) {
    ImageModel model = Untrained.model(Untrained.configuration("data.colours=" + colours));
    float[] values = new float[64 * colours];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 37 % 101) / 100f;
    }
    ColorImage picture = new ColorImage(colours, 8, 8, values);
    float[] known = new float[64];
    Arrays.fill(known, 0, 40, 1); // the upper five rows
    try (Device device = new JvmDevice(1); ImageSampler sampler = model.open(device, 2, DPM, 1)) {
      sampler.inpaint(picture, new ColorImage(1, 8, 8, known));
      List<ColorImage> painted = sampler.sample(5, 0, 2, image -> 0);
      for (ColorImage image : painted) {
        for (int i = 0; i < values.length; i++) {
          if (i % 64 < 40) {
            // Float rounding of the DCT and its inverse.
            assertThat(image.values()[i]).isCloseTo(values[i], within(2e-6f));
          }
        }
      }
      assertThat(Arrays.copyOfRange(painted.get(0).values(), 40, 64))
          .isNotEqualTo(Arrays.copyOfRange(painted.get(1).values(), 40, 64))
          .isNotEqualTo(Arrays.copyOfRange(values, 40, 64));
      assertThatIllegalArgumentException().isThrownBy(
          () -> sampler.inpaint(new ColorImage(1, 4, 8, new float[32]), new ColorImage(1, 8, 8, known)))
          .withMessageContaining("is none of 8x8");
    }
  }

  @Test
  void aModelThatDrawsNothingSaysSo() {
    ImageModel model = Untrained.model(Untrained.configuration());
    Arrays.fill(model.parameters(), Float.MAX_VALUE);
    try (Device device = new JvmDevice(1);
        ImageSampler sampler = model.open(device, 1, SamplingOptions.deterministic(SamplingMethod.DPM2M, 100, 2), 1)) {
      assertThatThrownBy(() -> sampler.sample(1, 0, 1, image -> 0)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no picture but NaN");
    }
  }

  @Test
  void moreStepsThanTheScheduleHasTakeNoMemory() {
    assertThatThrownBy(() -> SamplingOptions.deterministic(SamplingMethod.DPM2M, 100, Integer.MAX_VALUE))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("cannot be sampled in 2147483647");
  }

  /** Batches and pictures, which a file may be made to speak of, are refused before memory is taken. */
  @Test
  void whatDoesNotFitTheMemoryIsRefused() {
    ImageModel model = Untrained.model(Untrained.configuration());
    String huge = "a batch of 2000000000 needs \\d\\.?\\d*e?\\+?\\d* GiB, but only .* GiB of memory are free, enough for \\d+; .*";
    try (Device device = new JvmDevice(1)) {
      assertThatIllegalArgumentException().isThrownBy(() -> model.open(device, 2_000_000_000, DPM, 2))
          .withMessageMatching(huge);
    }
    TrainingConfiguration large = Untrained.configuration("diffusion.space=pixel", "diffusion.patch=1", "data.height=4096",
        "data.width=4096", "diffusion.schedule=cosine", "optimizer.batchSize=2");
    ImageModel hostile = Untrained.model(Untrained.configuration("diffusion.space=pixel", "diffusion.patch=1",
        "diffusion.schedule=cosine"));
    ImageModel pretending = new ImageModel(large, hostile.statistics(), hostile.classes(), hostile.parameters());
    try (Device device = new JvmDevice(1)) {
      assertThatIllegalArgumentException().isThrownBy(() -> pretending.open(device, 1, DPM, 1))
          .withMessageStartingWith("a network of 32 channels on 4096x4096 positions needs more than 1048580.0 GiB, but only ");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> TrainingPlan.requireMemory(large, 1))
        .withMessageContaining("4096x4096 positions");
    TrainingConfiguration many = Untrained.configuration("optimizer.batchSize=2000000000", "optimizer.accumulation=2");
    assertThatIllegalArgumentException().isThrownBy(() -> TrainingPlan.requireMemory(many, 1))
        .withMessageStartingWith("a batch of 1000000000 needs ").withMessageContaining("optimizer.accumulation");
    TrainingPlan.requireMemory(Untrained.configuration("optimizer.batchSize=2"), 1);
  }
}
