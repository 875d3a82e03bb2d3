package org.rgflow.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistanceVectorTest {
  /** Sums of positive terms in another order: relative 2⁻²⁴ for each term at most. */
  @ParameterizedTest
  @CsvSource({"1,1,4", "5,3,4", "9,16,8", "31,49,4", "7,784,8"})
  void agreesWithTheNaiveBody(int references, int dimension, int queries) {
    SplittableRandom random = new SplittableRandom(3);
    float[] query = new float[queries * dimension];
    float[] reference = new float[references * dimension];
    for (int i = 0; i < query.length; i++) {
      query[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < reference.length; i++) {
      reference[i] = (float) random.nextGaussian();
    }
    float[] naive = new float[queries * references];
    for (int item = 0; item < naive.length; item++) {
      DistanceKernels.squared(item, query, reference, naive, references, dimension);
    }
    int begin = references / 3;
    float[] fast = new float[4 * (references - begin)];
    for (int q = 0; q < queries; q += 4) {
      DistanceVector.four(query, q, reference, begin, references, dimension, fast);
      for (int i = 0; i < fast.length; i++) {
        float expected = naive[(q + i / (references - begin)) * references + begin + i % (references - begin)];
        assertThat(fast[i]).isCloseTo(expected, within((dimension + 2) * 0x1p-24f * expected));
      }
    }
  }
}
