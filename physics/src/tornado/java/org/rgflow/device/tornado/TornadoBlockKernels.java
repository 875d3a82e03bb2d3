package org.rgflow.device.tornado;

import uk.ac.manchester.tornado.api.KernelContext;

/**
 * Matrix products for processors: a work item computes a block of {@value #ROWS} rows and {@value #COLUMNS}
 * columns by itself, without local memory and barriers, which a processor's driver imitates at great cost.
 * Their grids have one item for each block.
 *
 * <p>An item copies {@value #DEPTH} rows of the right factor to private memory and adds their multiples to its sums,
 * two rows of them at once. The innermost loop runs along private arrays alone, for these a compiler can see to lie
 * one element behind the other; TornadoVM casts global addresses from integers, which hides that, and the loop
 * would load element by element. Every element is summed in the order of the naive body.
 *
 * <p>What changes from layer to layer is read from {@code shape} and {@code factors}, as in {@link
 * TornadoGroupKernels}. Rows of a panel that are not needed are zero, and what they multiply is an element that is
 * needed anyway.
 */
final class TornadoBlockKernels {
  /** Rows of a block, an even number: the last of an odd number of rows has a second one to go with it. */
  static final int ROWS = 256;

  /** Columns of a block. */
  static final int COLUMNS = 256;

  private static final int DEPTH = 8;

  private TornadoBlockKernels() {}

  /**
   * C_s = α A_s B_s + β C_s, see {@link org.rgflow.kernels.ConvolutionKernels#matrixProduct}, whose {@code shape}
   * this is. Items go over the columns of blocks first, then the rows, then the samples.
   */
  static void matrixProductBlocks(KernelContext context, float[] a, float[] b, float[] c, int[] shape,
      float[] factors) {
    float alpha = factors[0];
    float beta = factors[1];
    float[] sums = new float[ROWS * COLUMNS];
    float[] panel = new float[DEPTH * COLUMNS];
    int m = shape[0];
    int n = shape[1];
    int depth = shape[2];
    int across = (n + COLUMNS - 1) / COLUMNS;
    int down = (m + ROWS - 1) / ROWS;
    int block = context.globalIdx / across;
    int column0 = (context.globalIdx - block * across) * COLUMNS;
    int sample = block / down;
    int row0 = (block - sample * down) * ROWS;
    int height = Math.min(ROWS, m - row0);
    int width = Math.min(COLUMNS, n - column0);
    int wide = (width + 15) & -16;
    for (int i = 0; i < height * wide; i++) {
      sums[i] = 0f;
    }
    for (int j = 0; j < wide; j++) {
      for (int k = 0; k < DEPTH; k++) {
        panel[k * COLUMNS + j] = 0f;
      }
    }
    for (int k0 = 0; k0 < depth; k0 += DEPTH) {
      int last = Math.min(DEPTH, depth - k0) - 1;
      for (int k = 0; k <= last; k++) {
        int at = shape[7] + sample * shape[10] + (k0 + k) * shape[8] + column0 * shape[9];
        for (int j = 0; j < width; j++) {
          panel[k * COLUMNS + j] = b[at + j * shape[9]];
        }
      }
      for (int k = last + 1; k < DEPTH; k++) {
        for (int j = 0; j < width; j++) {
          panel[k * COLUMNS + j] = 0f;
        }
      }
      for (int r = 0; r < height; r += 2) {
        int at = shape[3] + sample * shape[6] + (row0 + r) * shape[4] + k0 * shape[5];
        float a0 = a[at];
        float a1 = a[at + Math.min(1, last) * shape[5]];
        float a2 = a[at + Math.min(2, last) * shape[5]];
        float a3 = a[at + Math.min(3, last) * shape[5]];
        float a4 = a[at + Math.min(4, last) * shape[5]];
        float a5 = a[at + Math.min(5, last) * shape[5]];
        float a6 = a[at + Math.min(6, last) * shape[5]];
        float a7 = a[at + Math.min(7, last) * shape[5]];
        int next = at + Math.min(1, height - 1 - r) * shape[4];
        float b0 = a[next];
        float b1 = a[next + Math.min(1, last) * shape[5]];
        float b2 = a[next + Math.min(2, last) * shape[5]];
        float b3 = a[next + Math.min(3, last) * shape[5]];
        float b4 = a[next + Math.min(4, last) * shape[5]];
        float b5 = a[next + Math.min(5, last) * shape[5]];
        float b6 = a[next + Math.min(6, last) * shape[5]];
        float b7 = a[next + Math.min(7, last) * shape[5]];
        add(sums, r * wide, (r + 1) * wide, wide, panel, a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2,
            b3, b4, b5, b6, b7);
      }
    }
    for (int r = 0; r < height; r++) {
      int at = shape[11] + (row0 + r) * shape[12] + column0 + sample * shape[13];
      for (int j = 0; j < width; j++) {
        float value = alpha * sums[r * wide + j];
        if (beta != 0f) {
          value += beta * c[at + j];
        }
        c[at + j] = value;
      }
    }
  }

  /**
   * The convolution of {@link org.rgflow.kernels.ConvolutionKernels#convolve} as one matrix product, with a row for
   * each sample and position, that goes from tap to tap and leaves out the rows which a tap does not reach.
   *
   * @param shape as in {@link TornadoGroupKernels#convolveTiles}
   */
  static void convolveBlocks(KernelContext context, float[] x, float[] parameters, float[] y, int[] source,
      int[] shape, float[] factors) {
    float beta = factors[0];
    float[] sums = new float[(ROWS + 1) * COLUMNS];
    float[] panel = new float[DEPTH * COLUMNS];
    int[] start = new int[ROWS];
    int[] sum = new int[ROWS];
    int positions = shape[2];
    int in = shape[3];
    int n = shape[4];
    int across = (n + COLUMNS - 1) / COLUMNS;
    int row0 = context.globalIdx / across * ROWS;
    int column0 = context.globalIdx % across * COLUMNS;
    int height = Math.min(ROWS, shape[0] - row0);
    int width = Math.min(COLUMNS, n - column0);
    int wide = (width + 15) & -16;
    for (int i = 0; i < height * wide; i++) {
      sums[i] = 0f;
    }
    for (int j = 0; j < wide; j++) {
      for (int k = 0; k < DEPTH; k++) {
        panel[k * COLUMNS + j] = 0f;
      }
    }
    for (int tap = 0; tap < shape[5]; tap++) {
      int count = 0;
      for (int r = 0; r < height; r++) {
        int sample = (row0 + r) / positions;
        int from = source[tap * positions + row0 + r - sample * positions];
        if (from >= 0) {
          start[count] = (sample * shape[1] + from) * in;
          sum[count] = r * wide;
          count++;
        }
      }
      if ((count & 1) == 1) {
        start[count] = start[count - 1];
        sum[count] = ROWS * wide;
      }
      for (int k0 = 0; k0 < in; k0 += DEPTH) {
        int last = Math.min(DEPTH, in - k0) - 1;
        for (int k = 0; k <= last; k++) {
          int at = shape[6] + tap * in * n + (k0 + k) * shape[8] + column0 * shape[9];
          for (int j = 0; j < width; j++) {
            panel[k * COLUMNS + j] = parameters[at + j * shape[9]];
          }
        }
        for (int k = last + 1; k < DEPTH; k++) {
          for (int j = 0; j < width; j++) {
            panel[k * COLUMNS + j] = 0f;
          }
        }
        for (int q = 0; q < count; q += 2) {
          int at = start[q] + k0;
          float a0 = x[at];
          float a1 = x[at + Math.min(1, last)];
          float a2 = x[at + Math.min(2, last)];
          float a3 = x[at + Math.min(3, last)];
          float a4 = x[at + Math.min(4, last)];
          float a5 = x[at + Math.min(5, last)];
          float a6 = x[at + Math.min(6, last)];
          float a7 = x[at + Math.min(7, last)];
          int next = start[q + 1] + k0;
          float b0 = x[next];
          float b1 = x[next + Math.min(1, last)];
          float b2 = x[next + Math.min(2, last)];
          float b3 = x[next + Math.min(3, last)];
          float b4 = x[next + Math.min(4, last)];
          float b5 = x[next + Math.min(5, last)];
          float b6 = x[next + Math.min(6, last)];
          float b7 = x[next + Math.min(7, last)];
          add(sums, sum[q], sum[q + 1], wide, panel, a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2,
              b3, b4, b5, b6, b7);
        }
      }
    }
    for (int r = 0; r < height; r++) {
      int at = (row0 + r) * n + column0;
      for (int j = 0; j < width; j++) {
        float value = sums[r * wide + j];
        if (shape[7] >= 0) {
          value += parameters[shape[7] + column0 + j];
        }
        if (beta != 0f) {
          value += beta * y[at + j];
        }
        y[at + j] = value;
      }
    }
  }

  /**
   * The weights' gradient of {@link org.rgflow.kernels.ConvolutionKernels#weightGradient} as one matrix product for
   * each tap, with a row for each input channel, that leaves out the positions which the tap does not reach; its
   * long inner sums may be split over several items, whose parts {@link TornadoGroupKernels#sumParts} adds. Items
   * go over the columns of blocks first, then the rows, then the taps, then the parts.
   *
   * @param result the gradient, or the parts, one after another
   * @param shape as in {@link TornadoGroupKernels#weightGradientTiles}
   */
  static void weightGradientBlocks(KernelContext context, float[] x, float[] d, float[] result, int[] source,
      int[] shape, float[] factors) {
    float beta = factors[0];
    float[] sums = new float[ROWS * COLUMNS];
    float[] panel = new float[DEPTH * COLUMNS];
    int[] start = new int[DEPTH];
    int positions = shape[2];
    int in = shape[3];
    int n = shape[4];
    int taps = shape[5];
    int across = (n + COLUMNS - 1) / COLUMNS;
    int down = (in + ROWS - 1) / ROWS;
    int block = context.globalIdx / across;
    int column0 = (context.globalIdx - block * across) * COLUMNS;
    int line = block / down;
    int row0 = (block - line * down) * ROWS;
    int part = line / taps;
    int tap = line - part * taps;
    int height = Math.min(ROWS, in - row0);
    int width = Math.min(COLUMNS, n - column0);
    int wide = (width + 15) & -16;
    int depth = Math.min(shape[0] * positions, (part + 1) * shape[7]);
    for (int i = 0; i < height * wide; i++) {
      sums[i] = 0f;
    }
    for (int j = 0; j < wide; j++) {
      for (int k = 0; k < DEPTH; k++) {
        panel[k * COLUMNS + j] = 0f;
      }
    }
    int count = 0;
    for (int k0 = part * shape[7]; k0 < depth; k0++) {
      int sample = k0 / positions;
      int from = source[tap * positions + k0 - sample * positions];
      if (from >= 0) {
        start[count] = (sample * shape[1] + from) * in + row0;
        for (int j = 0; j < width; j++) {
          panel[count * COLUMNS + j] = d[k0 * n + column0 + j];
        }
        count++;
      }
      if (count == DEPTH | (count > 0 & k0 == depth - 1)) {
        for (int k = count; k < DEPTH; k++) {
          start[k] = start[0];
          for (int j = 0; j < width; j++) {
            panel[k * COLUMNS + j] = 0f;
          }
        }
        count = 0;
        for (int r = 0; r < height; r += 2) {
          int next = Math.min(r + 1, height - 1);
          float a0 = x[start[0] + r];
          float a1 = x[start[1] + r];
          float a2 = x[start[2] + r];
          float a3 = x[start[3] + r];
          float a4 = x[start[4] + r];
          float a5 = x[start[5] + r];
          float a6 = x[start[6] + r];
          float a7 = x[start[7] + r];
          float b0 = x[start[0] + next];
          float b1 = x[start[1] + next];
          float b2 = x[start[2] + next];
          float b3 = x[start[3] + next];
          float b4 = x[start[4] + next];
          float b5 = x[start[5] + next];
          float b6 = x[start[6] + next];
          float b7 = x[start[7] + next];
          add(sums, r * wide, (r + 1) * wide, wide, panel, a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2,
              b3, b4, b5, b6, b7);
        }
      }
    }
    for (int r = 0; r < height; r++) {
      int at = shape[6] + (line * in + row0 + r) * n + column0;
      for (int j = 0; j < width; j++) {
        float value = sums[r * wide + j];
        if (beta != 0f) {
          value += beta * result[at + j];
        }
        result[at + j] = value;
      }
    }
  }

  /**
   * The transform of {@link org.rgflow.kernels.ModeKernels#axisTransform} as one matrix product, whose columns are
   * the lines along the axis.
   *
   * @param shape {n, inner, lines}
   */
  static void axisTransformBlocks(KernelContext context, float[] in, float[] out, float[] matrix, int[] shape) {
    float[] sums = new float[ROWS * COLUMNS];
    float[] panel = new float[DEPTH * COLUMNS];
    int[] start = new int[COLUMNS];
    int n = shape[0];
    int inner = shape[1];
    int lines = shape[2];
    int across = (lines + COLUMNS - 1) / COLUMNS;
    int row0 = context.globalIdx / across * ROWS;
    int line0 = context.globalIdx % across * COLUMNS;
    int height = Math.min(ROWS, n - row0);
    int width = Math.min(COLUMNS, lines - line0);
    int wide = (width + 15) & -16;
    for (int i = 0; i < height * wide; i++) {
      sums[i] = 0f;
    }
    for (int j = 0; j < wide; j++) {
      for (int k = 0; k < DEPTH; k++) {
        panel[k * COLUMNS + j] = 0f;
      }
    }
    for (int j = 0; j < width; j++) {
      int outer = (line0 + j) / inner;
      start[j] = outer * n * inner + line0 + j - outer * inner;
    }
    for (int k0 = 0; k0 < n; k0 += DEPTH) {
      int last = Math.min(DEPTH, n - k0) - 1;
      for (int k = 0; k <= last; k++) {
        for (int j = 0; j < width; j++) {
          panel[k * COLUMNS + j] = in[start[j] + (k0 + k) * inner];
        }
      }
      for (int k = last + 1; k < DEPTH; k++) {
        for (int j = 0; j < width; j++) {
          panel[k * COLUMNS + j] = 0f;
        }
      }
      for (int r = 0; r < height; r += 2) {
        int at = (row0 + r) * n + k0;
        float a0 = matrix[at];
        float a1 = matrix[at + Math.min(1, last)];
        float a2 = matrix[at + Math.min(2, last)];
        float a3 = matrix[at + Math.min(3, last)];
        float a4 = matrix[at + Math.min(4, last)];
        float a5 = matrix[at + Math.min(5, last)];
        float a6 = matrix[at + Math.min(6, last)];
        float a7 = matrix[at + Math.min(7, last)];
        int next = at + Math.min(1, height - 1 - r) * n;
        float b0 = matrix[next];
        float b1 = matrix[next + Math.min(1, last)];
        float b2 = matrix[next + Math.min(2, last)];
        float b3 = matrix[next + Math.min(3, last)];
        float b4 = matrix[next + Math.min(4, last)];
        float b5 = matrix[next + Math.min(5, last)];
        float b6 = matrix[next + Math.min(6, last)];
        float b7 = matrix[next + Math.min(7, last)];
        add(sums, r * wide, (r + 1) * wide, wide, panel, a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2,
            b3, b4, b5, b6, b7);
      }
    }
    for (int r = 0; r < height; r++) {
      for (int j = 0; j < width; j++) {
        out[start[j] + (row0 + r) * inner] = sums[r * wide + j];
      }
    }
  }

  /** Adds multiples of the rows of a panel to two rows of sums, which begin at {@code first} and {@code second}. */
  private static void add(float[] sums, int first, int second, int wide, float[] panel, float a0, float a1, float a2,
      float a3, float a4, float a5, float a6, float a7, float b0, float b1, float b2, float b3, float b4, float b5,
      float b6, float b7) {
    for (int j = 0; j < wide; j++) {
      float above = sums[first + j];
      float below = sums[second + j];
      float p0 = panel[j];
      above += a0 * p0;
      below += b0 * p0;
      float p1 = panel[COLUMNS + j];
      above += a1 * p1;
      below += b1 * p1;
      float p2 = panel[2 * COLUMNS + j];
      above += a2 * p2;
      below += b2 * p2;
      float p3 = panel[3 * COLUMNS + j];
      above += a3 * p3;
      below += b3 * p3;
      float p4 = panel[4 * COLUMNS + j];
      above += a4 * p4;
      below += b4 * p4;
      float p5 = panel[5 * COLUMNS + j];
      above += a5 * p5;
      below += b5 * p5;
      float p6 = panel[6 * COLUMNS + j];
      above += a6 * p6;
      below += b6 * p6;
      float p7 = panel[7 * COLUMNS + j];
      above += a7 * p7;
      below += b7 * p7;
      sums[first + j] = above;
      sums[second + j] = below;
    }
  }
}
