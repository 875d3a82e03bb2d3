package org.rgflow.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Convolutions around a torus against the naive body, and the same bits for every cut into ranges. Two sums of k
 * products, with a bias and a multiple of y, in different orders differ by no more than 2 (k + 2) 2⁻²⁴ Σ|a||b|.
 */
class TorusVectorTest {
  @ParameterizedTest
  @CsvSource({"3, 8, 32, 32", "2, 8, 2, 32", "5, 9, 7, 64", "1, 20, 16, 32", "2, 15, 1, 64"})
  void agreesWithTheNaiveBody(int samples, int side, int in, int out) {
    SplittableRandom random = new SplittableRandom(side + 100 * in + out);
    int positions = side * side;
    int[] source = taps(side);
    float[] x = GemmVectorTest.normals(random, samples * positions * in);
    float[] parameters = GemmVectorTest.normals(random, 3 + 9 * in * out + out);
    float[] y = GemmVectorTest.normals(random, samples * positions * out);
    float[] sizesOfX = absolute(x);
    float[] sizesOfParameters = absolute(parameters);
    double unit = 2 * (9 * in + 2) * 0x1p-24;
    for (float beta : new float[] {0f, 1f, -0.5f}) {
      for (int bias : new int[] {-1, 3 + 9 * in * out}) {
        float[] whole = y.clone();
        float[] parts = y.clone();
        TorusVector.convolve(0, samples, x, parameters, whole, beta, side, in, out, 3, bias);
        for (int part = 2; part >= 0; part--) {
          TorusVector.convolve(samples * part / 3, samples * (part + 1) / 3, x, parameters, parts, beta, side, in, out,
              3, bias);
        }
        assertThat(parts).isEqualTo(whole);
        float[] expected = y.clone();
        float[] sizes = absolute(y);
        for (int item = 0; item < y.length; item++) {
          ConvolutionKernels.convolve(item, x, parameters, expected, source, beta, positions, positions, in, out, 3,
              bias, ConvolutionKernels.DIRECT);
          ConvolutionKernels.convolve(item, sizesOfX, sizesOfParameters, sizes, source, Math.abs(beta), positions,
              positions, in, out, 3, bias, ConvolutionKernels.DIRECT);
          assertThat((double) whole[item]).as("beta %s, bias %d, element %d", beta, bias, item)
              .isCloseTo(expected[item], offset(unit * sizes[item]));
        }
      }
    }
  }

  @Test
  void leavesOtherConvolutionsAlone() {
    int[] source = taps(8);
    assertThat(TorusVector.suits(source, 64, 64, 32, 24, ConvolutionKernels.DIRECT)).isFalse();
    assertThat(TorusVector.suits(source, 64, 64, 32, 32, ConvolutionKernels.TRANSPOSED)).isFalse();
    assertThat(TorusVector.suits(source, 64, 64, 96, 96, ConvolutionKernels.DIRECT)).isFalse();
    assertThat(TorusVector.suits(taps(6), 36, 36, 32, 32, ConvolutionKernels.DIRECT)).isFalse();
    int[] zeroBorder = GemmVectorTest.source(8, 8, 9, 1);
    assertThat(TorusVector.suits(zeroBorder, 64, 64, 32, 32, ConvolutionKernels.DIRECT)).isFalse();
  }

  private static float[] absolute(float[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = Math.abs(values[i]);
    }
    return result;
  }

  private static int[] taps(int side) {
    int[] source = new int[9 * side * side];
    for (int at = 0; at < source.length; at++) {
      int tap = at / (side * side);
      int position = at % (side * side);
      source[at] = Math.floorMod(position / side + tap / 3 - 1, side) * side
          + Math.floorMod(position % side + tap % 3 - 1, side);
    }
    return source;
  }
}
