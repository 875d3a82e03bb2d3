package org.rgflow.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.io.TempDir;
import org.rgflow.data.ByteImages;
import org.rgflow.data.ImageChoice;
import org.rgflow.data.ImageSet;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;

class ImageQualityTest {
  @TempDir
  private Path folder;

  /** Smooth random pictures of 8×8: a plane wave of random amplitude and phase, and a little noise. */
  private static ByteImages pictures(int count, int colours, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = new byte[count * colours * 64];
    for (int i = 0; i < count * colours; i++) {
      double amplitude = 60 * random.nextDouble();
      double phase = 2 * Math.PI * random.nextDouble();
      for (int p = 0; p < 64; p++) {
        double value = 128 + amplitude * Math.cos(2 * Math.PI * (p % 8) / 8 + phase) + 4 * random.nextGaussian();
        bytes[i * 64 + p] = (byte) Math.clamp(Math.round(value), 0, 255);
      }
    }
    return new ByteImages(colours, 8, 8, bytes, new int[0], List.of());
  }

  private static ReferenceImages reference(ImageSet training, ImageSet test) {
    return new ReferenceImages(training, training, test, test, ReferenceImages.Origin.TEST_SPLIT);
  }

  private static List<Figure> all(ImageQuality quality) throws IOException {
    return Stream.concat(quality.spectral().figures().stream(), quality.pixels().stream()).toList();
  }

  @Test
  void testPicturesStandAtTheFloorWithOrWithoutTheCache() throws IOException {
    ByteImages training = pictures(100, 3, 1);
    ByteImages test = pictures(40, 3, 2);
    ReferenceCache cache = new ReferenceCache(folder.resolve("cache"));
    List<Figure> first;
    try (Device device = new JvmDevice(2)) {
      first = all(new ImageQuality(test, reference(training, test), cache, device));
    }
    assertThat(first).extracting(Figure::name).containsExactly(
        "dctFrechet", "dctPatchFrechet", "spectrumDistance", "pixelPrecision", "pixelRecall", "nearestTraining");
    for (Figure figure : first) {
      assertThat(figure.value()).as(figure.name()).isEqualTo(figure.floor()).isPositive();
    }
    try (Stream<Path> kept = Files.list(folder.resolve("cache"))) {
      assertThat(kept).hasSize(3);
    }
    try (Device device = new JvmDevice(1)) {
      assertThat(all(new ImageQuality(test, reference(training, test), cache, device))).isEqualTo(first);
      ReferenceCache other = new ReferenceCache(folder.resolve("other"));
      assertThat(all(new ImageQuality(test, reference(training, test), other, device))).isEqualTo(first);
    }
  }

  @Test
  void otherPicturesOrLabelsAreAnotherEntry() {
    byte[] bytes = new byte[2 * 64];
    String key = ReferenceCache.key("pictures", new ByteImages(1, 8, 8, bytes, new int[] {0, 1}, List.of("a", "b")));
    assertThat(ReferenceCache.key("pictures", new ByteImages(1, 8, 8, bytes.clone(), new int[] {0, 1}, List.of("a", "b"))))
        .isEqualTo(key);
    assertThat(ReferenceCache.key("pictures", new ByteImages(1, 8, 8, bytes, new int[] {0, 0}, List.of("a", "b"))))
        .as("another label").isNotEqualTo(key);
    assertThat(ReferenceCache.key("pictures", new ByteImages(1, 4, 16, bytes, new int[] {0, 1}, List.of("a", "b"))))
        .as("another shape").isNotEqualTo(key);
    bytes[100]++;
    assertThat(ReferenceCache.key("pictures", new ByteImages(1, 8, 8, bytes, new int[] {0, 1}, List.of("a", "b"))))
        .as("another pixel").isNotEqualTo(key);
  }

  /**
   * Kept statistics are found again by other versions of the program. If this test fails because they are computed in
   * another way, raise the number of {@link ReferenceCache#FORMAT} and correct the figures here: they are what version 1
   * gives, of no other origin.
   */
  @Test
  void keptStatisticsHaveAVersion() throws IOException {
    ByteImages training = pictures(100, 3, 1);
    ByteImages test = pictures(40, 3, 2);
    List<Figure> figures;
    try (Device device = new JvmDevice(1)) {
      figures = all(new ImageQuality(test, reference(training, test), new ReferenceCache(folder.resolve("cache")), device));
    }
    assertThat(ReferenceCache.FORMAT).isEqualTo("rgflow-reference-1");
    double[] expected = {0.1468278059077431, 0.3460724812638958, 0.1520327534838099, 0.85, 0.875, 1.00117249125078};
    for (int i = 0; i < expected.length; i++) {
      assertThat(figures.get(i).floor()).as(figures.get(i).name()).isCloseTo(expected[i], withinPercentage(1e-4));
    }
  }

  /** Copies have a nearest training picture at distance 0; smoothed pictures lose power where waves are short. */
  @Test
  void copiesAndBlurShow() throws IOException {
    ByteImages training = pictures(200, 1, 3);
    ByteImages test = pictures(50, 1, 4);
    ByteImages blurred = averaged(test, 8);
    ByteImages flat = averaged(test, 4);
    ReferenceCache cache = new ReferenceCache(folder.resolve("cache"));
    try (Device device = new JvmDevice(1)) {
      ImageQuality copies =
          new ImageQuality(ImageChoice.evenly(training, 50), reference(training, test), cache, device);
      Figure nearest = copies.pixels().getLast();
      assertThat(nearest.value()).isZero();
      assertThat(nearest.floor()).isPositive();
      ImageQuality.Neighbours row = copies.neighbours(4, 3).get(1);
      assertThat(row.sample()).isEqualTo(26);
      assertThat(row.neighbours()).hasSize(3).startsWith(104);
      assertThat(row.distances()[0]).isZero();

      ImageQuality blur = new ImageQuality(blurred, reference(training, test), cache, device);
      ImageQuality.Spectral spectral = blur.spectral();
      assertThat(spectral.bands()).extracting(b -> b.from() + "-" + b.to())
          .containsExactly("0-0", "1-1", "2-3", "4-4");
      // A mean over two rows halves the noise that is all there is at wave number 4, along y by cos²(π/2) to nothing.
      assertThat(spectral.bands().getLast().error()).isBetween(-0.8, -0.3);
      assertThat(spectral.bands().get(1).error()).isCloseTo(0, within(0.4));
      assertThat(spectral.figures().getLast().value()).isGreaterThan(3 * spectral.figures().getLast().floor());
      // Without their waves hardly any variance is left.
      for (Figure figure : new ImageQuality(flat, reference(training, test), cache, device).spectral().figures()) {
        assertThat(figure.value()).as(figure.name()).isGreaterThan(3 * figure.floor());
      }
    }
  }

  /** Every pixel averaged with the one so many places on: a row below for 8, half a wave on for 4. */
  private static ByteImages averaged(ByteImages images, int offset) {
    byte[] averaged = new byte[images.size() * 64];
    byte[] picture = new byte[64];
    for (int i = 0; i < images.size(); i++) {
      images.copy(i, picture, 0);
      for (int p = 0; p < 64; p++) {
        int other = offset == 8 ? (p + 8) % 64 : p / 8 * 8 + (p + offset) % 8;
        averaged[i * 64 + p] = (byte) (((picture[p] & 255) + (picture[other] & 255)) / 2);
      }
    }
    return new ByteImages(1, 8, 8, averaged, new int[0], List.of());
  }

  /** One search over all, and the same in parts of 7 and of 3 pictures, some of them too short for k. */
  @Test
  void searchingInPartsFindsTheSame() throws IOException {
    ByteImages references = pictures(22, 1, 5);
    PixelFeatures features = new PixelFeatures(64);
    float[] queries = features.of(pictures(9, 1, 6), 0, 9);
    NearestNeighbours.Result whole = ImageQuality.search(features, queries, references, 3, 1 << 20);
    for (int part : new int[] {7, 3}) {
      NearestNeighbours.Result found = ImageQuality.search(features, queries, references, 3, 64 * part);
      assertThat(found.index()).isEqualTo(whole.index());
      assertThat(found.distance()).isEqualTo(whole.distance());
    }
  }

  /** Features of two numbers with known Gaussian moments: N(0, 1) against N(1, 4) has d² = 1 + (1 − 2)² each. */
  @Test
  void featuresOfAnyKindAreCompared() throws IOException {
    ImageFeatures features = new ImageFeatures() {
      @Override
      public String name() {
        return "mean";
      }

      @Override
      public String title() {
        return "means";
      }

      @Override
      public String settings() {
        return "mean of the picture";
      }

      @Override
      public int dimension() {
        return 1;
      }

      @Override
      public float[] of(ImageSet images, int begin, int end) {
        float[] means = new float[end - begin];
        for (int i = begin; i < end; i++) {
          byte[] bytes = new byte[images.imageBytes()];
          images.copy(i, bytes, 0);
          means[i - begin] = bytes[0] & 255;
        }
        return means;
      }
    };
    byte[] real = {10, 12, 14, 16, 18, 20};
    byte[] drawn = {11, 15, 19, 23, 27, 31};
    ByteImages training = new ByteImages(1, 2, 2, spread(real), new int[0], List.of());
    ByteImages generated = new ByteImages(1, 2, 2, spread(drawn), new int[0], List.of());
    try (Device device = new JvmDevice(1)) {
      List<Figure> figures = new ImageQuality(generated, reference(training, training),
          new ReferenceCache(folder.resolve("cache")), device).features(features, 100);
      assertThat(figures).extracting(Figure::name).containsExactly("meanFrechet", "meanPrecision", "meanRecall");
      // Means 15 and 21, deviations √14 and √56 = 2√14.
      assertThat(figures.getFirst().value()).isCloseTo(36 + 14, within(1e-9));
      assertThat(figures.getFirst().floor()).isCloseTo(0, within(1e-9));
    }
  }

  private static byte[] spread(byte[] values) {
    byte[] bytes = new byte[4 * values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = values[i / 4];
    }
    return bytes;
  }

  @Test
  void whatDoesNotFitIsRefused() {
    ReferenceCache cache = new ReferenceCache(folder);
    try (Device device = new JvmDevice(1)) {
      assertThatThrownBy(() -> new ImageQuality(pictures(9, 3, 1),
          reference(pictures(20, 1, 1), pictures(9, 1, 2)), cache, device)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the generated pictures are colour ones of 8x8, but the data are grey ones of 8x8");
      assertThatThrownBy(() -> new ImageQuality(pictures(9, 1, 1),
          reference(pictures(20, 1, 1), pictures(8, 1, 2)), cache, device)).hasMessageContaining("9 generated and 8 test");
      assertThatThrownBy(() -> new ImageQuality(pictures(4, 1, 1),
          reference(pictures(20, 1, 1), pictures(4, 1, 2)), cache, device)).hasMessageContaining("4 pictures are too few");
    }
    assertThat(ImageQuality.patch(28, 28)).isEqualTo(7);
    assertThat(ImageQuality.patch(64, 48)).isEqualTo(8);
    assertThat(ImageQuality.patch(29, 28)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 5, 8, 9, 10, 12, 33, 100})
  void picturesThatAreShownAreDifferentOnes(int size) {
    for (int count = 0; count <= size / 2; count++) {
      assertThat(ImageQuality.spread(size, count)).hasSize(count).doesNotHaveDuplicates().allMatch(i -> i >= 0 && i < size);
    }
  }
}
