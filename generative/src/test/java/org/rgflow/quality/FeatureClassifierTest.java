package org.rgflow.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rgflow.data.ByteImages;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;

class FeatureClassifierTest {
  private static final List<String> CLASSES = List.of("rows", "columns", "checks");

  @TempDir
  private Path folder;

  /** Stripes along x, along y, or both, of random phase and contrast, in noise. */
  private static ByteImages patterns(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = new byte[count * 64];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(3);
      int phase = random.nextInt(4);
      double contrast = 40 + 40 * random.nextDouble();
      for (int p = 0; p < 64; p++) {
        int x = p % 8 + phase;
        int y = p / 8 + phase;
        int stripe = labels[i] == 0 ? y / 2 % 2 : labels[i] == 1 ? x / 2 % 2 : (x / 2 + y / 2) % 2;
        double value = 128 + contrast * (2 * stripe - 1) + 20 * random.nextGaussian();
        bytes[i * 64 + p] = (byte) Math.clamp(Math.round(value), 0, 255);
      }
    }
    return new ByteImages(1, 8, 8, bytes, labels, CLASSES);
  }

  @Test
  void learnsPatternsOnceAndAlikeOnAnyNumberOfThreads() throws IOException {
    ByteImages training = patterns(400, 1);
    ByteImages test = patterns(150, 2);
    ReferenceCache cache = new ReferenceCache(folder.resolve("cache"));
    float[] features;
    try (Device device = new JvmDevice(1);
        FeatureClassifier classifier = FeatureClassifier.of(training, test, cache, device, (done, all) -> { })) {
      assertThat(classifier.testAccuracy()).isGreaterThan(0.97);
      assertThat(classifier.accuracy(test)).isEqualTo(classifier.testAccuracy());
      features = classifier.of(test, 0, 150);
      assertThat(Arrays.copyOfRange(features, 128 * 130, 128 * 150)).isEqualTo(classifier.of(test, 130, 150));
    }
    try (Device device = new JvmDevice(3);
        FeatureClassifier kept = FeatureClassifier.of(training, test, cache, device, (done, all) -> {
          throw new IllegalStateException("trained again");
        });
        FeatureClassifier again = FeatureClassifier.of(
            training, test, new ReferenceCache(folder.resolve("other")), device, (done, all) -> { })) {
      assertThat(kept.of(test, 0, 150)).isEqualTo(features);
      assertThat(again.of(test, 0, 150)).isEqualTo(features);

      // Generated pictures whose labels are those of the next class are never what they should be.
      byte[] bytes = new byte[150 * 64];
      int[] wrong = new int[150];
      for (int i = 0; i < 150; i++) {
        test.copy(i, bytes, i * 64);
        wrong[i] = (test.label(i) + 1) % 3;
      }
      ReferenceImages reference =
          new ReferenceImages(training, training, test, test, ReferenceImages.Origin.TEST_SPLIT);
      List<Figure> figures = new ImageQuality(new ByteImages(1, 8, 8, bytes, wrong, CLASSES), reference, cache, device)
          .classifier(kept);
      assertThat(figures).extracting(Figure::name).containsExactly(
          "classifierFrechet", "classifierPrecision", "classifierRecall", "classAgreement");
      assertThat(figures.getFirst().value()).isCloseTo(figures.getFirst().floor(), within(1e-9));
      assertThat(figures.getLast().value()).isLessThan(0.03);
      assertThat(figures.getLast().floor()).isEqualTo(kept.testAccuracy());
    }
  }

  /** Against central differences of −Σ ln p(label)/n in double. */
  @Test
  void gradientOfTheCrossEntropy() {
    float[] logits = {1, -2, 0.5f, 300, 301, 299};
    int[] labels = {2, 0};
    float[] gradient = new float[6];
    FeatureClassifier.crossEntropyGradient(logits, labels, 3, gradient);
    for (int i = 0; i < 6; i++) {
      double difference = (loss(logits, labels, i, 1e-4) - loss(logits, labels, i, -1e-4)) / 2e-4;
      assertThat((double) gradient[i]).isCloseTo(difference, within(1e-6));
    }
  }

  private static double loss(float[] logits, int[] labels, int moved, double by) {
    double loss = 0;
    for (int i = 0; i < labels.length; i++) {
      double own = logits[i * 3 + labels[i]] + (moved == i * 3 + labels[i] ? by : 0);
      double sum = 0;
      for (int c = 0; c < 3; c++) {
        sum += Math.exp(logits[i * 3 + c] + (moved == i * 3 + c ? by : 0) - own);
      }
      loss += Math.log(sum) / labels.length;
    }
    return loss;
  }

  @Test
  void unlabelledPicturesDoNotSuit() {
    ByteImages unlabelled = new ByteImages(1, 8, 8, new byte[640], new int[0], List.of());
    assertThat(FeatureClassifier.suits(unlabelled)).isFalse();
    assertThat(FeatureClassifier.suits(patterns(3, 1))).isTrue();
    try (Device device = new JvmDevice(1)) {
      assertThatThrownBy(() -> FeatureClassifier.of(
          unlabelled, unlabelled, new ReferenceCache(folder), device, (done, all) -> { }))
          .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("labels in at least two classes");
    }
  }
}
