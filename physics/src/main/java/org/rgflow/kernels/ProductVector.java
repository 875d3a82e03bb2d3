package org.rgflow.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.rgflow.kernels.GemmVector.Packing;

/**
 * Convolutions of a single tap, which are matrix products: linear layers and 1×1 convolutions. In the manner of Goto
 * and van de Geijn ("Anatomy of high-performance matrix multiplication", ACM TOMS 34, 2008) the right factor is
 * packed in panels of {@link GemmVector#COLUMNS} columns, all those of an item at once, and the left one in panels of
 * {@link GemmVector#ROWS} rows; a panel of either fits the first cache, and what is packed of both factors the second.
 *
 * <p>Sums are taken by fused multiply-add in blocks of {@link #DEPTH} terms, in an order that depends on neither
 * range nor thread, nor on the number of rows: results are the same bit for bit for any cut into ranges and any
 * batch, and differ from the naive bodies by rounding, |error| ≤ (k + 2) 2⁻²⁴ Σ|a||b|. Packing space is that of {@link
 * GemmVector}.
 */
public final class ProductVector {
  private static final VectorSpecies<Float> FLOATS = TileVector.FLOATS;
  private static final int WIDTH = TileVector.WIDTH;
  private static final int ROWS = GemmVector.ROWS;
  private static final int COLUMNS = GemmVector.COLUMNS;

  /** Terms of the sum that are packed at a time. */
  static final int DEPTH = GemmVector.DEPTH;

  /** Columns of an item at most: the more, the less often the left factor is packed. */
  private static final int BLOCK = GemmVector.MOST_COLUMNS;

  /** Columns of an item where there are few rows, to give every thread some. */
  private static final int SMALL_BLOCK = 96;

  private static final int FEW_ROWS = 16 * ROWS;

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

  /** Number of items of {@link #multiply}: panels of rows by blocks of columns. */
  public static int items(int rows, int out) {
    return blocks(rows, out) * panels(rows);
  }

  /** Operations that a range of {@link #items} begins with: the right factor is packed for each. */
  public static int rangeCost(int rows, int out, int terms) {
    return (int) Math.min(Integer.MAX_VALUE,
        (long) GemmVector.PACKING_COST * terms * (byColumns(rows, out) ? block(rows, out) : out));
  }

  private static int panels(int rows) {
    return (rows + ROWS - 1) / ROWS;
  }

  private static int blocks(int rows, int out) {
    return (out + block(rows, out) - 1) / block(rows, out);
  }

  /**
   * How many panels of the block at a column come before an item. Either the blocks of a panel follow each other, so that
   * a range is some rows of all columns, or the panels of a block do.
   */
  private static int panelsBefore(int item, int column, int rows, int out) {
    int j = column / block(rows, out);
    int blocks = blocks(rows, out);
    return byColumns(rows, out) ? Math.clamp(item - j * panels(rows), 0, panels(rows)) : (item - j + blocks - 1) / blocks;
  }

  /** Whether ranges are some columns rather than some rows: each packs the whole of the other factor. */
  private static boolean byColumns(int rows, int out) {
    return rows < FEW_ROWS || out > rows;
  }

  /** Columns of an item: as few blocks as possible, of about the same size. */
  private static int block(int rows, int out) {
    int most = rows < FEW_ROWS ? SMALL_BLOCK : BLOCK;
    int blocks = (out + most - 1) / most;
    return ((out + blocks - 1) / blocks + COLUMNS - 1) / COLUMNS * COLUMNS;
  }

  /** {@link ConvolutionKernels#convolve} for some of {@link #items}, where it {@link #suits}. */
  public static void multiply(int begin, int end, float[] x, float[] parameters, float[] y, float beta, int in, int out,
      int weightOffset, int biasOffset, int order) {
    Packing packing = GemmVector.PACKING.get();
    int rows = y.length / out;
    int block = block(rows, out);
    for (int column = 0; column < out; column += block) {
      int nc = Math.min(block, out - column);
      int first = panelsBefore(begin, column, rows, out);
      int last = panelsBefore(end, column, rows, out);
      if (first == last) {
        continue;
      }
      int stop = Math.min(rows, last * ROWS);
      int together = Packing.together(nc);
      for (int begun = 0; begun < in; begun += together) {
        int ended = Math.min(in, begun + together);
        for (int k = begun; k < ended; k += DEPTH) {
          int kc = Math.min(DEPTH, in - k);
          int to = Packing.atB(k - begun, nc);
          if (order == ConvolutionKernels.DIRECT) {
            PanelVector.copyPanels(packing.b, to, kc, parameters, weightOffset + k * out + column, out, nc);
          } else {
            packTransposedColumns(packing.b, to, kc, parameters, weightOffset + column * in + k, in, nc);
          }
        }
        for (int row = first * ROWS; row < stop; row += GemmVector.PACKED_ROWS) {
          int mc = Math.min(GemmVector.PACKED_ROWS, stop - row);
          for (int k = begun; k < ended; k += DEPTH) {
            for (int i = 0; i < mc; i += ROWS) {
              PanelVector.byTerms(packing.a, Packing.atA(k - begun) + i / ROWS * GemmVector.PANEL,
                  Math.min(DEPTH, in - k), x, (row + i) * in + k, in, rows - row - i);
            }
          }
          GemmVector.multiply(packing, mc, nc, ended - begun, 1f, begun == 0 ? beta : 1f, y, row * out + column, out,
              parameters, begun == 0 && biasOffset >= 0 ? biasOffset + column : -1);
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
    Packing packing = GemmVector.PACKING.get();
    int terms = x.length / in;
    int block = block(in, out);
    for (int column = 0; column < out; column += block) {
      int nc = Math.min(block, out - column);
      int first = panelsBefore(begin, column, in, out);
      int last = panelsBefore(end, column, in, out);
      if (first == last) {
        continue;
      }
      int stop = Math.min(in, last * ROWS);
      int together = Packing.together(nc);
      for (int begun = 0; begun < terms; begun += together) {
        int ended = Math.min(terms, begun + together);
        for (int k = begun; k < ended; k += DEPTH) {
          PanelVector.copyPanels(packing.b, Packing.atB(k - begun, nc), Math.min(DEPTH, terms - k), d, k * out + column,
              out, nc);
        }
        for (int row = first * ROWS; row < stop; row += GemmVector.PACKED_ROWS) {
          int mc = Math.min(GemmVector.PACKED_ROWS, stop - row);
          for (int k = begun; k < ended; k += DEPTH) {
            packTerms(packing.a, Packing.atA(k - begun), mc, Math.min(DEPTH, terms - k), x, k * in + row, in);
          }
          GemmVector.multiply(packing, mc, nc, ended - begun, 1f, begun == 0 ? beta : 1f, gradient,
              weightOffset + row * out + column, out, gradient, -1);
        }
      }
    }
  }

  /** Panels of columns from a factor that lies transposed, zero beyond the last column. */
  private static void packTransposedColumns(float[] packed, int to, int kc, float[] b, int at, int step, int nc) {
    for (int column = 0; column < nc; column += COLUMNS) {
      PanelVector.transpose(packed, to + column * kc, kc, b, at + column * step, step, Math.min(COLUMNS, nc - column),
          COLUMNS);
    }
  }

  /** Panels of rows by terms, from rows that are columns in memory. */
  private static void packTerms(float[] packed, int begin, int mc, int kc, float[] a, int at, int step) {
    for (int k = 0; k < kc; k++) {
      for (int row = 0; row < mc; row += ROWS) {
        int from = at + k * step + row;
        int to = begin + row / ROWS * GemmVector.PANEL + k * ROWS;
        if (from + WIDTH <= a.length) {
          // What is more than the panel's rows is overwritten by the next term, or lies behind the last.
          FloatVector.fromArray(FLOATS, a, from).intoArray(packed, to);
        } else {
          System.arraycopy(a, from, packed, to, Math.min(ROWS, mc - row));
        }
      }
    }
  }
}
