package org.rgflow.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Convolutions of a single tap, which are matrix products: linear layers and 1×1 convolutions. In the manner of Goto and
 * van de Geijn ("Anatomy of high-performance matrix multiplication", ACM TOMS 34, 2008) the right factor is packed in
 * panels that fit the first cache; the left one is read where it lies, several rows at once, and a register tile of sums is
 * kept by {@link TileVector}.
 *
 * <p>Sums are taken by fused multiply-add in blocks of {@link #DEPTH} terms, in an order that depends on neither range nor
 * thread, nor on the number of rows: results are the same bit for bit for any cut into ranges and any batch, and differ from the naive bodies by rounding,
 * |error| ≤ (k + 2) 2⁻²⁴ Σ|a||b|. Each thread owns 130 kB of packing space, made when it first works.
 */
public final class ProductVector {
  private static final VectorSpecies<Float> FLOATS = TileVector.FLOATS;
  private static final int WIDTH = TileVector.WIDTH;
  private static final int ROWS = TileVector.ROWS;
  private static final int COLUMNS = TileVector.COLUMNS;

  /** Terms of the sum that are packed at a time: a panel of so many rows fits the first cache. */
  static final int DEPTH = 128;

  /** Columns of an item. */
  private static final int BLOCK = 2 * COLUMNS;

  /** Columns of an item of the gradient, whose left factor is packed too. */
  private static final int GRADIENT_BLOCK = 4 * COLUMNS;

  /** Rows of the gradient that are packed at a time, in vectors. */
  private static final int PACKED_PANELS = 12;

  private static final class Packing {
    final float[] a = new float[PACKED_PANELS * WIDTH * DEPTH];
    final float[] b = new float[DEPTH * COLUMNS];
    final float[] tile = new float[ROWS * COLUMNS];
    final float[] begin = new float[ROWS * COLUMNS];
    final float[] zeros = new float[COLUMNS];
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
      int firstColumn = item / panels * BLOCK;
      int lastColumn = Math.min(out, firstColumn + BLOCK);
      int first = item % panels;
      int last = Math.min(panels, first + end - item);
      item += last - first;
      for (int k = 0; k < in; k += DEPTH) {
        int kc = Math.min(DEPTH, in - k);
        float keep = k == 0 ? beta : 1f;
        for (int column = firstColumn; column < lastColumn; column += COLUMNS) {
          int width = Math.min(COLUMNS, lastColumn - column);
          if (order == ConvolutionKernels.DIRECT) {
            PanelVector.copy(packing.b, 0, kc, parameters, weightOffset + k * out + column, out, width, COLUMNS);
          } else {
            PanelVector.transpose(packing.b, 0, kc, parameters, weightOffset + column * in + k, in, width, COLUMNS);
          }
          int bias = k == 0 && biasOffset >= 0 ? biasOffset + column : -1;
          for (int panel = first; panel < last; panel++) {
            int row = panel * ROWS;
            int height = Math.min(ROWS, rows - row);
            float[] a = x;
            int at = row * in + k;
            int step = in;
            if (height < ROWS) {
              for (int i = 0; i < height; i++) {
                System.arraycopy(x, at + i * in, packing.a, i * kc, kc);
              }
              a = packing.a;
              at = 0;
              step = kc;
            }
            // If at most one thing is added, the sums begin with it, in whole tiles and in others, so that a row's
            // result does not depend on how many there are. A whole tile then goes straight to y.
            boolean begun = keep == 0f || keep == 1f && bias < 0;
            boolean straight = begun && height == ROWS && width == COLUMNS;
            float[] from = packing.zeros;
            int atFrom = 0;
            int fromStep = 0;
            if (begun && (keep == 1f || bias >= 0)) {
              from = keep == 1f ? y : parameters;
              atFrom = keep == 1f ? row * out + column : bias;
              fromStep = keep == 1f ? out : 0;
              if (!straight) {
                for (int i = 0; i < height; i++) {
                  System.arraycopy(from, atFrom + i * fromStep, packing.begin, i * COLUMNS, width);
                }
                from = packing.begin;
                atFrom = 0;
                fromStep = COLUMNS;
              }
            }
            float[] c = straight ? y : packing.tile;
            int atC = straight ? row * out + column : 0;
            int stepC = straight ? out : COLUMNS;
            if (WIDTH == 16) {
              TileVector.rows512(kc, a, at, step, packing.b, 0, from, atFrom, fromStep, c, atC, stepC);
            } else {
              TileVector.rows256(kc, a, at, step, packing.b, 0, from, atFrom, fromStep, c, atC, stepC);
            }
            if (!straight) {
              store(packing.tile, height, width, begun ? 0f : keep, y, row * out + column, out, parameters,
                  begun ? -1 : bias);
            }
          }
        }
      }
    }
  }

  /** Number of items of {@link #weightGradient}: panels of rows of a block of columns. */
  public static int gradientItems(int in, int out) {
    return (out + GRADIENT_BLOCK - 1) / GRADIENT_BLOCK * ((in + WIDTH - 1) / WIDTH);
  }

  /** {@link ConvolutionKernels#weightGradient} for some of {@link #gradientItems}, where it {@link #suits}. */
  public static void weightGradient(int begin, int end, float[] x, float[] d, float[] gradient, float beta, int in, int out,
      int weightOffset) {
    Packing packing = PACKING.get();
    int terms = x.length / in;
    int panels = (in + WIDTH - 1) / WIDTH;
    for (int item = begin; item < end; ) {
      int firstColumn = item / panels * GRADIENT_BLOCK;
      int lastColumn = Math.min(out, firstColumn + GRADIENT_BLOCK);
      int first = item % panels;
      int last = Math.min(panels, first + end - item);
      item += last - first;
      for (int k = 0; k < terms; k += DEPTH) {
        int kc = Math.min(DEPTH, terms - k);
        float keep = k == 0 ? beta : 1f;
        for (int panel = first; panel < last; panel += PACKED_PANELS) {
          int row = panel * WIDTH;
          int stop = Math.min(in, Math.min(last, panel + PACKED_PANELS) * WIDTH);
          for (int r = row; r < stop; r += WIDTH) {
            PanelVector.copy(packing.a, (r - row) * kc, kc, x, k * in + r, in, Math.min(WIDTH, in - r), WIDTH);
          }
          for (int column = firstColumn; column < lastColumn; column += COLUMNS) {
            int width = Math.min(COLUMNS, lastColumn - column);
            PanelVector.copy(packing.b, 0, kc, d, k * out + column, out, width, COLUMNS);
            for (int r = row; r < stop; r += ROWS) {
              int a = (r - row) / WIDTH * WIDTH * kc + (r - row) % WIDTH;
              int height = Math.min(ROWS, in - r);
              int at = weightOffset + r * out + column;
              boolean straight = height == ROWS && width == COLUMNS && (keep == 0f || keep == 1f);
              float[] from = straight && keep == 1f ? gradient : packing.zeros;
              int atFrom = from == gradient ? at : 0;
              int fromStep = from == gradient ? out : 0;
              float[] c = straight ? gradient : packing.tile;
              int atC = straight ? at : 0;
              int stepC = straight ? out : COLUMNS;
              if (WIDTH == 16) {
                TileVector.columns512(kc, packing.a, a, packing.b, 0, from, atFrom, fromStep, c, atC, stepC);
              } else {
                TileVector.columns256(kc, packing.a, a, packing.b, 0, from, atFrom, fromStep, c, atC, stepC);
              }
              if (!straight) {
                store(packing.tile, height, width, keep, gradient, at, out, gradient, -1);
              }
            }
          }
        }
      }
    }
  }

  /** C ← tile + keep · C + bias for the tile's first rows and columns. */
  private static void store(float[] tile, int rows, int width, float keep, float[] c, int at, int step, float[] bias,
      int atBias) {
    for (int i = 0; i < rows; i++) {
      int to = at + i * step;
      int from = i * COLUMNS;
      int j = 0;
      for (; j + WIDTH <= width; j += WIDTH) {
        FloatVector sum = FloatVector.fromArray(FLOATS, tile, from + j);
        if (keep != 0f) {
          sum = sum.add(FloatVector.fromArray(FLOATS, c, to + j).mul(keep));
        }
        if (atBias >= 0) {
          sum = sum.add(FloatVector.fromArray(FLOATS, bias, atBias + j));
        }
        sum.intoArray(c, to + j);
      }
      for (; j < width; j++) {
        float sum = tile[from + j];
        if (keep != 0f) {
          sum += keep * c[to + j];
        }
        if (atBias >= 0) {
          sum += bias[atBias + j];
        }
        c[to + j] = sum;
      }
    }
  }
}
