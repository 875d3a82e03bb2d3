package org.rgflow.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Packed products against the naive bodies: |difference| ≤ 2 (k + 3) 2⁻²⁴ √k for k terms of order one (both sides round, a
 * sum's partial sums are of order √k), and the same bits for every cut into ranges.
 */
class GemmVectorTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 1, 1", "2, 3, 3, 5, 7, 1", "1, 4, 9, 49, 32, 1", "3, 4, 9, 33, 31, 1", "2, 8, 9, 70, 66, 1",
    "17, 1, 1, 48, 100, 1", "40, 3, 1, 401, 65, 1", "2, 6, 9, 5, 12, 2", "5, 16, 9, 3, 35, 1", "2, 5, 9, 90, 390, 1"
  })
  void convolutionsAgreeWithTheNaiveBodies(int samples, int side, int taps, int in, int out, int stride) {
    SplittableRandom random = new SplittableRandom(samples + 100 * side + 10_000 * in + out);
    int sideOut = (side + stride - 1) / stride;
    int positionsIn = side * side;
    int positionsOut = sideOut * sideOut;
    int[] source = source(side, sideOut, taps, stride);
    float[] x = normals(random, samples * positionsIn * in);
    float[] parameters = normals(random, 3 + taps * in * out + out);
    float[] y = normals(random, samples * positionsOut * out);
    int bias = 3 + taps * in * out;
    for (int order = 0; order < 2; order++) {
      for (float beta = 0; beta < 2; beta++) {
        for (int atBias : new int[] {bias, -1}) {
          float[] expected = y.clone();
          for (int item = 0; item < y.length; item++) {
            ConvolutionKernels.convolve(
                item, x, parameters, expected, source, beta, positionsIn, positionsOut, in, out, 3, atBias, order);
          }
          float[] whole = y.clone();
          float[] parts = y.clone();
          int items = GemmVector.items(samples * positionsOut, out);
          GemmVector.convolve(0, items, x, parameters, whole, source, beta, positionsIn, positionsOut, in, out, 3,
              atBias, order);
          for (int part = 2; part >= 0; part--) {
            GemmVector.convolve(items * part / 3, items * (part + 1) / 3, x, parameters, parts, source, beta,
                positionsIn, positionsOut, in, out, 3, atBias, order);
          }
          assertClose(whole, expected, taps * in);
          assertThat(parts).isEqualTo(whole);
        }
      }
    }
    float[] d = normals(random, samples * positionsOut * out);
    for (float beta = 0; beta < 2; beta++) {
      float[] expected = parameters.clone();
      for (int item = 0; item < taps * in * out; item++) {
        ConvolutionKernels.weightGradient(
            item, x, d, expected, source, beta, samples, positionsIn, positionsOut, in, out, 3);
      }
      float[] whole = parameters.clone();
      float[] parts = parameters.clone();
      int items = GemmVector.items(taps * in, out);
      GemmVector.weightGradient(0, items, x, d, whole, source, beta, samples, positionsIn, positionsOut, in, out, 3);
      for (int part = 2; part >= 0; part--) {
        GemmVector.weightGradient(items * part / 3, items * (part + 1) / 3, x, d, parts, source, beta, samples,
            positionsIn, positionsOut, in, out, 3);
      }
      assertClose(whole, expected, samples * positionsOut);
      assertThat(parts).isEqualTo(whole);
    }
  }

  /** All four transpositions, inside larger arrays. */
  @ParameterizedTest
  @CsvSource({"1, 1, 1, 1", "3, 5, 7, 9", "2, 16, 16, 384", "2, 64, 70, 64", "1, 260, 390, 33", "4, 15, 33, 400"})
  void matrixProductsAgreeWithTheNaiveBody(int samples, int m, int n, int k) {
    SplittableRandom random = new SplittableRandom(m + 1000 * n + k);
    float[] a = normals(random, 2 + samples * m * k);
    float[] b = normals(random, 5 + samples * n * k);
    float[] c = normals(random, 1 + samples * m * (n + 2));
    for (int variant = 0; variant < 4; variant++) {
      boolean ta = (variant & 1) == 1;
      boolean tb = variant > 1;
      int[] shape = {m, n, k, 2, ta ? 1 : k, ta ? m : 1, m * k, 5, tb ? 1 : n, tb ? k : 1, n * k, 1, n + 2,
        m * (n + 2)};
      for (float beta = 0; beta < 2; beta++) {
        float[] expected = c.clone();
        for (int item = 0; item < samples * m * n; item++) {
          ConvolutionKernels.matrixProduct(item, a, b, expected, 0.7f, beta, shape);
        }
        float[] actual = c.clone();
        GemmVector.matrixProduct(0, samples, a, b, actual, 0.7f, beta, shape);
        assertClose(actual, expected, k);
      }
    }
  }

  static int[] source(int side, int sideOut, int taps, int stride) {
    int[] source = new int[taps * sideOut * sideOut];
    for (int t = 0; t < taps; t++) {
      for (int p = 0; p < sideOut * sideOut; p++) {
        int row = p / sideOut * stride + (taps == 1 ? 0 : t / 3 - 1);
        int column = p % sideOut * stride + (taps == 1 ? 0 : t % 3 - 1);
        source[t * sideOut * sideOut + p] =
            row < 0 || row >= side || column < 0 || column >= side ? -1 : row * side + column;
      }
    }
    return source;
  }

  private static void assertClose(float[] actual, float[] expected, int terms) {
    double tolerance = 2 * (terms + 3) * 0x1p-24 * Math.max(4, Math.sqrt(terms));
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i]).as("element " + i)
          .isCloseTo(expected[i], offset(tolerance));
    }
  }

  static float[] normals(SplittableRandom random, int length) {
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }
}
