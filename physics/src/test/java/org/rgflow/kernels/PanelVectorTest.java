package org.rgflow.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PanelVector hold the factor, element by element, and zeros; what lies around them stays. */
class PanelVectorTest {
  @ParameterizedTest
  @CsvSource({"1, 1, 16", "16, 16, 16", "17, 16, 16", "40, 35, 48", "9, 32, 32", "9, 20, 32",
      "64, 48, 48", "7, 48, 48", "33, 20, 24", "5, 8, 8"})
  void copyAndTranspose(int length, int width, int columns) {
    int step = Math.max(length, width) + 3;
    float[] from = counting(2 + step * step);
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

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 15", "5, 32", "7, 33", "2, 192", "4, 250", "9, 416"})
  void panelsSideBySideAreCopiedAsOneByOne(int length, int width) {
    int columns = GemmVector.COLUMNS;
    int panels = (width + columns - 1) / columns;
    int step = width + 5;
    float[] from = counting(3 + length * step);
    float[] actual = new float[2 + panels * columns * length];
    Arrays.fill(actual, -1f);
    PanelVector.copyPanels(actual, 2, length, from, 3, step, width);
    float[] expected = new float[actual.length];
    Arrays.fill(expected, 0, 2, -1f);
    for (int j = 0; j < width; j++) {
      for (int i = 0; i < length; i++) {
        expected[2 + (j / columns * length + i) * columns + j % columns] = from[3 + i * step + j];
      }
    }
    assertThat(actual).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "5, 3", "16, 6", "17, 12", "48, 15", "33, 16", "192, 40"})
  void rowsLieByTerms(int length, int rows) {
    int step = length + 16;
    float[] from = counting(2 + rows * step);
    float[] packed = new float[1 + GemmVector.PANEL];
    PanelVector.byTerms(packed, 1, length, from, 2, step, rows);
    for (int k = 0; k < length; k++) {
      for (int i = 0; i < GemmVector.ROWS; i++) {
        assertThat(packed[1 + k * GemmVector.ROWS + i]).isEqualTo(i < rows ? from[2 + i * step + k] : 0f);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 15, 16, 17, 50})
  void aRowIsCopiedAndNothingAround(int length) {
    float[] from = counting(length + 4);
    float[] actual = new float[length + 3];
    PanelVector.copyRow(actual, 2, from, 3, length);
    float[] expected = new float[length + 3];
    System.arraycopy(from, 3, expected, 2, length);
    assertThat(actual).isEqualTo(expected);
  }

  private static float[] counting(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = i + 1;
    }
    return values;
  }
}
