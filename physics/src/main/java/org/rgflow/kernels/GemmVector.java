package org.rgflow.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ConvolutionKernels} with the Vector API: matrix products in the manner of Goto and van de Geijn ("Anatomy of
 * high-performance matrix multiplication", ACM TOMS 34, 2008). The right factor is packed in panels of {@link #COLUMNS}
 * columns, the left one in panels of {@link #ROWS} rows, in blocks of {@link #DEPTH} terms of the sum; a convolution's
 * left factor is packed straight from the activations (no matrix of patches is ever written), and a tile of
 * {@code ROWS × COLUMNS} sums stays in registers. Some blocks of terms are packed together, and all of them taken for
 * a panel of columns before the next one, so that its sums are still in the first cache when they are needed again.
 *
 * <p>Sums are taken by fused multiply-add in blocks of {@code DEPTH} terms, in an order that depends on neither range
 * nor thread: results are the same bit for bit for any cut into ranges, and differ from the naive bodies by
 * rounding, |error| ≤ (k + 2) 2⁻²⁴ Σ|a||b|.
 *
 * <p>An item is a panel of rows of one block of columns. Each thread owns 1.3 MB of packing space, made when it
 * first works.
 */
public final class GemmVector {
  private static final VectorSpecies<Float> FLOATS =
      FloatVector.SPECIES_PREFERRED.length() >= 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_256;
  private static final int WIDTH = FLOATS.length();

  /**
   * Rows of a tile: 12 × 2 of 32 registers, or 6 × 2 of 16. 14 × 2 sums would leave too few registers for the factors:
   * the compiler keeps one sum in memory then. The networks' widths are multiples of 12, too.
   */
  static final int ROWS = WIDTH == 16 ? 12 : 6;

  /** Columns of a tile, two vectors. */
  static final int COLUMNS = 2 * WIDTH;

  /** Terms of the sum that are packed at a time: a panel of either factor fits the first cache. */
  static final int DEPTH = 192;

  /** Elements of a panel of rows, and room for the vector that begins with the last term. */
  static final int PANEL = ROWS * DEPTH + WIDTH;

  /** Blocks of terms that are packed together at most. */
  private static final int MOST_BLOCKS = 3;

  /** Panels of rows that are packed at a time. */
  static final int PACKED_PANELS = 11;

  /** Rows that are packed at a time. */
  static final int PACKED_ROWS = PACKED_PANELS * ROWS;

  /** Columns that are packed at a time. */
  private static final int PACKED_COLUMNS = 384;

  /** Elements of the right factor that are packed together; with the left one's they fit the second cache. */
  private static final int PACKED_ELEMENTS = MOST_BLOCKS * DEPTH * PACKED_COLUMNS;

  /** The most columns of which two blocks of terms can be packed together. */
  static final int MOST_COLUMNS = PACKED_ELEMENTS / (2 * DEPTH);

  /** Fewer rows than this are cut by columns instead, to give every thread some. */
  private static final int FEW_ROWS = 16 * 12;

  /** What a thread packs. */
  static final class Packing {
    /** Panels of rows, [block of terms][panel][term][row]: {@link #PACKED_PANELS} panels of a block. */
    final float[] a = new float[CacheLines.MARGIN + MOST_BLOCKS * PACKED_PANELS * PANEL];
    /** Panels of columns, [block of terms][panel][term][column]. */
    final float[] b = new float[CacheLines.MARGIN + PACKED_ELEMENTS];
    /** The rows of a panel before they are transposed, and some more of zeros. */
    final float[] rows = new float[Math.max(ROWS, 16) * DEPTH];
    final float[] tile = new float[ROWS * COLUMNS];

    /** Where in {@link #a} the panels of the block of terms begin that comes {@code terms} after the first. */
    static int atA(int terms) {
      return CacheLines.MARGIN + terms / DEPTH * PACKED_PANELS * PANEL;
    }

    /** Where in {@link #b} the panels of the block of terms begin that comes {@code terms} after the first. */
    static int atB(int terms, int columns) {
      return CacheLines.MARGIN + terms * whole(columns);
    }

    /** Terms of which so many columns can be packed together. */
    static int together(int columns) {
      return Math.min(MOST_BLOCKS, PACKED_ELEMENTS / DEPTH / whole(columns)) * DEPTH;
    }

    private static int whole(int columns) {
      return (columns + COLUMNS - 1) / COLUMNS * COLUMNS;
    }
  }

  private static final float[] ZEROS = new float[COLUMNS];

  static final ThreadLocal<Packing> PACKING = ThreadLocal.withInitial(Packing::new);

  private GemmVector() {}

  /** Number of items of a product of this size. */
  public static int items(int rows, int columns) {
    int block = columnBlock(rows);
    return (columns + block - 1) / block * ((rows + ROWS - 1) / ROWS);
  }

  /** Rough number of operations, as many as its memory traffic takes the time of, that packing an element costs. */
  static final int PACKING_COST = 32;

  /** Operations that a range of {@link #items} begins with: the right factor is packed for each. */
  public static int rangeCost(int rows, int columns, int terms) {
    return (int) Math.min(Integer.MAX_VALUE, (long) PACKING_COST * terms * Math.min(columns, columnBlock(rows)));
  }

  private static int columnBlock(int rows) {
    return rows < FEW_ROWS ? 2 * COLUMNS : PACKED_COLUMNS;
  }

  /** {@link ConvolutionKernels#convolve} for some of {@link #items}(y.length / out, out). */
  public static void convolve(int begin, int end, float[] x, float[] parameters, float[] y, int[] source, float beta,
      int positionsIn, int positionsOut, int in, int out, int weightOffset, int biasOffset, int order) {
    Packing packing = PACKING.get();
    int rows = y.length / out;
    int panels = (rows + ROWS - 1) / ROWS;
    int block = columnBlock(rows);
    int terms = source.length / positionsOut * in;
    for (int item = begin; item < end; ) {
      int column = item / panels * block;
      int nc = Math.min(block, out - column);
      int first = item % panels;
      int last = Math.min(panels, first + end - item);
      item += last - first;
      int stop = Math.min(rows, last * ROWS);
      int together = Packing.together(nc);
      for (int begun = 0; begun < terms; begun += together) {
        int ended = Math.min(terms, begun + together);
        for (int k = begun; k < ended; k += DEPTH) {
          packWeights(packing.b, Packing.atB(k - begun, nc), k, Math.min(DEPTH, terms - k), parameters, weightOffset, in,
              out, column, nc, order);
        }
        for (int row = first * ROWS; row < stop; row += PACKED_ROWS) {
          int mc = Math.min(PACKED_ROWS, stop - row);
          for (int k = begun; k < ended; k += DEPTH) {
            packPatches(packing, Packing.atA(k - begun), row, mc, k, Math.min(DEPTH, terms - k), x, source, positionsIn,
                positionsOut, in);
          }
          multiply(packing, mc, nc, ended - begun, 1f, begun == 0 ? beta : 1f, y, row * out + column, out, parameters,
              begun == 0 && biasOffset >= 0 ? biasOffset + column : -1);
        }
      }
    }
  }

  /** {@link ConvolutionKernels#weightGradient} for some of {@link #items}(taps · in, out). */
  public static void weightGradient(int begin, int end, float[] x, float[] d, float[] gradient, int[] source,
      float beta, int samples, int positionsIn, int positionsOut, int in, int out, int weightOffset) {
    Packing packing = PACKING.get();
    int rows = source.length / positionsOut * in;
    int panels = (rows + ROWS - 1) / ROWS;
    int block = columnBlock(rows);
    int terms = samples * positionsOut;
    for (int item = begin; item < end; ) {
      int column = item / panels * block;
      int nc = Math.min(block, out - column);
      int first = item % panels;
      int last = Math.min(panels, first + end - item);
      item += last - first;
      int stop = Math.min(rows, last * ROWS);
      int together = Packing.together(nc);
      for (int begun = 0; begun < terms; begun += together) {
        int ended = Math.min(terms, begun + together);
        for (int k = begun; k < ended; k += DEPTH) {
          PanelVector.copyPanels(packing.b, Packing.atB(k - begun, nc), Math.min(DEPTH, terms - k), d, k * out + column,
              out, nc);
        }
        for (int row = first * ROWS; row < stop; row += PACKED_ROWS) {
          int mc = Math.min(PACKED_ROWS, stop - row);
          for (int k = begun; k < ended; k += DEPTH) {
            packTransposedPatches(packing.a, Packing.atA(k - begun), row, mc, k, Math.min(DEPTH, terms - k), x, source,
                positionsIn, positionsOut, in);
          }
          multiply(packing, mc, nc, ended - begun, 1f, begun == 0 ? beta : 1f, gradient,
              weightOffset + row * out + column, out, gradient, -1);
        }
      }
    }
  }

  /** {@link ConvolutionKernels#matrixProduct} for some samples. */
  public static void matrixProduct(
      int begin, int end, float[] a, float[] b, float[] c, float alpha, float beta, int[] shape) {
    Packing packing = PACKING.get();
    int m = shape[0];
    int n = shape[1];
    int terms = shape[2];
    for (int sample = begin; sample < end; sample++) {
      int atA = shape[3] + sample * shape[6];
      int atB = shape[7] + sample * shape[10];
      int atC = shape[11] + sample * shape[13];
      for (int column = 0; column < n; column += PACKED_COLUMNS) {
        int nc = Math.min(PACKED_COLUMNS, n - column);
        int together = Packing.together(nc);
        for (int begun = 0; begun < terms; begun += together) {
          int ended = Math.min(terms, begun + together);
          for (int k = begun; k < ended; k += DEPTH) {
            int kc = Math.min(DEPTH, terms - k);
            packB(packing.b, Packing.atB(k - begun, nc), kc, kc, b, atB + k * shape[8] + column * shape[9], shape[8],
                shape[9], nc);
          }
          for (int row = 0; row < m; row += PACKED_ROWS) {
            int mc = Math.min(PACKED_ROWS, m - row);
            for (int k = begun; k < ended; k += DEPTH) {
              packA(packing.a, Packing.atA(k - begun), mc, Math.min(DEPTH, terms - k), a,
                  atA + row * shape[4] + k * shape[5], shape[4], shape[5]);
            }
            multiply(packing, mc, nc, ended - begun, alpha, begun == 0 ? beta : 1f, c, atC + row * shape[12] + column,
                shape[12], c, -1);
          }
        }
      }
    }
  }

  /** Panels of columns from the weights of a convolution, terms {@code k … k+kc−1}. */
  private static void packWeights(float[] packed, int to, int k, int kc, float[] parameters, int weightOffset, int in,
      int out, int column, int nc, int order) {
    if (order == ConvolutionKernels.DIRECT) {
      PanelVector.copyPanels(packed, to, kc, parameters, weightOffset + k * out + column, out, nc);
      return;
    }
    for (int at = k; at < k + kc; ) {
      int i = at % in;
      int length = Math.min(in - i, k + kc - at);
      packB(packed, to + (at - k) * COLUMNS, length, kc, parameters,
          weightOffset + at / in * in * out + column * in + i, 1, in, nc);
      at += length;
    }
  }

  /** Some rows of the panels of B, of {@code depth} rows in all; columns beyond nc are zero. */
  private static void packB(
      float[] packed, int begin, int length, int depth, float[] b, int at, int rowStep, int columnStep, int nc) {
    for (int column = 0; column < nc; column += COLUMNS) {
      int to = begin + column * depth;
      int width = Math.min(COLUMNS, nc - column);
      int from = at + column * columnStep;
      if (columnStep == 1 && width == COLUMNS) {
        for (int i = 0; i < length; i++) {
          FloatVector.fromArray(FLOATS, b, from + i * rowStep).intoArray(packed, to + i * COLUMNS);
          FloatVector.fromArray(FLOATS, b, from + i * rowStep + WIDTH).intoArray(packed, to + i * COLUMNS + WIDTH);
        }
      } else {
        for (int j = 0; j < COLUMNS; j++) {
          if (j < width) {
            for (int i = 0; i < length; i++) {
              packed[to + i * COLUMNS + j] = b[from + j * columnStep + i * rowStep];
            }
          } else {
            for (int i = 0; i < length; i++) {
              packed[to + i * COLUMNS + j] = 0f;
            }
          }
        }
      }
    }
  }

  /** Panels of A from a matrix of any steps; rows beyond mc are zero. */
  private static void packA(
      float[] packed, int begin, int mc, int kc, float[] a, int at, int rowStep, int columnStep) {
    for (int panel = 0; panel < mc; panel += ROWS) {
      for (int i = 0; i < ROWS; i++) {
        int to = begin + panel / ROWS * PANEL + i;
        if (panel + i < mc) {
          int from = at + (panel + i) * rowStep;
          for (int k = 0; k < kc; k++) {
            packed[to + k * ROWS] = a[from + k * columnStep];
          }
        } else {
          for (int k = 0; k < kc; k++) {
            packed[to + k * ROWS] = 0f;
          }
        }
      }
    }
  }

  /** Panels of patches: a row is an output position, a term a tap and an input channel. */
  private static void packPatches(Packing packing, int begin, int row, int mc, int k, int kc, float[] x, int[] source,
      int positionsIn, int positionsOut, int in) {
    for (int i = 0; i < mc; i++) {
      int n = (row + i) / positionsOut;
      int p = row + i - n * positionsOut;
      int to = i % ROWS * DEPTH;
      for (int at = 0; at < kc; ) {
        int tap = (k + at) / in;
        int channel = k + at - tap * in;
        int length = Math.min(in - channel, kc - at);
        int from = source[tap * positionsOut + p];
        if (from >= 0) {
          PanelVector.copyRow(packing.rows, to + at, x, (n * positionsIn + from) * in + channel, length);
        } else {
          Arrays.fill(packing.rows, to + at, to + at + length, 0f);
        }
        at += length;
      }
      if (i % ROWS == ROWS - 1 || i == mc - 1) {
        PanelVector.byTerms(packing.a, begin + i / ROWS * PANEL, kc, packing.rows, 0, DEPTH, Math.max(ROWS, 16));
      }
    }
  }

  /** Panels of transposed patches: a row is a tap and an input channel, a term an output position. */
  private static void packTransposedPatches(float[] packed, int begin, int row, int mc, int k, int kc, float[] x,
      int[] source, int positionsIn, int positionsOut, int in) {
    int n = k / positionsOut;
    int p = k - n * positionsOut;
    for (int j = 0; j < kc; j++) {
      int tap = row / in;
      int channel = row - tap * in;
      for (int panel = 0; panel < mc; ) {
        int to = begin + panel / ROWS * PANEL + j * ROWS;
        int from = source[tap * positionsOut + p];
        int first = (n * positionsIn + from) * in + channel;
        int whole = Math.min(mc - panel, in - channel) / ROWS;
        if (whole == 0 || from >= 0 && first + (whole - 1) * ROWS + WIDTH > x.length) {
          whole = 1;
          for (int i = 0; i < Math.min(ROWS, mc - panel); i++) {
            int t = tap + (channel + i) / in;
            int position = source[t * positionsOut + p];
            packed[to + i] = position >= 0 ? x[(n * positionsIn + position) * in + (channel + i) % in] : 0f;
          }
        } else if (from >= 0) {
          // What is more than the panel's rows is overwritten by the next term, or lies behind the last.
          for (int i = 0; i < whole; i++) {
            FloatVector.fromArray(FLOATS, x, first + i * ROWS).intoArray(packed, to + i * PANEL);
          }
        } else {
          for (int i = 0; i < whole; i++) {
            FloatVector.zero(FLOATS).intoArray(packed, to + i * PANEL);
          }
        }
        panel += whole * ROWS;
        channel += whole * ROWS;
        while (channel >= in) {
          channel -= in;
          tap++;
        }
      }
      if (++p == positionsOut) {
        p = 0;
        n++;
      }
    }
  }

  /**
   * C ← α A B + keep · C + bias on packed panels: a panel of columns stays in the first cache while rows pass.
   *
   * @param mc rows, at most {@link #PACKED_ROWS}
   * @param terms of the sum, at most {@link Packing#together}
   * @param bias where the bias is, from {@code atBias} on unless that is negative
   */
  static void multiply(Packing packing, int mc, int nc, int terms, float alpha, float keep, float[] c, int at, int step,
      float[] bias, int atBias) {
    for (int column = 0; column < nc; column += COLUMNS) {
      int width = Math.min(COLUMNS, nc - column);
      for (int k = 0; k < terms; k += DEPTH) {
        int kc = Math.min(DEPTH, terms - k);
        multiplyPanel(packing, Packing.atA(k), Packing.atB(k, nc) + column * kc, mc, width, kc, alpha,
            k == 0 ? keep : 1f, c, at + column, step, bias, k == 0 && atBias >= 0 ? atBias + column : -1);
      }
    }
  }

  /** A panel of columns and a block of terms of {@link #multiply}. */
  private static void multiplyPanel(Packing packing, int atA, int atB, int mc, int width, int kc, float alpha,
      float keep, float[] c, int at, int step, float[] bias, int atBias) {
    // One addend at most, and no factor: whole tiles need no detour.
    boolean plain = alpha == 1f && (keep == 0f || keep == 1f && atBias < 0);
    for (int row = 0; row < mc; row += ROWS) {
      int panel = atA + row / ROWS * PANEL;
      int to = at + row * step;
      if (!plain || width < COLUMNS || mc - row < ROWS) {
        tile(kc, packing.a, panel, packing.b, atB, ZEROS, 0, 0, packing.tile, 0, COLUMNS);
        store(packing.tile, Math.min(ROWS, mc - row), width, alpha, keep, c, to, step, bias, atBias);
      } else if (keep == 1f) {
        tile(kc, packing.a, panel, packing.b, atB, c, to, step, c, to, step);
      } else if (atBias >= 0) {
        tile(kc, packing.a, panel, packing.b, atB, bias, atBias, 0, c, to, step);
      } else {
        tile(kc, packing.a, panel, packing.b, atB, ZEROS, 0, 0, c, to, step);
      }
    }
  }

  private static void tile(int depth, float[] a, int atA, float[] b, int atB, float[] from, int atFrom, int fromStep,
      float[] c, int atC, int stepC) {
    if (WIDTH == 16) {
      tile512(depth, a, atA, b, atB, from, atFrom, fromStep, c, atC, stepC);
    } else {
      tile256(depth, a, atA, b, atB, from, atFrom, fromStep, c, atC, stepC);
    }
  }

  /** C ← α tile + keep · C + bias for the tile's first rows and columns. */
  static void store(float[] tile, int rows, int width, float alpha, float keep, float[] c, int at, int step,
      float[] bias, int atBias) {
    for (int i = 0; i < rows; i++) {
      int to = at + i * step;
      int from = i * COLUMNS;
      int j = 0;
      for (; j + WIDTH <= width; j += WIDTH) {
        FloatVector sum = FloatVector.fromArray(FLOATS, tile, from + j).mul(alpha);
        if (keep != 0f) {
          sum = sum.add(FloatVector.fromArray(FLOATS, c, to + j).mul(keep));
        }
        if (atBias >= 0) {
          sum = sum.add(FloatVector.fromArray(FLOATS, bias, atBias + j));
        }
        sum.intoArray(c, to + j);
      }
      for (; j < width; j++) {
        float sum = alpha * tile[from + j];
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

  /**
   * 12×2 accumulators of 512 bits: C ← F + Σ_k a[k][·] b[k][·]. The rows of F and C lie some step apart; those of F
   * may be all the same.
   */
  private static void tile512(int depth, float[] a, int atA, float[] b, int atB, float[] from, int atFrom, int fromStep,
      float[] c, int atC, int stepC) {
    FloatVector s0 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector t0 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector s1 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector t1 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector s2 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector t2 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector s3 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector t3 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector s4 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector t4 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector s5 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector t5 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector s6 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector t6 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector s7 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector t7 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector s8 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector t8 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector s9 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector t9 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector s10 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector t10 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector s11 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector t11 = FloatVector.zero(FloatVector.SPECIES_512);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(FloatVector.SPECIES_512, b, atB + k * 32);
      FloatVector b1 = FloatVector.fromArray(FloatVector.SPECIES_512, b, atB + k * 32 + 16);
      FloatVector a0 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 12]);
      s0 = a0.fma(b0, s0);
      t0 = a0.fma(b1, t0);
      FloatVector a1 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 12 + 1]);
      s1 = a1.fma(b0, s1);
      t1 = a1.fma(b1, t1);
      FloatVector a2 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 12 + 2]);
      s2 = a2.fma(b0, s2);
      t2 = a2.fma(b1, t2);
      FloatVector a3 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 12 + 3]);
      s3 = a3.fma(b0, s3);
      t3 = a3.fma(b1, t3);
      FloatVector a4 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 12 + 4]);
      s4 = a4.fma(b0, s4);
      t4 = a4.fma(b1, t4);
      FloatVector a5 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 12 + 5]);
      s5 = a5.fma(b0, s5);
      t5 = a5.fma(b1, t5);
      FloatVector a6 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 12 + 6]);
      s6 = a6.fma(b0, s6);
      t6 = a6.fma(b1, t6);
      FloatVector a7 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 12 + 7]);
      s7 = a7.fma(b0, s7);
      t7 = a7.fma(b1, t7);
      FloatVector a8 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 12 + 8]);
      s8 = a8.fma(b0, s8);
      t8 = a8.fma(b1, t8);
      FloatVector a9 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 12 + 9]);
      s9 = a9.fma(b0, s9);
      t9 = a9.fma(b1, t9);
      FloatVector a10 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 12 + 10]);
      s10 = a10.fma(b0, s10);
      t10 = a10.fma(b1, t10);
      FloatVector a11 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 12 + 11]);
      s11 = a11.fma(b0, s11);
      t11 = a11.fma(b1, t11);
    }
    s0.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom)).intoArray(c, atC);
    t0.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 16)).intoArray(c, atC + 16);
    s1.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + fromStep)).intoArray(c, atC + stepC);
    t1.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + fromStep + 16)).intoArray(c, atC + stepC + 16);
    s2.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 2 * fromStep)).intoArray(c, atC + 2 * stepC);
    t2.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 2 * fromStep + 16))
        .intoArray(c, atC + 2 * stepC + 16);
    s3.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 3 * fromStep)).intoArray(c, atC + 3 * stepC);
    t3.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 3 * fromStep + 16))
        .intoArray(c, atC + 3 * stepC + 16);
    s4.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 4 * fromStep)).intoArray(c, atC + 4 * stepC);
    t4.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 4 * fromStep + 16))
        .intoArray(c, atC + 4 * stepC + 16);
    s5.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 5 * fromStep)).intoArray(c, atC + 5 * stepC);
    t5.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 5 * fromStep + 16))
        .intoArray(c, atC + 5 * stepC + 16);
    s6.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 6 * fromStep)).intoArray(c, atC + 6 * stepC);
    t6.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 6 * fromStep + 16))
        .intoArray(c, atC + 6 * stepC + 16);
    s7.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 7 * fromStep)).intoArray(c, atC + 7 * stepC);
    t7.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 7 * fromStep + 16))
        .intoArray(c, atC + 7 * stepC + 16);
    s8.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 8 * fromStep)).intoArray(c, atC + 8 * stepC);
    t8.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 8 * fromStep + 16))
        .intoArray(c, atC + 8 * stepC + 16);
    s9.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 9 * fromStep)).intoArray(c, atC + 9 * stepC);
    t9.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 9 * fromStep + 16))
        .intoArray(c, atC + 9 * stepC + 16);
    s10.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 10 * fromStep))
        .intoArray(c, atC + 10 * stepC);
    t10.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 10 * fromStep + 16))
        .intoArray(c, atC + 10 * stepC + 16);
    s11.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 11 * fromStep))
        .intoArray(c, atC + 11 * stepC);
    t11.add(FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 11 * fromStep + 16))
        .intoArray(c, atC + 11 * stepC + 16);
  }

  /**
   * 6×2 accumulators of 256 bits: C ← F + Σ_k a[k][·] b[k][·]. The rows of F and C lie some step apart; those of F
   * may be all the same.
   */
  private static void tile256(int depth, float[] a, int atA, float[] b, int atB, float[] from, int atFrom, int fromStep,
      float[] c, int atC, int stepC) {
    FloatVector s0 = FloatVector.zero(FloatVector.SPECIES_256);
    FloatVector t0 = FloatVector.zero(FloatVector.SPECIES_256);
    FloatVector s1 = FloatVector.zero(FloatVector.SPECIES_256);
    FloatVector t1 = FloatVector.zero(FloatVector.SPECIES_256);
    FloatVector s2 = FloatVector.zero(FloatVector.SPECIES_256);
    FloatVector t2 = FloatVector.zero(FloatVector.SPECIES_256);
    FloatVector s3 = FloatVector.zero(FloatVector.SPECIES_256);
    FloatVector t3 = FloatVector.zero(FloatVector.SPECIES_256);
    FloatVector s4 = FloatVector.zero(FloatVector.SPECIES_256);
    FloatVector t4 = FloatVector.zero(FloatVector.SPECIES_256);
    FloatVector s5 = FloatVector.zero(FloatVector.SPECIES_256);
    FloatVector t5 = FloatVector.zero(FloatVector.SPECIES_256);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(FloatVector.SPECIES_256, b, atB + k * 16);
      FloatVector b1 = FloatVector.fromArray(FloatVector.SPECIES_256, b, atB + k * 16 + 8);
      FloatVector a0 = FloatVector.broadcast(FloatVector.SPECIES_256, a[atA + k * 6]);
      s0 = a0.fma(b0, s0);
      t0 = a0.fma(b1, t0);
      FloatVector a1 = FloatVector.broadcast(FloatVector.SPECIES_256, a[atA + k * 6 + 1]);
      s1 = a1.fma(b0, s1);
      t1 = a1.fma(b1, t1);
      FloatVector a2 = FloatVector.broadcast(FloatVector.SPECIES_256, a[atA + k * 6 + 2]);
      s2 = a2.fma(b0, s2);
      t2 = a2.fma(b1, t2);
      FloatVector a3 = FloatVector.broadcast(FloatVector.SPECIES_256, a[atA + k * 6 + 3]);
      s3 = a3.fma(b0, s3);
      t3 = a3.fma(b1, t3);
      FloatVector a4 = FloatVector.broadcast(FloatVector.SPECIES_256, a[atA + k * 6 + 4]);
      s4 = a4.fma(b0, s4);
      t4 = a4.fma(b1, t4);
      FloatVector a5 = FloatVector.broadcast(FloatVector.SPECIES_256, a[atA + k * 6 + 5]);
      s5 = a5.fma(b0, s5);
      t5 = a5.fma(b1, t5);
    }
    s0.add(FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom)).intoArray(c, atC);
    t0.add(FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 8)).intoArray(c, atC + 8);
    s1.add(FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + fromStep)).intoArray(c, atC + stepC);
    t1.add(FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + fromStep + 8)).intoArray(c, atC + stepC + 8);
    s2.add(FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 2 * fromStep)).intoArray(c, atC + 2 * stepC);
    t2.add(FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 2 * fromStep + 8))
        .intoArray(c, atC + 2 * stepC + 8);
    s3.add(FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 3 * fromStep)).intoArray(c, atC + 3 * stepC);
    t3.add(FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 3 * fromStep + 8))
        .intoArray(c, atC + 3 * stepC + 8);
    s4.add(FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 4 * fromStep)).intoArray(c, atC + 4 * stepC);
    t4.add(FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 4 * fromStep + 8))
        .intoArray(c, atC + 4 * stepC + 8);
    s5.add(FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 5 * fromStep)).intoArray(c, atC + 5 * stepC);
    t5.add(FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 5 * fromStep + 8))
        .intoArray(c, atC + 5 * stepC + 8);
  }
}
