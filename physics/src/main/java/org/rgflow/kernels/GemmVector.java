package org.rgflow.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ConvolutionKernels} with the Vector API: matrix products in the manner of Goto and van de Geijn ("Anatomy of
 * high-performance matrix multiplication", ACM TOMS 34, 2008). The right factor is packed in panels of {@link #COLUMNS}
 * columns, the left one in panels of {@link #ROWS} rows, {@link #DEPTH} terms of the sum at a time; a convolution's left
 * factor is packed straight from the activations (no matrix of patches is ever written), and a tile of {@code ROWS ×
 * COLUMNS} sums stays in registers.
 *
 * <p>Sums are taken by fused multiply-add in blocks of {@code DEPTH} terms, in an order that depends on neither range
 * nor thread: results are the same bit for bit for any cut into ranges, and differ from the naive bodies by
 * rounding, |error| ≤ (k + 2) 2⁻²⁴ Σ|a||b|.
 *
 * <p>An item is a panel of rows of one block of columns. Each thread owns 1 MB of packing space, made when it first
 * works.
 */
public final class GemmVector {
  private static final VectorSpecies<Float> FLOATS =
      FloatVector.SPECIES_PREFERRED.length() >= 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_256;
  private static final int WIDTH = FLOATS.length();

  /** Rows of a tile: 14 × 2 of 32 registers, or 6 × 2 of 16. */
  static final int ROWS = WIDTH == 16 ? 14 : 6;

  /** Columns of a tile, two vectors. */
  static final int COLUMNS = 2 * WIDTH;

  /** Terms of the sum that are packed at a time. */
  static final int DEPTH = 384;

  /** Rows that are packed at a time; a multiple of 14 and of 6. */
  private static final int PACKED_ROWS = 252;

  /** Columns that are packed at a time. */
  private static final int PACKED_COLUMNS = 384;

  /** Fewer rows than this are cut by columns instead, to give every thread some. */
  private static final int FEW_ROWS = 16 * 14;

  private static final class Packing {
    final float[] a = new float[PACKED_ROWS * DEPTH];
    final float[] b = new float[DEPTH * PACKED_COLUMNS];
    final float[] tile = new float[ROWS * COLUMNS];
  }

  private static final ThreadLocal<Packing> PACKING = ThreadLocal.withInitial(Packing::new);

  private GemmVector() {}

  /** Number of items of a product of this size. */
  public static int items(int rows, int columns) {
    int block = columnBlock(rows);
    return (columns + block - 1) / block * ((rows + ROWS - 1) / ROWS);
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
          packB(packing.b, 0, kc, kc, parameters, weightOffset + k * out + column, out, 1, nc);
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
          packPatches(packing.a, row, mc, k, kc, x, source, positionsIn, positionsOut, in);
          multiply(packing, mc, nc, kc, 1f, k == 0 ? beta : 1f, y, row * out + column, out, parameters,
              k == 0 && biasOffset >= 0 ? biasOffset + column : -1);
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
        packB(packing.b, 0, kc, kc, d, k * out + column, out, 1, nc);
        for (int row = first * ROWS; row < stop; row += PACKED_ROWS) {
          int mc = Math.min(PACKED_ROWS, stop - row);
          packTransposedPatches(packing.a, row, mc, k, kc, x, source, positionsIn, positionsOut, in);
          multiply(packing, mc, nc, kc, 1f, k == 0 ? beta : 1f, gradient, weightOffset + row * out + column, out,
              gradient, -1);
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
            multiply(packing, mc, nc, kc, alpha, k == 0 ? beta : 1f, c, atC + row * shape[12] + column, shape[12], c, -1);
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

  /** PanelVector of A from a matrix of any steps; rows beyond mc are zero. */
  private static void packA(float[] packed, int mc, int kc, float[] a, int at, int rowStep, int columnStep) {
    for (int panel = 0; panel < mc; panel += ROWS) {
      for (int i = 0; i < ROWS; i++) {
        int to = panel * kc + i;
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

  /** PanelVector of patches: a row is an output position, a column a tap and an input channel. */
  private static void packPatches(float[] packed, int row, int mc, int k, int kc, float[] x, int[] source,
      int positionsIn, int positionsOut, int in) {
    for (int panel = 0; panel < mc; panel += ROWS) {
      for (int i = 0; i < ROWS; i++) {
        int r = row + panel + i;
        int n = r / positionsOut;
        int p = r - n * positionsOut;
        int to = panel * kc + i;
        for (int at = 0; at < kc; ) {
          int tap = (k + at) / in;
          int channel = k + at - tap * in;
          int length = Math.min(in - channel, kc - at);
          int from = panel + i < mc ? source[tap * positionsOut + p] : -1;
          int start = to + at * ROWS;
          if (from >= 0) {
            int first = (n * positionsIn + from) * in + channel;
            for (int j = 0; j < length; j++) {
              packed[start + j * ROWS] = x[first + j];
            }
          } else {
            for (int j = 0; j < length; j++) {
              packed[start + j * ROWS] = 0f;
            }
          }
          at += length;
        }
      }
    }
  }

  /** PanelVector of transposed patches: a row is a tap and an input channel, a column an output position. */
  private static void packTransposedPatches(float[] packed, int row, int mc, int k, int kc, float[] x, int[] source,
      int positionsIn, int positionsOut, int in) {
    for (int panel = 0; panel < mc; panel += ROWS) {
      int height = Math.min(ROWS, mc - panel);
      int tap = (row + panel) / in;
      int channel = row + panel - tap * in;
      boolean oneTap = channel + height <= in && height == ROWS;
      for (int j = 0; j < kc; j++) {
        int n = (k + j) / positionsOut;
        int p = k + j - n * positionsOut;
        int to = panel * kc + j * ROWS;
        int from = source[tap * positionsOut + p];
        if (oneTap && from >= 0) {
          int first = (n * positionsIn + from) * in + channel;
          for (int i = 0; i < ROWS; i++) {
            packed[to + i] = x[first + i];
          }
        } else {
          for (int i = 0; i < ROWS; i++) {
            float value = 0f;
            if (i < height) {
              int t = (row + panel + i) / in;
              int position = source[t * positionsOut + p];
              if (position >= 0) {
                value = x[(n * positionsIn + position) * in + row + panel + i - t * in];
              }
            }
            packed[to + i] = value;
          }
        }
      }
    }
  }

  /**
   * C ← α A B + keep · C + bias on packed panels.
   *
   * @param bias where the bias is, from {@code atBias} on unless that is negative
   */
  private static void multiply(Packing packing, int mc, int nc, int kc, float alpha, float keep, float[] c, int at,
      int step, float[] bias, int atBias) {
    for (int column = 0; column < nc; column += COLUMNS) {
      int width = Math.min(COLUMNS, nc - column);
      for (int row = 0; row < mc; row += ROWS) {
        if (WIDTH == 16) {
          tile512(kc, packing.a, row * kc, packing.b, column * kc, packing.tile);
        } else {
          tile256(kc, packing.a, row * kc, packing.b, column * kc, packing.tile);
        }
        store(packing.tile, Math.min(ROWS, mc - row), width, alpha, keep, c, at + row * step + column, step, bias,
            atBias < 0 ? -1 : atBias + column);
      }
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

  /** 14×2 accumulators of 512 bits: tile ← Σ_k a[k][·] b[k][·]. */
  static void tile512(int depth, float[] a, int atA, float[] b, int atB, float[] tile) {
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
    FloatVector s12 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector t12 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector s13 = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector t13 = FloatVector.zero(FloatVector.SPECIES_512);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(FloatVector.SPECIES_512, b, atB + k * 32);
      FloatVector b1 = FloatVector.fromArray(FloatVector.SPECIES_512, b, atB + k * 32 + 16);
      FloatVector a0 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 14]);
      s0 = a0.fma(b0, s0);
      t0 = a0.fma(b1, t0);
      FloatVector a1 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 14 + 1]);
      s1 = a1.fma(b0, s1);
      t1 = a1.fma(b1, t1);
      FloatVector a2 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 14 + 2]);
      s2 = a2.fma(b0, s2);
      t2 = a2.fma(b1, t2);
      FloatVector a3 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 14 + 3]);
      s3 = a3.fma(b0, s3);
      t3 = a3.fma(b1, t3);
      FloatVector a4 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 14 + 4]);
      s4 = a4.fma(b0, s4);
      t4 = a4.fma(b1, t4);
      FloatVector a5 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 14 + 5]);
      s5 = a5.fma(b0, s5);
      t5 = a5.fma(b1, t5);
      FloatVector a6 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 14 + 6]);
      s6 = a6.fma(b0, s6);
      t6 = a6.fma(b1, t6);
      FloatVector a7 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 14 + 7]);
      s7 = a7.fma(b0, s7);
      t7 = a7.fma(b1, t7);
      FloatVector a8 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 14 + 8]);
      s8 = a8.fma(b0, s8);
      t8 = a8.fma(b1, t8);
      FloatVector a9 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 14 + 9]);
      s9 = a9.fma(b0, s9);
      t9 = a9.fma(b1, t9);
      FloatVector a10 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 14 + 10]);
      s10 = a10.fma(b0, s10);
      t10 = a10.fma(b1, t10);
      FloatVector a11 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 14 + 11]);
      s11 = a11.fma(b0, s11);
      t11 = a11.fma(b1, t11);
      FloatVector a12 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 14 + 12]);
      s12 = a12.fma(b0, s12);
      t12 = a12.fma(b1, t12);
      FloatVector a13 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 14 + 13]);
      s13 = a13.fma(b0, s13);
      t13 = a13.fma(b1, t13);
    }
    s0.intoArray(tile, 0);
    t0.intoArray(tile, 16);
    s1.intoArray(tile, 32);
    t1.intoArray(tile, 48);
    s2.intoArray(tile, 64);
    t2.intoArray(tile, 80);
    s3.intoArray(tile, 96);
    t3.intoArray(tile, 112);
    s4.intoArray(tile, 128);
    t4.intoArray(tile, 144);
    s5.intoArray(tile, 160);
    t5.intoArray(tile, 176);
    s6.intoArray(tile, 192);
    t6.intoArray(tile, 208);
    s7.intoArray(tile, 224);
    t7.intoArray(tile, 240);
    s8.intoArray(tile, 256);
    t8.intoArray(tile, 272);
    s9.intoArray(tile, 288);
    t9.intoArray(tile, 304);
    s10.intoArray(tile, 320);
    t10.intoArray(tile, 336);
    s11.intoArray(tile, 352);
    t11.intoArray(tile, 368);
    s12.intoArray(tile, 384);
    t12.intoArray(tile, 400);
    s13.intoArray(tile, 416);
    t13.intoArray(tile, 432);
  }

  /** 6×2 accumulators of 256 bits: tile ← Σ_k a[k][·] b[k][·]. */
  static void tile256(int depth, float[] a, int atA, float[] b, int atB, float[] tile) {
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
    s0.intoArray(tile, 0);
    t0.intoArray(tile, 8);
    s1.intoArray(tile, 16);
    t1.intoArray(tile, 24);
    s2.intoArray(tile, 32);
    t2.intoArray(tile, 40);
    s3.intoArray(tile, 48);
    t3.intoArray(tile, 56);
    s4.intoArray(tile, 64);
    t4.intoArray(tile, 72);
    s5.intoArray(tile, 80);
    t5.intoArray(tile, 88);
  }
}
