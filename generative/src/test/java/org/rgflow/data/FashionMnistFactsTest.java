package org.rgflow.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Known facts about the real Fashion-MNIST, {@code -Dfashion-mnist=DIRECTORY}; without it the tests are
 * reported as skipped.
 */
@Tag("heavy")
@EnabledIfSystemProperty(named = "fashion-mnist", matches = ".+")
class FashionMnistFactsTest {
  private static final Path DIRECTORY = Path.of(System.getProperty("fashion-mnist", ""));

  @Test
  void theTrainingPartHasTheKnownMeanAndDeviation() throws IOException {
    ImageSet train = FashionMnist.open(DIRECTORY, FashionMnist.Split.TRAIN);
    assertThat(train.size()).isEqualTo(60_000);
    byte[] bytes = new byte[784];
    long sum = 0;
    long squares = 0;
    int[] labels = new int[10];
    for (int i = 0; i < train.size(); i++) {
      train.copy(i, bytes, 0);
      labels[train.label(i)]++;
      for (byte b : bytes) {
        sum += b & 0xFF;
        squares += (long) (b & 0xFF) * (b & 0xFF);
      }
    }
    double count = 60_000 * 784.0;
    double mean = sum / count;
    assertThat(mean / 255).isCloseTo(0.2860, within(5e-5));
    assertThat(Math.sqrt(squares / count - mean * mean) / 255).isCloseTo(0.3530, within(5e-5));
    assertThat(labels).containsOnly(6000);
  }

  @Test
  void theTestPartHasTenThousandPictures() throws IOException {
    ImageSet test = FashionMnist.open(DIRECTORY, FashionMnist.Split.TEST);
    assertThat(test.size()).isEqualTo(10_000);
    int[] labels = new int[10];
    for (int i = 0; i < test.size(); i++) {
      labels[test.label(i)]++;
    }
    assertThat(labels).containsOnly(1000);
  }
}
