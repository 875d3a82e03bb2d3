package org.rgflow.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Products through the one tap against the naive bodies: |difference| ≤ 2 (k + 3) 2⁻²⁴ √k for k terms of order one (both
 * sides round, a sum's partial sums are of order √k), and the same bits for every cut into ranges.
 */
class ProductVectorTest {
  private static final int OFFSET = 3;

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "1, 5, 7", "7, 33, 31", "8, 16, 48", "9, 130, 50", "64, 192, 96", "141, 257, 101", "300, 48, 200",
      "150, 400, 600"})
  void agreesWithTheNaiveBodies(int rows, int in, int out) {
    SplittableRandom random = new SplittableRandom(rows + 1000 * in + out);
    int[] source = {0};
    float[] x = GemmVectorTest.normals(random, rows * in);
    float[] parameters = GemmVectorTest.normals(random, OFFSET + in * out + out);
    float[] y = GemmVectorTest.normals(random, rows * out);
    int items = ProductVector.items(rows, out);
    for (int order = 0; order < 2; order++) {
      for (float beta = 0; beta < 2; beta++) {
        for (int bias : new int[] {OFFSET + in * out, -1}) {
          float[] expected = y.clone();
          for (int item = 0; item < y.length; item++) {
            ConvolutionKernels.convolve(
                item, x, parameters, expected, source, beta, 1, 1, in, out, OFFSET, bias, order);
          }
          float[] whole = y.clone();
          float[] parts = y.clone();
          ProductVector.multiply(0, items, x, parameters, whole, beta, in, out, OFFSET, bias, order);
          for (int part = 2; part >= 0; part--) {
            ProductVector.multiply(items * part / 3, items * (part + 1) / 3, x, parameters, parts, beta, in, out, OFFSET,
                bias, order);
          }
          assertClose(whole, expected, in);
          assertThat(parts).isEqualTo(whole);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "1, 5, 7", "31, 33, 7", "48, 16, 48", "130, 50, 9", "64, 192, 96", "257, 141, 101", "48, 300, 200",
      "450, 200, 600"})
  void gradientsAgreeWithTheNaiveBody(int rows, int in, int out) {
    SplittableRandom random = new SplittableRandom(rows + 1000 * in + out);
    float[] x = GemmVectorTest.normals(random, rows * in);
    float[] d = GemmVectorTest.normals(random, rows * out);
    float[] gradient = GemmVectorTest.normals(random, OFFSET + in * out + 1);
    int items = ProductVector.gradientItems(in, out);
    for (float beta = 0; beta < 2; beta++) {
      float[] expected = gradient.clone();
      for (int item = 0; item < in * out; item++) {
        ConvolutionKernels.weightGradient(item, x, d, expected, new int[] {0}, beta, rows, 1, 1, in, out, OFFSET);
      }
      float[] whole = gradient.clone();
      float[] parts = gradient.clone();
      ProductVector.weightGradient(0, items, x, d, whole, beta, in, out, OFFSET);
      for (int part = 2; part >= 0; part--) {
        ProductVector.weightGradient(
            items * part / 3, items * (part + 1) / 3, x, d, parts, beta, in, out, OFFSET);
      }
      assertClose(whole, expected, rows);
      assertThat(parts).isEqualTo(whole);
    }
  }

  /** A picture's prediction must be the same in any batch. */
  @ParameterizedTest
  @CsvSource({"9, 5, 7", "21, 130, 50", "33, 257, 144"})
  void aRowDoesNotDependOnTheOthers(int rows, int in, int out) {
    SplittableRandom random = new SplittableRandom(rows);
    float[] x = GemmVectorTest.normals(random, rows * in);
    float[] parameters = GemmVectorTest.normals(random, OFFSET + in * out + out);
    float[] y = GemmVectorTest.normals(random, rows * out);
    for (int variant = 0; variant < 8; variant++) {
      int order = variant & 1;
      float beta = variant >> 1 & 1;
      int bias = variant < 4 ? -1 : OFFSET + in * out;
      float[] whole = y.clone();
      ProductVector.multiply(0, ProductVector.items(rows, out), x, parameters, whole, beta, in, out, OFFSET, bias, order);
      for (int row = 0; row < rows; row++) {
        float[] one = Arrays.copyOfRange(y, row * out, (row + 1) * out);
        ProductVector.multiply(0, ProductVector.items(1, out), Arrays.copyOfRange(x, row * in, (row + 1) * in), parameters,
            one, beta, in, out, OFFSET, bias, order);
        assertThat(one).as("variant %d, row %d", variant, row)
            .isEqualTo(Arrays.copyOfRange(whole, row * out, (row + 1) * out));
      }
    }
  }

  @Test
  void takesOneTapThatStaysWhereItIs() {
    assertThat(ProductVector.suits(new int[] {0, 1, 2, 3}, 4, 4)).isTrue();
    assertThat(ProductVector.suits(new int[] {0, 1, 3, 2}, 4, 4)).isFalse();
    assertThat(ProductVector.suits(new int[] {0, -1}, 2, 2)).isFalse();
    assertThat(ProductVector.suits(GemmVectorTest.source(4, 2, 1, 2), 16, 4)).isFalse();
    assertThat(ProductVector.suits(GemmVectorTest.source(4, 4, 9, 1), 16, 16)).isFalse();
  }

  private static void assertClose(float[] actual, float[] expected, int terms) {
    double tolerance = 2 * (terms + 3) * 0x1p-24 * Math.max(4, Math.sqrt(terms));
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i]).as("element " + i).isCloseTo(expected[i], offset(tolerance));
    }
  }
}
