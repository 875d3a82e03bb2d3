package org.rgflow.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vector forms agree with the naive bodies to the last bit. */
class CombinationVectorTest {
  @ParameterizedTest
  @CsvSource({"1,7,1,7", "6,12,1,12", "4,3,49,12", "3,9,16,9", "2,5,13,10", "1,1,64,1", "2,48,256,48"})
  void agreesWithTheNaiveBodies(int images, int channels, int lanes, int coefficients) {
    int size = images * channels * lanes;
    float[] x = random(size, 1);
    float[] y = random(size, 2);
    float[] z = random(size, 3);
    float[] w = random(size, 4);
    float[] a = random(coefficients, 5);
    float[] b = random(coefficients, 6);
    float[] c = random(coefficients, 7);
    float[] d = random(coefficients, 8);
    int rows = images * channels;
    int cut = rows / 2;
    float[] naive = new float[size];
    float[] fast = new float[size];

    for (int e = 0; e < size; e++) {
      CombinationKernels.affine(e, naive, x, a, b, lanes);
    }
    CombinationVector.affine(0, cut, fast, x, a, b, lanes);
    CombinationVector.affine(cut, rows, fast, x, a, b, lanes);
    assertThat(fast).isEqualTo(naive);

    for (int e = 0; e < size; e++) {
      CombinationKernels.blend(e, naive, x, y, a, b, c, lanes);
    }
    CombinationVector.blend(0, cut, fast, x, y, a, b, c, lanes);
    CombinationVector.blend(cut, rows, fast, x, y, a, b, c, lanes);
    assertThat(fast).isEqualTo(naive);

    for (int e = 0; e < size; e++) {
      CombinationKernels.three(e, naive, x, y, z, a, b, c, lanes);
    }
    CombinationVector.three(0, cut, fast, x, y, z, a, b, c, lanes);
    CombinationVector.three(cut, rows, fast, x, y, z, a, b, c, lanes);
    assertThat(fast).isEqualTo(naive);

    for (int e = 0; e < size; e++) {
      CombinationKernels.four(e, naive, x, y, z, w, a, b, c, d, lanes);
    }
    CombinationVector.four(0, cut, fast, x, y, z, w, a, b, c, d, lanes);
    CombinationVector.four(cut, rows, fast, x, y, z, w, a, b, c, d, lanes);
    assertThat(fast).isEqualTo(naive);

    for (int e = 0; e < size; e++) {
      CombinationKernels.spread(e, naive, a, lanes);
    }
    CombinationVector.spread(0, cut, fast, a, lanes);
    CombinationVector.spread(cut, rows, fast, a, lanes);
    assertThat(fast).isEqualTo(naive);

    for (int e = 0; e < size; e++) {
      CombinationKernels.product(e, naive, x, y, a, lanes);
    }
    CombinationVector.product(0, cut, fast, x, y, a, lanes);
    CombinationVector.product(cut, rows, fast, x, y, a, lanes);
    assertThat(fast).isEqualTo(naive);

    for (int e = 0; e < size; e++) {
      CombinationKernels.quotient(e, naive, x, a, 0.3f, lanes);
    }
    CombinationVector.quotient(0, cut, fast, x, a, 0.3f, lanes);
    CombinationVector.quotient(cut, rows, fast, x, a, 0.3f, lanes);
    assertThat(fast).isEqualTo(naive);

    float[] mask = new float[size];
    for (int e = 0; e < size; e++) {
      mask[e] = e * 7 % 3 == 0 ? 1 : 0;
    }
    int half = size / 2;
    naive = x.clone();
    fast = x.clone();
    for (int e = 0; e < size; e++) {
      CombinationKernels.clamp(e, naive, -0.3f, 0.8f);
      CombinationKernels.masked(e, naive, y, mask);
    }
    CombinationVector.clamp(0, half, fast, -0.3f, 0.8f);
    CombinationVector.clamp(half, size, fast, -0.3f, 0.8f);
    CombinationVector.masked(0, half, fast, y, mask);
    CombinationVector.masked(half, size, fast, y, mask);
    assertThat(fast).isEqualTo(naive);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "3,49", "2,64", "5,3072", "2,1100"})
  void imagesDrawTheirOwnNumbersInAnyBatch(int batch, int size) {
    int[] stream = {0x1234567, -77, 41, 3};
    int[] images = new int[batch];
    for (int i = 0; i < batch; i++) {
      images[i] = 5 * i + 17;
    }
    float[] naive = new float[batch * size];
    float[] fast = new float[batch * size];
    for (int e = 0; e < naive.length; e++) {
      PhiloxKernels.imageNormal(e, naive, images, size, stream, 6);
    }
    int cut = naive.length * 3 / 7;
    PhiloxVector.imageNormals(0, cut, fast, images, size, stream, 6);
    PhiloxVector.imageNormals(cut, fast.length, fast, images, size, stream, 6);
    assertThat(fast).isEqualTo(naive);

    float[] alone = new float[size];
    PhiloxVector.imageNormals(0, size, alone, new int[] {images[batch - 1]}, size, stream, 6);
    for (int i = 0; i < size; i++) {
      assertThat(alone[i]).isEqualTo(fast[(batch - 1) * size + i]);
    }
  }

  @Test
  void anImageDrawsTheNumbersOfAStreamWhoseUpperStepItIs() {
    float[] image = new float[200];
    float[] plain = new float[200];
    PhiloxVector.imageNormals(0, 200, image, new int[] {9}, 200, new int[] {1, 2, 3, 0}, 7);
    PhiloxVector.normals(0, 200, plain, new int[] {1, 2, 3, 9}, 7);
    assertThat(image).isEqualTo(plain);
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
