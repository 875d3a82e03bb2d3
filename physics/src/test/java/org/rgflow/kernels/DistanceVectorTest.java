package org.rgflow.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
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

  /** Lane by lane with Math.fma, lanes in order, then the tail: the same bits in the interpreter and once compiled. */
  @Test
  void theOrderOfTheSumIsFixed() {
    int lanes = FloatVector.SPECIES_PREFERRED.length();
    int dimension = 3 * lanes + 2;
    SplittableRandom random = new SplittableRandom(4);
    float[] query = new float[4 * dimension];
    float[] reference = new float[2 * dimension];
    for (int i = 0; i < query.length; i++) {
      query[i] = (float) random.nextGaussian();
      reference[i % reference.length] = (float) random.nextGaussian();
    }
    float[] expected = new float[8];
    for (int item = 0; item < 8; item++) {
      float[] sums = new float[lanes];
      for (int i = 0; i < 3 * lanes; i++) {
        float d = query[item / 2 * dimension + i] - reference[item % 2 * dimension + i];
        sums[i % lanes] = Math.fma(d, d, sums[i % lanes]);
      }
      for (float sum : sums) {
        expected[item] += sum;
      }
      for (int i = 3 * lanes; i < dimension; i++) {
        float d = query[item / 2 * dimension + i] - reference[item % 2 * dimension + i];
        expected[item] += d * d;
      }
    }
    float[] found = new float[8];
    for (int run = 0; run < 30_000; run++) {
      DistanceVector.four(query, 0, reference, 0, 2, dimension, found);
      assertThat(Arrays.equals(found, expected)).as("run %d", run).isTrue();
    }
  }
}
