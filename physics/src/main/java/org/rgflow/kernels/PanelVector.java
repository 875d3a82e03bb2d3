package org.rgflow.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Packing of a factor of a matrix product into a panel of some columns, [row][column], zero beyond the width. */
final class PanelVector {
  private static final VectorSpecies<Float> FLOATS = TileVector.FLOATS;
  private static final int WIDTH = TileVector.WIDTH;

  private PanelVector() {}

  /** packed[i][j] = from[i][j] for {@code length} rows that lie {@code step} apart. */
  static void copy(float[] packed, int to, int length, float[] from, int at, int step, int width, int columns) {
    if (width == columns && columns == WIDTH) {
      for (int i = 0; i < length; i++) {
        FloatVector.fromArray(FLOATS, from, at + i * step).intoArray(packed, to + i * WIDTH);
      }
      return;
    }
    if (width == columns && columns == 2 * WIDTH) {
      for (int i = 0; i < length; i++) {
        int source = at + i * step;
        int target = to + i * columns;
        FloatVector.fromArray(FLOATS, from, source).intoArray(packed, target);
        FloatVector.fromArray(FLOATS, from, source + WIDTH).intoArray(packed, target + WIDTH);
      }
      return;
    }
    for (int i = 0; i < length; i++) {
      int source = at + i * step;
      int target = to + i * columns;
      int j = 0;
      for (; j + WIDTH <= width; j += WIDTH) {
        FloatVector.fromArray(FLOATS, from, source + j).intoArray(packed, target + j);
      }
      for (; j < width; j++) {
        packed[target + j] = from[source + j];
      }
      for (; j < columns; j++) {
        packed[target + j] = 0f;
      }
    }
  }

  /** Panels that are copied together, since their parts of a row lie side by side in memory. */
  private static final int TOGETHER = 6;

  /** Panels of 2 · WIDTH columns each, one after the other: {@link #copy} of each, zero beyond the last column. */
  static void copyPanels(float[] packed, int to, int length, float[] from, int at, int step, int width) {
    int columns = 2 * WIDTH;
    int whole = width / columns;
    for (int first = 0; first < whole; first += TOGETHER) {
      int last = Math.min(whole, first + TOGETHER);
      for (int i = 0; i < length; i++) {
        for (int panel = first; panel < last; panel++) {
          int source = at + i * step + panel * columns;
          int target = to + (panel * length + i) * columns;
          FloatVector.fromArray(FLOATS, from, source).intoArray(packed, target);
          FloatVector.fromArray(FLOATS, from, source + WIDTH).intoArray(packed, target + WIDTH);
        }
      }
    }
    if (whole * columns < width) {
      int rest = whole * columns;
      copy(packed, to + rest * length, length, from, at + rest, step, width - rest, columns);
    }
  }

  /**
   * A panel of {@link GemmVector#ROWS} rows, [term][row], from rows that lie some step apart; zero beyond the last row.
   * Where there are 16 rows, blocks of 16 × 16 are transposed, and what is too much of a term is overwritten by the
   * next.
   *
   * @param packed with room for {@link GemmVector#PANEL} elements from {@code to} on
   * @param rows how many there are to read
   */
  static void byTerms(float[] packed, int to, int length, float[] a, int at, int step, int rows) {
    int whole = WIDTH == 16 && rows >= 16 ? length & -16 : 0;
    for (int k = 0; k < whole; k += 16) {
      TransposeVector.block(a, at + k, step, packed, to + k * GemmVector.ROWS, GemmVector.ROWS);
    }
    for (int i = 0; i < GemmVector.ROWS; i++) {
      for (int k = whole; k < length; k++) {
        packed[to + k * GemmVector.ROWS + i] = i < rows ? a[at + i * step + k] : 0f;
      }
    }
  }

  /** packed[i] = from[i]. */
  static void copyRow(float[] packed, int to, float[] from, int at, int length) {
    int i = 0;
    for (; i + WIDTH <= length; i += WIDTH) {
      FloatVector.fromArray(FLOATS, from, at + i).intoArray(packed, to + i);
    }
    for (; i < length; i++) {
      packed[to + i] = from[at + i];
    }
  }

  /** packed[i][j] = from[j][i] for {@code length} rows; the rows of {@code from} lie {@code step} apart. */
  static void transpose(float[] packed, int to, int length, float[] from, int at, int step, int width, int columns) {
    int whole = WIDTH == 16 ? length & -16 : 0;
    int j = 0;
    for (; j + 16 <= width && whole > 0; j += 16) {
      for (int i = 0; i < whole; i += 16) {
        TransposeVector.block(from, at + j * step + i, step, packed, to + i * columns + j, columns);
      }
      for (int column = j; column < j + 16; column++) {
        for (int i = whole; i < length; i++) {
          packed[to + i * columns + column] = from[at + column * step + i];
        }
      }
    }
    for (; j < columns; j++) {
      for (int i = 0; i < length; i++) {
        packed[to + i * columns + j] = j < width ? from[at + j * step + i] : 0f;
      }
    }
  }
}
