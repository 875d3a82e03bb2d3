package org.rgflow.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PanelVector hold the factor, element by element, and zeros; what lies around them stays. */
class PanelVectorTest {
  @ParameterizedTest
  @CsvSource({"1, 1, 16", "16, 16, 16", "17, 16, 16", "40, 35, 48", "9, 32, 32", "9, 20, 32",
      "64, 48, 48", "7, 48, 48", "33, 20, 24", "5, 8, 8"})
  void copyAndTranspose(int length, int width, int columns) {
    int step = Math.max(length, width) + 3;
    float[] from = new float[2 + step * step];
    for (int i = 0; i < from.length; i++) {
      from[i] = i + 1;
    }
    float[] copied = new float[5 + length * columns + 1];
    Arrays.fill(copied, -1f);
    float[] transposed = copied.clone();
    PanelVector.copy(copied, 5, length, from, 2, step, width, columns);
    PanelVector.transpose(transposed, 5, length, from, 2, step, width, columns);
    float[] expectedCopy = new float[copied.length];
    Arrays.fill(expectedCopy, -1f);
    float[] expectedTranspose = expectedCopy.clone();
    for (int i = 0; i < length; i++) {
      for (int j = 0; j < columns; j++) {
        expectedCopy[5 + i * columns + j] = j < width ? from[2 + i * step + j] : 0f;
        expectedTranspose[5 + i * columns + j] = j < width ? from[2 + j * step + i] : 0f;
      }
    }
    assertThat(copied).isEqualTo(expectedCopy);
    assertThat(transposed).isEqualTo(expectedTranspose);
  }
}
