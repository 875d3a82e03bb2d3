package org.rgflow.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectorised network kernels against the naive bodies: same bits where nothing is reordered, 3e-6 elsewhere. */
class NetworkVectorTest {
  private static final float TOLERANCE = 3e-6f;

  @ParameterizedTest
  @CsvSource({"1, 2, 64, 32", "3, 5, 64, 32", "2, 16, 192, 32", "2, 9, 96, 8", "1, 49, 576, 32"})
  void groupNorm(int samples, int positions, int channels, int groups) {
    SplittableRandom random = new SplittableRandom(channels + positions);
    int size = samples * positions * channels;
    float[] x = GemmVectorTest.normals(random, size);
    for (int i = 0; i < size; i++) {
      x[i] = 1.5f * x[i] + 2f;
    }
    float[] parameters = GemmVectorTest.normals(random, 2 * channels + 1);
    float[] dy = GemmVectorTest.normals(random, size);
    float[] expected = new float[2 * samples * groups];
    for (int item = 0; item < samples * groups; item++) {
      NormKernels.statistics(item, x, expected, positions, channels, groups);
    }
    float[] statistics = new float[expected.length];
    NormVector.statistics(0, 1, x, statistics, positions, channels, groups);
    NormVector.statistics(1, samples, x, statistics, positions, channels, groups);
    assertClose(statistics, expected, TOLERANCE);
    for (int activation = 0; activation < 2; activation++) {
      float[] y = new float[size];
      float[] naive = new float[size];
      for (int item = 0; item < size; item++) {
        NormKernels.apply(item, x, expected, parameters, naive, positions, channels, groups, 1, activation);
      }
      NormVector.apply(0, samples, x, expected, parameters, y, positions, channels, groups, 1, activation);
      assertClose(y, naive, 2 * TOLERANCE);
      float[] naiveSums = new float[2 * samples * channels];
      for (int item = 0; item < samples * channels; item++) {
        NormKernels.channelSums(
            item, x, expected, parameters, dy, naiveSums, positions, channels, groups, 1, activation);
      }
      float[] sums = new float[naiveSums.length];
      NormVector.channelSums(0, samples, x, expected, parameters, dy, sums, positions, channels, groups, 1, activation);
      assertClose(sums, naiveSums, 3 * TOLERANCE);
      for (float beta = 0; beta < 2; beta++) {
        float[] naiveDx = dy.clone();
        float[] dx = dy.clone();
        for (int item = 0; item < size; item++) {
          NormKernels.inputGradient(item, x, expected, parameters, dy, naiveSums, naiveDx, beta, positions, channels,
              groups, 1, activation);
        }
        NormVector.inputGradient(0, samples, x, expected, parameters, dy, naiveSums, dx, beta, positions, channels,
            groups, 1, activation);
        assertClose(dx, naiveDx, 6 * TOLERANCE);
      }
    }
  }

  /** In one range and in several of odd lengths: the same bits. */
  @ParameterizedTest
  @CsvSource({"1, 1", "16, 3", "37, 5", "1031, 96"})
  void silu(int length, int cut) {
    SplittableRandom random = new SplittableRandom(length);
    float[] x = GemmVectorTest.normals(random, length);
    for (int i = 0; i < length; i++) {
      x[i] *= i % 7 == 0 ? 200 : 4;
    }
    float[] dy = GemmVectorTest.normals(random, length);
    float[] naive = new float[length];
    float[] y = new float[length];
    float[] parts = new float[length];
    for (int i = 0; i < length; i++) {
      NetworkKernels.silu(i, x, naive);
    }
    NetworkVector.silu(0, length, x, y);
    for (int begin = 0; begin < length; begin += cut) {
      NetworkVector.silu(begin, Math.min(length, begin + cut), x, parts);
    }
    assertClose(y, naive, TOLERANCE);
    assertThat(parts).isEqualTo(y);
    for (float beta = 0; beta < 2; beta++) {
      float[] naiveDx = naive.clone();
      float[] dx = naive.clone();
      parts = naive.clone();
      for (int i = 0; i < length; i++) {
        NetworkKernels.siluGradient(i, x, dy, naiveDx, beta);
      }
      NetworkVector.siluGradient(0, length, x, dy, dx, beta);
      for (int begin = 0; begin < length; begin += cut) {
        NetworkVector.siluGradient(begin, Math.min(length, begin + cut), x, dy, parts, beta);
      }
      assertClose(dx, naiveDx, TOLERANCE);
      assertThat(parts).isEqualTo(dx);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 16", "5, 49", "7, 256", "2, 1027"})
  void softmax(int rows, int length) {
    SplittableRandom random = new SplittableRandom(length);
    float[] x = GemmVectorTest.normals(random, rows * length);
    for (int i = 0; i < x.length; i++) {
      x[i] *= 5;
    }
    float[] expected = x.clone();
    for (int row = 0; row < rows; row++) {
      NetworkKernels.softmax(row, expected, length);
    }
    NetworkVector.softmax(0, rows, x, length);
    assertClose(x, expected, TOLERANCE);
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += x[i];
    }
    assertThat(sum).isCloseTo(1, offset(1e-6));
    float[] dy = GemmVectorTest.normals(random, rows * length);
    float[] expectedGradient = dy.clone();
    for (int row = 0; row < rows; row++) {
      NetworkKernels.softmaxGradient(row, x, expectedGradient, length);
    }
    NetworkVector.softmaxGradient(0, rows, x, dy, length);
    assertThat(dy).isEqualTo(expectedGradient);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "3, 5, 7", "4, 16, 33", "9, 49, 192"})
  void sums(int samples, int positions, int channels) {
    float[] x = GemmVectorTest.normals(new SplittableRandom(channels), samples * positions * channels);
    float[] expected = new float[samples * channels];
    for (int item = 0; item < expected.length; item++) {
      NetworkKernels.positionSums(item, x, expected, positions, channels);
    }
    float[] sums = new float[expected.length];
    NetworkVector.positionSums(0, samples, x, sums, positions, channels);
    assertThat(sums).isEqualTo(expected);
    for (float beta = 0; beta < 2; beta++) {
      float[] naive = GemmVectorTest.normals(new SplittableRandom(1), channels + 2);
      float[] gradient = naive.clone();
      for (int c = 0; c < channels; c++) {
        NetworkKernels.rowSums(c, x, naive, beta, samples * positions, channels, 2);
      }
      int cut = channels / 3;
      NetworkVector.rowSums(0, cut, x, gradient, beta, samples * positions, channels, 2);
      NetworkVector.rowSums(cut, channels, x, gradient, beta, samples * positions, channels, 2);
      assertThat(gradient).isEqualTo(naive);
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "63", "64", "129", "5000"})
  void dropout(int size) {
    float[] x = GemmVectorTest.normals(new SplittableRandom(size), size);
    int threshold = Math.round(0.1f * (1 << 24));
    int[] stream = {5, 6, 7, 0};
    float[] expected = x.clone();
    for (int e = 0; e < size; e++) {
      NetworkKernels.dropout(e, expected, threshold, stream, 0x9003);
    }
    float[] parts = x.clone();
    NetworkVector.dropout(0, size / 3, parts, threshold, stream, 0x9003);
    NetworkVector.dropout(size / 3, size, parts, threshold, stream, 0x9003);
    assertThat(parts).isEqualTo(expected);
    if (size == 5000) {
      int dropped = 0;
      for (float value : parts) {
        dropped += value == 0f ? 1 : 0;
      }
      // Binomial(5000, 0.1): mean 500, deviation 21; five deviations, false alarm 6e-7.
      assertThat(dropped).isBetween(394, 606);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "2, 3, 5", "1, 4, 32"})
  void upsample(int samples, int side, int channels) {
    float[] x = GemmVectorTest.normals(new SplittableRandom(side), samples * side * side * channels);
    float[] expected = new float[4 * x.length];
    for (int item = 0; item < expected.length; item++) {
      NetworkKernels.upsample(item, x, expected, side, channels);
    }
    float[] y = new float[expected.length];
    NetworkVector.upsample(0, y.length / channels, x, y, side, channels);
    assertThat(y).isEqualTo(expected);
    float[] naive = x.clone();
    for (int item = 0; item < x.length; item++) {
      NetworkKernels.upsampleGradient(item, y, naive, 1f, side, channels);
    }
    NetworkVector.upsampleGradient(0, x.length / channels, y, x, 1f, side, channels);
    assertThat(x).isEqualTo(naive);
  }

  /** Relative to the larger of one and the expected value. */
  private static void assertClose(float[] actual, float[] expected, double tolerance) {
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i]).as("element " + i)
          .isCloseTo(expected[i], offset(tolerance * Math.max(1, Math.abs(expected[i]))));
    }
  }
}
