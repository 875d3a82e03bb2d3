package org.rgflow.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The weights' gradient in Winograd's domain against the defining sum in double, and the same bits for every cut into
 * ranges. For inputs of variance one the gradient's elements have the standard deviation √(samples · positions); in this
 * unit the transforms of F(4×4, 3×3) round by about 2e-6, ten times a direct sum: the root mean square error must be
 * below 4e-6, and no error above seven times that.
 */
class WinogradGradientVectorTest {
  private static final int OFFSET = 3;

  @ParameterizedTest
  @CsvSource({
    "1, 4, 64, 64", "3, 5, 96, 64", "2, 7, 64, 224", "1, 13, 96, 128", "2, 16, 224, 96", "33, 4, 256, 64",
    "140, 4, 64, 64", "9, 15, 64, 64"
  })
  void agreesWithTheSumInDouble(int samples, int side, int in, int out) {
    SplittableRandom random = new SplittableRandom(samples + 1000 * side + 100_000 * in + out);
    int positions = side * side;
    int[] straight = GemmVectorTest.source(side, side, 9, 1);
    int[] mirrored = new int[straight.length];
    for (int t = 0; t < 9; t++) {
      System.arraycopy(straight, (8 - t) * positions, mirrored, t * positions, positions);
    }
    float[] x = GemmVectorTest.normals(random, samples * positions * in);
    float[] d = GemmVectorTest.normals(random, samples * positions * out);
    float[] before = GemmVectorTest.normals(random, OFFSET + 9 * in * out + 2);
    double unit = 4e-6 * Math.sqrt(samples * positions);
    int items = WinogradGradientVector.items(samples, positions, in, out);
    for (int[] source : new int[][] {straight, mirrored}) {
      assertThat(WinogradGradientVector.suits(source, positions, positions, in, out)).isTrue();
      for (float beta = 0; beta < 2; beta++) {
        float[] whole = before.clone();
        float[] parts = before.clone();
        WinogradGradientVector.weightGradient(
            0, items, x, d, whole, source, beta, samples, positions, in, out, OFFSET);
        for (int part = 2; part >= 0; part--) {
          WinogradGradientVector.weightGradient(items * part / 3, items * (part + 1) / 3, x, d, parts, source, beta,
              samples, positions, in, out, OFFSET);
        }
        assertThat(parts).isEqualTo(whole);
        assertThat(whole).startsWith(before[0], before[1], before[2]).endsWith(before[before.length - 2],
            before[before.length - 1]);
        double squares = 0;
        int compared = 0;
        for (int element = 0; element < 9 * in * out; element += Math.max(1, 9 * in * out / 1999)) {
          double expected = beta * before[OFFSET + element];
          int o = element % out;
          int i = element / out % in;
          int t = element / out / in;
          for (int n = 0; n < samples; n++) {
            for (int p = 0; p < positions; p++) {
              int from = source[t * positions + p];
              if (from >= 0) {
                expected += (double) x[(n * positions + from) * in + i] * d[(n * positions + p) * out + o];
              }
            }
          }
          double error = whole[OFFSET + element] - expected;
          assertThat(Math.abs(error)).as("element " + element).isLessThan(7 * unit);
          squares += error * error;
          compared++;
        }
        assertThat(Math.sqrt(squares / compared)).isLessThan(unit);
      }
    }
  }

  @Test
  void leavesOtherConvolutionsAlone() {
    assertThat(WinogradGradientVector.suits(GemmVectorTest.source(4, 4, 1, 1), 16, 16, 96, 96)).isFalse();
    assertThat(WinogradGradientVector.suits(GemmVectorTest.source(8, 4, 9, 2), 64, 16, 96, 96)).isFalse();
    assertThat(WinogradGradientVector.suits(GemmVectorTest.source(3, 3, 9, 1), 9, 9, 96, 96)).isFalse();
    assertThat(WinogradGradientVector.suits(GemmVectorTest.source(4, 4, 9, 1), 16, 16, 96, 49)).isFalse();
    assertThat(WinogradGradientVector.suits(GemmVectorTest.source(4, 4, 9, 1), 16, 16, 32, 96)).isFalse();
  }
}
