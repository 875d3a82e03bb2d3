package org.rgflow.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ConvolutionKernels} with the Vector API: matrix products in the manner of Goto and van de Geijn ("Anatomy of
 * high-performance matrix multiplication", ACM TOMS 34, 2008). The right factor is packed in panels of {@link #COLUMNS}
 * columns, the left one in panels of {@link #ROWS} rows, {@link #DEPTH} terms of the sum at a time; a convolution's
 * left factor is packed straight from the activations (no matrix of patches is ever written), and a tile of
 * {@code ROWS × COLUMNS} sums stays in registers.
 *
 * <p>Sums are taken by fused multiply-add in blocks of {@code DEPTH} terms, in an order that depends on neither range
 * nor thread: results are the same bit for bit for any cut into ranges, and differ from the naive bodies by
 * rounding, |error| ≤ (k + 2) 2⁻²⁴ Σ|a||b|.
 *
 * <p>An item is a panel of rows of one block of columns. Each thread owns 510 kB of packing space, made when it
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

  /** Rows that are packed at a time; a multiple of 12 and of 6. */
  private static final int PACKED_ROWS = 252;

  /** Columns that are packed at a time. */
  private static final int PACKED_COLUMNS = 384;

  /** Fewer rows than this are cut by columns instead, to give every thread some. */
  private static final int FEW_ROWS = 16 * 12;

  private static final class Packing {
    /** Panels of rows, [panel][term][row]. */
    final float[] a = new float[PACKED_ROWS / ROWS * PANEL];
    /** Panels of columns, [panel][term][column]. */
    final float[] b = new float[DEPTH * PACKED_COLUMNS];
    /** The rows of a panel before they are transposed, and some more of zeros. */
    final float[] rows = new float[Math.max(ROWS, 16) * DEPTH];
    final float[] tile = new float[ROWS * COLUMNS];
  }

  private static final float[] ZEROS = new float[COLUMNS];

  private static final ThreadLocal<Packing> PACKING = ThreadLocal.withInitial(Packing::new);

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
      for (int k = 0; k < terms; k += DEPTH) {
        int kc = Math.min(DEPTH, terms - k);
        if (order == ConvolutionKernels.DIRECT) {
          PanelVector.copyPanels(packing.b, 0, kc, parameters, weightOffset + k * out + column, out, nc);
        } else {
          for (int at = k; at < k + kc; ) {
            int i = at % in;
            int length = Math.min(in - i, k + kc - at);
            packB(packing.b, at - k, length, kc, parameters, weightOffset + at / in * in * out + column * in + i, 1, in,
                nc);
            at += length;
          }
        }
        for (int row = first * ROWS; row < stop; row += PACKED_ROWS) {
          int mc = Math.min(PACKED_ROWS, stop - row);
          packPatches(packing, row, mc, k, kc, x, source, positionsIn, positionsOut, in);
          multiply(packing.a, packing.b, 0, packing.tile, mc, nc, kc, 1f, k == 0 ? beta : 1f, y,
              row * out + column, out, parameters, k == 0 && biasOffset >= 0 ? biasOffset + column : -1);
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
      for (int k = 0; k < terms; k += DEPTH) {
        int kc = Math.min(DEPTH, terms - k);
        PanelVector.copyPanels(packing.b, 0, kc, d, k * out + column, out, nc);
        for (int row = first * ROWS; row < stop; row += PACKED_ROWS) {
          int mc = Math.min(PACKED_ROWS, stop - row);
          packTransposedPatches(packing.a, row, mc, k, kc, x, source, positionsIn, positionsOut, in);
          multiply(packing.a, packing.b, 0, packing.tile, mc, nc, kc, 1f, k == 0 ? beta : 1f, gradient,
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
        for (int k = 0; k < terms; k += DEPTH) {
          int kc = Math.min(DEPTH, terms - k);
          packB(packing.b, 0, kc, kc, b, atB + k * shape[8] + column * shape[9], shape[8], shape[9], nc);
          for (int row = 0; row < m; row += PACKED_ROWS) {
            int mc = Math.min(PACKED_ROWS, m - row);
            packA(packing.a, mc, kc, a, atA + row * shape[4] + k * shape[5], shape[4], shape[5]);
            multiply(packing.a, packing.b, 0, packing.tile, mc, nc, kc, alpha, k == 0 ? beta : 1f, c,
                atC + row * shape[12] + column, shape[12], c, -1);
          }
        }
      }
    }
  }

  /** Rows {@code k … k+length−1} of the panels of B, of {@code depth} rows in all; columns beyond nc are zero. */
  static void packB(
      float[] packed, int k, int length, int depth, float[] b, int at, int rowStep, int columnStep, int nc) {
    for (int column = 0; column < nc; column += COLUMNS) {
      int to = column * depth + k * COLUMNS;
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
  private static void packA(float[] packed, int mc, int kc, float[] a, int at, int rowStep, int columnStep) {
    for (int panel = 0; panel < mc; panel += ROWS) {
      for (int i = 0; i < ROWS; i++) {
        int to = panel / ROWS * PANEL + i;
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
  private static void packPatches(Packing packing, int row, int mc, int k, int kc, float[] x, int[] source,
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
        PanelVector.byTerms(packing.a, i / ROWS * PANEL, kc, packing.rows, 0, DEPTH, Math.max(ROWS, 16));
      }
    }
  }

  /** Panels of transposed patches: a row is a tap and an input channel, a term an output position. */
  private static void packTransposedPatches(float[] packed, int row, int mc, int k, int kc, float[] x, int[] source,
      int positionsIn, int positionsOut, int in) {
    int n = k / positionsOut;
    int p = k - n * positionsOut;
    for (int j = 0; j < kc; j++) {
      int tap = row / in;
      int channel = row - tap * in;
      for (int panel = 0; panel < mc; panel += ROWS) {
        int height = Math.min(ROWS, mc - panel);
        int to = panel / ROWS * PANEL + j * ROWS;
        int from = source[tap * positionsOut + p];
        int first = (n * positionsIn + from) * in + channel;
        if (channel + height > in || from >= 0 && first + WIDTH > x.length) {
          for (int i = 0; i < height; i++) {
            int t = tap + (channel + i) / in;
            int position = source[t * positionsOut + p];
            packed[to + i] = position >= 0 ? x[(n * positionsIn + position) * in + (channel + i) % in] : 0f;
          }
        } else if (from >= 0) {
          // What is more than the panel's rows is overwritten by the next term, or lies behind the last.
          FloatVector.fromArray(FLOATS, x, first).intoArray(packed, to);
        } else {
          FloatVector.zero(FLOATS).intoArray(packed, to);
        }
        channel += ROWS;
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
   * @param atB where the panels of columns begin
   * @param tile scratch
   * @param bias where the bias is, from {@code atBias} on unless that is negative
   */
  static void multiply(float[] a, float[] b, int atB, float[] tile, int mc, int nc, int kc, float alpha, float keep,
      float[] c, int at, int step, float[] bias, int atBias) {
    // One addend at most, and no factor: whole tiles need no detour.
    boolean plain = alpha == 1f && (keep == 0f || keep == 1f && atBias < 0);
    for (int column = 0; column < nc; column += COLUMNS) {
      int width = Math.min(COLUMNS, nc - column);
      for (int row = 0; row < mc; row += ROWS) {
        int panel = row / ROWS * PANEL;
        int to = at + row * step + column;
        if (!plain || width < COLUMNS || mc - row < ROWS) {
          tile(kc, a, panel, b, atB + column * kc, ZEROS, 0, 0, tile, 0, COLUMNS);
          store(tile, Math.min(ROWS, mc - row), width, alpha, keep, c, to, step, bias,
              atBias < 0 ? -1 : atBias + column);
        } else if (keep == 1f) {
          tile(kc, a, panel, b, atB + column * kc, c, to, step, c, to, step);
        } else if (atBias >= 0) {
          tile(kc, a, panel, b, atB + column * kc, bias, atBias + column, 0, c, to, step);
        } else {
          tile(kc, a, panel, b, atB + column * kc, ZEROS, 0, 0, c, to, step);
        }
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
