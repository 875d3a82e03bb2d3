package org.rgflow.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Winograd's convolutions against the naive body, straight and mirrored, weights in both orders, and the same bits for
 * every cut into ranges. In units of the outputs' standard deviation √(9 in), the transforms of F(4×4, 3×3) round by
 * about 1e-5, ten times a direct sum: the root mean square error must be below 2e-5, and no error above seven times that.
 */
class WinogradVectorTest {
  @ParameterizedTest
  @CsvSource({"1, 4, 96, 96", "3, 4, 192, 101", "2, 5, 96, 130", "75, 4, 96, 96", "2, 9, 160, 97", "1, 16, 96, 128"})
  void agreesWithTheNaiveBody(int samples, int side, int in, int out) {
    SplittableRandom random = new SplittableRandom(side + 100 * in + out);
    int positions = side * side;
    int[] straight = GemmVectorTest.source(side, side, 9, 1);
    int[] mirrored = new int[straight.length];
    for (int t = 0; t < 9; t++) {
      System.arraycopy(straight, (8 - t) * positions, mirrored, t * positions, positions);
    }
    float[] x = GemmVectorTest.normals(random, samples * positions * in);
    float[] parameters = GemmVectorTest.normals(random, 3 + 9 * in * out + out);
    float[] y = GemmVectorTest.normals(random, samples * positions * out);
    int bias = 3 + 9 * in * out;
    for (int variant = 0; variant < 4; variant++) {
      int[] source = variant < 2 ? straight : mirrored;
      int order = variant % 2;
      float beta = order;
      int atBias = order == 0 ? bias : -1;
      assertThat(WinogradVector.suits(source, positions, positions, in, out)).isTrue();
      float[] whole = y.clone();
      float[] parts = y.clone();
      int items = WinogradVector.items(samples, positions, out);
      WinogradVector.convolve(0, items, x, parameters, whole, source, beta, positions, in, out, 3, atBias, order);
      for (int part = 2; part >= 0; part--) {
        WinogradVector.convolve(items * part / 3, items * (part + 1) / 3, x, parameters, parts, source, beta, positions,
            in, out, 3, atBias, order);
      }
      assertThat(parts).isEqualTo(whole);
      float[] expected = y.clone();
      double unit = 2e-5 * Math.sqrt(9 * in);
      double squares = 0;
      int compared = 0;
      int step = Math.max(1, y.length / 5000);
      for (int item = 0; item < y.length; item += step) {
        ConvolutionKernels.convolve(
            item, x, parameters, expected, source, beta, positions, positions, in, out, 3, atBias, order);
        assertThat((double) whole[item]).as("variant %d, element %d", variant, item)
            .isCloseTo(expected[item], offset(7 * unit));
        squares += Math.pow(whole[item] - expected[item], 2);
        compared++;
      }
      assertThat(Math.sqrt(squares / compared)).as("variant %d", variant).isLessThan(unit);
    }
  }

  /** A picture's prediction must be the same in any batch. */
  @ParameterizedTest
  @CsvSource({"5, 4, 96, 96", "3, 7, 64, 101", "2, 16, 96, 64"})
  void aSampleDoesNotDependOnTheOthers(int samples, int side, int in, int out) {
    SplittableRandom random = new SplittableRandom(side);
    int positions = side * side;
    int[] source = GemmVectorTest.source(side, side, 9, 1);
    float[] x = GemmVectorTest.normals(random, samples * positions * in);
    float[] parameters = GemmVectorTest.normals(random, 9 * in * out + out);
    float[] y = GemmVectorTest.normals(random, samples * positions * out);
    for (float beta = 0; beta < 2; beta++) {
      float[] whole = y.clone();
      WinogradVector.convolve(0, WinogradVector.items(samples, positions, out), x, parameters, whole, source, beta,
          positions, in, out, 0, 9 * in * out, ConvolutionKernels.DIRECT);
      for (int sample = 0; sample < samples; sample++) {
        int size = positions * out;
        float[] one = Arrays.copyOfRange(y, sample * size, (sample + 1) * size);
        WinogradVector.convolve(0, WinogradVector.items(1, positions, out),
            Arrays.copyOfRange(x, sample * positions * in, (sample + 1) * positions * in), parameters, one, source, beta,
            positions, in, out, 0, 9 * in * out, ConvolutionKernels.DIRECT);
        assertThat(one).isEqualTo(Arrays.copyOfRange(whole, sample * size, (sample + 1) * size));
      }
    }
  }

  @Test
  void leavesOtherConvolutionsAlone() {
    assertThat(WinogradVector.suits(GemmVectorTest.source(4, 4, 1, 1), 16, 16, 96, 96)).isFalse();
    assertThat(WinogradVector.suits(GemmVectorTest.source(8, 4, 9, 2), 64, 16, 96, 96)).isFalse();
    assertThat(WinogradVector.suits(GemmVectorTest.source(4, 4, 9, 1), 16, 16, 49, 96)).isFalse();
    int[] shuffled = GemmVectorTest.source(4, 4, 9, 1);
    shuffled[40] = 0;
    assertThat(WinogradVector.suits(shuffled, 16, 16, 96, 96)).isFalse();
  }
}
