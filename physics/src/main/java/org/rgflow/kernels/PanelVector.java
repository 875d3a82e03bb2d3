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
