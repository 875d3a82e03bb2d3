package org.rgflow.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chosen replicas are copied and exchanged as by the naive bodies, others left as they are, on any range. */
class SelectionVectorTest {
  private static final int SITES = 35;
  private static final int BLOCKS = 3;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void agreesWithTheNaiveBodies(int lanes) {
    SplittableRandom random = new SplittableRandom(lanes);
    int size = BLOCKS * SITES * lanes;
    for (int round = 0; round < 20; round++) {
      float[] a = normals(random, size);
      float[] b = normals(random, size);
      b[random.nextInt(size)] = Float.NaN;
      int[] chosen = new int[BLOCKS * lanes];
      for (int lane = lanes; lane < chosen.length; lane++) {
        chosen[lane] = random.nextInt(2);
      }
      int begin = random.nextInt(size);
      int end = begin + random.nextInt(size - begin + 1);

      float[] expectedA = a.clone();
      float[] expectedB = b.clone();
      for (int e = begin; e < end; e++) {
        FieldKernels.select(e, expectedA, b, chosen, SITES, lanes);
      }
      float[] actualA = a.clone();
      SelectionVector.select(begin, end, actualA, b, chosen, SITES, lanes);
      assertThat(actualA).isEqualTo(expectedA);

      expectedA = a.clone();
      for (int e = begin; e < end; e++) {
        TemperingKernels.exchange(e, expectedA, expectedB, chosen, SITES, lanes);
      }
      actualA = a.clone();
      float[] actualB = b.clone();
      SelectionVector.exchange(begin, end, actualA, actualB, chosen, SITES, lanes);
      assertThat(actualA).isEqualTo(expectedA);
      assertThat(actualB).isEqualTo(expectedB);
    }
  }

  private static float[] normals(SplittableRandom random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
