package org.rgflow.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Convolutions of a single tap, which are matrix products: linear layers and 1×1 convolutions. In the manner of Goto
 * and van de Geijn ("Anatomy of high-performance matrix multiplication", ACM TOMS 34, 2008) the right factor is
 * packed in panels of {@link GemmVector#COLUMNS} columns, all those of an item at once, and the left one in panels of
 * {@link GemmVector#ROWS} rows; a panel of either fits the first cache.
 *
 * <p>Sums are taken by fused multiply-add in blocks of {@link #DEPTH} terms, in an order that depends on neither
 * range nor thread, nor on the number of rows: results are the same bit for bit for any cut into ranges and any
 * batch, and differ from the naive bodies by rounding, |error| ≤ (k + 2) 2⁻²⁴ Σ|a||b|. Each thread owns 340 kB of
 * packing space, made when it first works.
 */
public final class ProductVector {
  private static final VectorSpecies<Float> FLOATS = TileVector.FLOATS;
  private static final int WIDTH = TileVector.WIDTH;
  private static final int ROWS = GemmVector.ROWS;
  private static final int COLUMNS = GemmVector.COLUMNS;

  /** Terms of the sum that are packed at a time. */
  static final int DEPTH = 192;

  /** Columns of an item. */
  private static final int BLOCK = 192;

  /** Panels of rows that are packed at a time. */
  private static final int PACKED_PANELS = 18;

  private static final class Packing {
    /** Panels of rows, [panel][term][row], and room for the vector that begins with the last term. */
    final float[] a = new float[PACKED_PANELS * ROWS * DEPTH + WIDTH];
    /** Panels of columns, [panel][term][column]. */
    final float[] b = new float[DEPTH * BLOCK];
    final float[] tile = new float[ROWS * COLUMNS];
  }

  private static final ThreadLocal<Packing> PACKING = ThreadLocal.withInitial(Packing::new);

  private ProductVector() {}

  /** Whether a table of taps has one tap, which is each position itself. */
  public static boolean suits(int[] source, int positionsIn, int positionsOut) {
    if (source.length != positionsOut || positionsIn != positionsOut) {
      return false;
    }
    for (int p = 0; p < positionsOut; p++) {
      if (source[p] != p) {
        return false;
      }
    }
    return true;
  }

  /** Number of items of {@link #multiply}: panels of rows of a block of columns. */
  public static int items(int rows, int out) {
    return (out + BLOCK - 1) / BLOCK * ((rows + ROWS - 1) / ROWS);
  }

  /** {@link ConvolutionKernels#convolve} for some of {@link #items}, where it {@link #suits}. */
  public static void multiply(int begin, int end, float[] x, float[] parameters, float[] y, float beta, int in, int out,
      int weightOffset, int biasOffset, int order) {
    Packing packing = PACKING.get();
    int rows = y.length / out;
    int panels = (rows + ROWS - 1) / ROWS;
    for (int item = begin; item < end; ) {
      int column = item / panels * BLOCK;
      int nc = Math.min(BLOCK, out - column);
      int first = item % panels;
      int last = Math.min(panels, first + end - item);
      item += last - first;
      for (int k = 0; k < in; k += DEPTH) {
        int kc = Math.min(DEPTH, in - k);
        if (order == ConvolutionKernels.DIRECT) {
          packColumns(packing.b, kc, parameters, weightOffset + k * out + column, out, nc);
        } else {
          packTransposedColumns(packing.b, kc, parameters, weightOffset + column * in + k, in, nc);
        }
        for (int panel = first; panel < last; panel += PACKED_PANELS) {
          int row = panel * ROWS;
          int mc = Math.min(rows, Math.min(last, panel + PACKED_PANELS) * ROWS) - row;
          for (int i = 0; i < mc; i += ROWS) {
            packRows(packing.a, i * kc, kc, x, (row + i) * in + k, in, rows - row - i);
          }
          multiply(packing, mc, nc, kc, k == 0 ? beta : 1f, y, row * out + column, out, parameters,
              k == 0 && biasOffset >= 0 ? biasOffset + column : -1);
        }
      }
    }
  }

  /** Number of items of {@link #weightGradient}: panels of rows of a block of columns. */
  public static int gradientItems(int in, int out) {
    return items(in, out);
  }

  /** {@link ConvolutionKernels#weightGradient} for some of {@link #gradientItems}, where it {@link #suits}. */
  public static void weightGradient(int begin, int end, float[] x, float[] d, float[] gradient, float beta, int in,
      int out, int weightOffset) {
    Packing packing = PACKING.get();
    int terms = x.length / in;
    int panels = (in + ROWS - 1) / ROWS;
    for (int item = begin; item < end; ) {
      int column = item / panels * BLOCK;
      int nc = Math.min(BLOCK, out - column);
      int first = item % panels;
      int last = Math.min(panels, first + end - item);
      item += last - first;
      for (int k = 0; k < terms; k += DEPTH) {
        int kc = Math.min(DEPTH, terms - k);
        packColumns(packing.b, kc, d, k * out + column, out, nc);
        for (int panel = first; panel < last; panel += PACKED_PANELS) {
          int row = panel * ROWS;
          int mc = Math.min(in, Math.min(last, panel + PACKED_PANELS) * ROWS) - row;
          for (int i = 0; i < mc; i += ROWS) {
            packTransposedRows(packing.a, i * kc, kc, x, k * in + row + i, in, in - row - i);
          }
          multiply(packing, mc, nc, kc, k == 0 ? beta : 1f, gradient, weightOffset + row * out + column, out, gradient,
              -1);
        }
      }
    }
  }

  /** C ← A B + keep · C + bias on packed panels: a panel of columns stays in the first cache while rows pass. */
  private static void multiply(Packing packing, int mc, int nc, int kc, float keep, float[] c, int at, int step,
      float[] bias, int atBias) {
    for (int column = 0; column < nc; column += COLUMNS) {
      int width = Math.min(COLUMNS, nc - column);
      for (int row = 0; row < mc; row += ROWS) {
        if (WIDTH == 16) {
          GemmVector.tile512(kc, packing.a, row * kc, packing.b, column * kc, packing.tile);
        } else {
          GemmVector.tile256(kc, packing.a, row * kc, packing.b, column * kc, packing.tile);
        }
        GemmVector.store(packing.tile, Math.min(ROWS, mc - row), width, 1f, keep, c, at + row * step + column, step,
            bias, atBias < 0 ? -1 : atBias + column);
      }
    }
  }

  /** Panels of columns, zero beyond the last column. */
  private static void packColumns(float[] packed, int kc, float[] b, int at, int step, int nc) {
    for (int column = 0; column < nc; column += COLUMNS) {
      PanelVector.copy(packed, column * kc, kc, b, at + column, step, Math.min(COLUMNS, nc - column), COLUMNS);
    }
  }

  /** The same from a factor that lies transposed. */
  private static void packTransposedColumns(float[] packed, int kc, float[] b, int at, int step, int nc) {
    for (int column = 0; column < nc; column += COLUMNS) {
      PanelVector.transpose(packed, column * kc, kc, b, at + column * step, step, Math.min(COLUMNS, nc - column),
          COLUMNS);
    }
  }

  /**
   * A panel of rows, [term][row], from rows that lie some step apart; zero beyond the last row. Where there are 16
   * rows, blocks of 16 × 16 are transposed, and what is too much of a term is overwritten by the next.
   */
  private static void packRows(float[] packed, int to, int kc, float[] a, int at, int step, int rows) {
    int whole = WIDTH == 16 && rows >= 16 ? kc & -16 : 0;
    for (int k = 0; k < whole; k += 16) {
      TransposeVector.block(a, at + k, step, packed, to + k * ROWS, ROWS);
    }
    for (int i = 0; i < ROWS; i++) {
      for (int k = whole; k < kc; k++) {
        packed[to + k * ROWS + i] = i < rows ? a[at + i * step + k] : 0f;
      }
    }
  }

  /** The same from a factor that lies transposed. */
  private static void packTransposedRows(float[] packed, int to, int kc, float[] a, int at, int step, int rows) {
    if (rows >= WIDTH) {
      for (int k = 0; k < kc; k++) {
        FloatVector.fromArray(FLOATS, a, at + k * step).intoArray(packed, to + k * ROWS);
      }
      return;
    }
    for (int k = 0; k < kc; k++) {
      for (int i = 0; i < ROWS; i++) {
        packed[to + k * ROWS + i] = i < rows ? a[at + k * step + i] : 0f;
      }
    }
  }
}
