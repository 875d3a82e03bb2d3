package org.rgflow.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vector forms agree with the naive bodies to the last bit. */
class FlowVectorTest {
  @ParameterizedTest
  @CsvSource({"1,7,1", "1,100,1", "1,4,3", "3,9,16", "2,25,13", "1,1,16", "5,12,8"})
  void agreesWithTheNaiveBodies(int blocks, int modes, int lanes) {
    int size = blocks * modes * lanes;
    float[] x = random(size, 1);
    float[] force = random(size, 2);
    float[] noise = random(size, 3);
    float[] a = random(modes, 4);
    float[] b = random(modes, 5);
    float[] c = random(modes, 6);
    int rows = blocks * modes;
    int cut = rows / 2;

    float[] naive = x.clone();
    float[] fast = x.clone();
    for (int e = 0; e < size; e++) {
      FlowKernels.scale(e, naive, a, modes, lanes);
    }
    FlowVector.scale(0, cut, fast, a, modes, lanes);
    FlowVector.scale(cut, rows, fast, a, modes, lanes);
    assertThat(fast).isEqualTo(naive);

    for (int e = 0; e < size; e++) {
      FlowKernels.drift(e, x, force, noise, naive, a, b, modes, lanes);
    }
    FlowVector.drift(0, cut, x, force, noise, fast, a, b, modes, lanes);
    FlowVector.drift(cut, rows, x, force, noise, fast, a, b, modes, lanes);
    assertThat(fast).isEqualTo(naive);

    naive = x.clone();
    fast = x.clone();
    float[] after = random(size, 7);
    for (int e = 0; e < size; e++) {
      FlowKernels.correct(e, naive, noise, force, after, a, b, c, modes, lanes);
    }
    FlowVector.correct(0, cut, fast, noise, force, after, a, b, c, modes, lanes);
    FlowVector.correct(cut, rows, fast, noise, force, after, a, b, c, modes, lanes);
    assertThat(fast).isEqualTo(naive);

    for (int e = 0; e < size; e++) {
      FlowKernels.cubic(e, x, naive, 0.7f);
    }
    int half = size / 2;
    FlowVector.cubic(0, half, x, fast, 0.7f);
    FlowVector.cubic(half, size, x, fast, 0.7f);
    assertThat(fast).isEqualTo(naive);
  }

  private static float[] random(int length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
