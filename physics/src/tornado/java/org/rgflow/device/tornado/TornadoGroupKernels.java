package org.rgflow.device.tornado;

import org.rgflow.kernels.FieldKernels;
import org.rgflow.kernels.NormKernels;
import org.rgflow.kernels.OptimizerKernels;
import uk.ac.manchester.tornado.api.KernelContext;

/**
 * Kernels whose work items share their work in groups, through local memory and barriers: matrix products in
 * tiles, and sums. Their grids are whole groups, {@value #GROUP} items each where nothing else is said.
 *
 * <p>A matrix product takes a tile of {@value #TILE}×{@value #TILE} elements per group, 4×4 per item: items
 * load {@value #DEPTH} columns of the left factor and rows of the right one, neighbours in a row of items
 * neighbours in memory, and every element is summed in the order of the naive body. A row of the local
 * tiles has an element more than it needs, so that items that go down a column meet different banks.
 *
 * <p>Sums are taken in double, by each item over every so-manieth element and then in a tree; no atomics, so
 * results are the same from run to run.
 *
 * <p>What changes from layer to layer is read from {@code shape} and {@code factors}: TornadoVM makes constants of
 * scalar arguments, and a kernel with other constants is another one to compile.
 *
 * <p>To be kept in mind (TornadoVM 5.2): a local array is used where it is allocated, for one that a helper
 * method gets as an argument is addressed in bytes instead of elements, silently; loops of constant bounds are
 * unrolled completely, so those that should stay loops end at something that is not constant; and barriers
 * are reached by all items of a group or by none.
 */
final class TornadoGroupKernels {
  /** Work items of a group. */
  static final int GROUP = 256;

  /** Rows and columns of a tile. */
  static final int TILE = 64;

  /** Bytes of local memory that the largest kernel takes. */
  static final int LOCAL_BYTES = 2 * 65 * 16 * Float.BYTES;

  /** Columns that a group of {@link #positionSums} and its like takes, and the items that share each. */
  static final int COLUMNS = 8;

  private static final int DEPTH = 16;
  private static final int STRIDE = TILE + 1;
  private static final int SHARERS = GROUP / COLUMNS;

  private TornadoGroupKernels() {}

  /**
   * C_s = α A_s B_s + β C_s, see {@link org.rgflow.kernels.ConvolutionKernels#matrixProduct}, whose {@code shape}
   * this is. Groups go over the columns of tiles first, then the rows, then the samples.
   */
  static void matrixProductTiles(KernelContext context, float[] a, float[] b, float[] c, int[] shape,
      float[] factors) {
    float alpha = factors[0];
    float beta = factors[1];
    float[] left = context.allocateFloatLocalArray(STRIDE * DEPTH);
    float[] right = context.allocateFloatLocalArray(STRIDE * DEPTH);
    float[] sums = new float[16];
    for (int i = 0; i < 16; i++) {
      sums[i] = 0f;
    }
    int m = shape[0];
    int n = shape[1];
    int depth = shape[2];
    int tx = context.localIdx & 15;
    int ty = context.localIdx >> 4;
    int across = (n + TILE - 1) / TILE;
    int down = (m + TILE - 1) / TILE;
    int tile = context.groupIdx / across;
    int column0 = (context.groupIdx - tile * across) * TILE;
    int sample = tile / down;
    int row0 = (tile - sample * down) * TILE;
    // Neighbours in tx read neighbours in memory.
    int alongA = shape[5] == 1 ? 1 : 0;
    int alongB = shape[9] == 1 ? 1 : 0;
    int rowA = alongA * ty + (1 - alongA) * tx;
    int innerA = alongA * tx + (1 - alongA) * ty;
    int columnB = alongB * tx + (1 - alongB) * ty;
    int innerB = alongB * ty + (1 - alongB) * tx;
    int atA = shape[3] + sample * shape[6] + (row0 + rowA) * shape[4];
    int atB = shape[7] + sample * shape[10] + (column0 + columnB) * shape[9];
    for (int k0 = 0; k0 < depth; k0 += DEPTH) {
      for (int r = 0; r < 4; r++) {
        float value = 0f;
        if (row0 + rowA + 16 * r < m & k0 + innerA < depth) {
          value = a[atA + 16 * r * shape[4] + (k0 + innerA) * shape[5]];
        }
        left[innerA * STRIDE + rowA + 16 * r] = value;
        float other = 0f;
        if (column0 + columnB + 16 * r < n & k0 + innerB < depth) {
          other = b[atB + 16 * r * shape[9] + (k0 + innerB) * shape[8]];
        }
        right[innerB * STRIDE + columnB + 16 * r] = other;
      }
      context.localBarrier();
      int end = Math.min(DEPTH, depth - k0);
      for (int k = 0; k < end; k++) {
        float b0 = right[k * STRIDE + tx];
        float b1 = right[k * STRIDE + tx + 16];
        float b2 = right[k * STRIDE + tx + 32];
        float b3 = right[k * STRIDE + tx + 48];
        for (int r = 0; r < 4; r++) {
          float factor = left[k * STRIDE + ty + 16 * r];
          sums[4 * r] += factor * b0;
          sums[4 * r + 1] += factor * b1;
          sums[4 * r + 2] += factor * b2;
          sums[4 * r + 3] += factor * b3;
        }
      }
      context.localBarrier();
    }
    for (int r = 0; r < 4; r++) {
      for (int s = 0; s < 4; s++) {
        int row = row0 + ty + 16 * r;
        int column = column0 + tx + 16 * s;
        if (row < m & column < n) {
          int at = shape[11] + row * shape[12] + column + sample * shape[13];
          float value = alpha * sums[4 * r + s];
          if (beta != 0f) {
            value += beta * c[at];
          }
          c[at] = value;
        }
      }
    }
  }

  /**
   * The convolution of {@link org.rgflow.kernels.ConvolutionKernels#convolve} as one matrix product that gathers
   * its left factor: a row for each sample and position, a column of it for each tap and input channel.
   *
   * @param shape {rows, positions in, positions out, channels in, channels out, taps, weight offset, bias offset,
   *     step of the weights from input to input, from output to output}
   */
  static void convolveTiles(KernelContext context, float[] x, float[] parameters, float[] y, int[] source,
      int[] shape, float[] factors) {
    float beta = factors[0];
    float[] left = context.allocateFloatLocalArray(STRIDE * DEPTH);
    float[] right = context.allocateFloatLocalArray(STRIDE * DEPTH);
    float[] sums = new float[16];
    for (int i = 0; i < 16; i++) {
      sums[i] = 0f;
    }
    int m = shape[0];
    int positionsIn = shape[1];
    int positions = shape[2];
    int in = shape[3];
    int n = shape[4];
    int depth = shape[5] * in;
    int tx = context.localIdx & 15;
    int ty = context.localIdx >> 4;
    int across = (n + TILE - 1) / TILE;
    int row0 = context.groupIdx / across * TILE;
    int column0 = context.groupIdx % across * TILE;
    int direct = shape[9] == 1 ? 1 : 0;
    int columnB = direct * tx + (1 - direct) * ty;
    int innerB = direct * ty + (1 - direct) * tx;
    int[] first = new int[4];
    int[] position = new int[4];
    for (int r = 0; r < 4; r++) {
      int sample = (row0 + ty + 16 * r) / positions;
      first[r] = sample * positionsIn;
      position[r] = row0 + ty + 16 * r - sample * positions;
    }
    for (int k0 = 0; k0 < depth; k0 += DEPTH) {
      int tap = (k0 + tx) / in;
      int channel = k0 + tx - tap * in;
      int tapB = (k0 + innerB) / in;
      int atB = shape[6] + tapB * in * n + (k0 + innerB - tapB * in) * shape[8] + (column0 + columnB) * shape[9];
      for (int r = 0; r < 4; r++) {
        float value = 0f;
        if (row0 + ty + 16 * r < m & k0 + tx < depth) {
          int from = source[tap * positions + position[r]];
          if (from >= 0) {
            value = x[(first[r] + from) * in + channel];
          }
        }
        left[tx * STRIDE + ty + 16 * r] = value;
        float other = 0f;
        if (column0 + columnB + 16 * r < n & k0 + innerB < depth) {
          other = parameters[atB + 16 * r * shape[9]];
        }
        right[innerB * STRIDE + columnB + 16 * r] = other;
      }
      context.localBarrier();
      int end = Math.min(DEPTH, depth - k0);
      for (int k = 0; k < end; k++) {
        float b0 = right[k * STRIDE + tx];
        float b1 = right[k * STRIDE + tx + 16];
        float b2 = right[k * STRIDE + tx + 32];
        float b3 = right[k * STRIDE + tx + 48];
        for (int r = 0; r < 4; r++) {
          float factor = left[k * STRIDE + ty + 16 * r];
          sums[4 * r] += factor * b0;
          sums[4 * r + 1] += factor * b1;
          sums[4 * r + 2] += factor * b2;
          sums[4 * r + 3] += factor * b3;
        }
      }
      context.localBarrier();
    }
    for (int s = 0; s < 4; s++) {
      int column = column0 + tx + 16 * s;
      float bias = 0f;
      if (shape[7] >= 0 & column < n) {
        bias = parameters[shape[7] + column];
      }
      for (int r = 0; r < 4; r++) {
        int row = row0 + ty + 16 * r;
        if (row < m & column < n) {
          float value = sums[4 * r + s] + bias;
          if (beta != 0f) {
            value += beta * y[row * n + column];
          }
          y[row * n + column] = value;
        }
      }
    }
  }

  /**
   * The weights' gradient of {@link org.rgflow.kernels.ConvolutionKernels#weightGradient} as one matrix product
   * that gathers its left factor, with a row for each tap and input channel; its long inner sums, over samples
   * and positions, may be split over several groups, each of which leaves its part to {@link #sumParts}.
   *
   * @param result the gradient, or the parts, one after another
   * @param shape {samples, positions in, positions out, channels in, channels out, taps, offset in the result,
   *     length of an inner sum's part, a multiple of 16}
   */
  static void weightGradientTiles(KernelContext context, float[] x, float[] d, float[] result, int[] source,
      int[] shape, float[] factors) {
    float beta = factors[0];
    float[] left = context.allocateFloatLocalArray(STRIDE * DEPTH);
    float[] right = context.allocateFloatLocalArray(STRIDE * DEPTH);
    float[] sums = new float[16];
    for (int i = 0; i < 16; i++) {
      sums[i] = 0f;
    }
    int positions = shape[2];
    int in = shape[3];
    int n = shape[4];
    int m = shape[5] * in;
    int tx = context.localIdx & 15;
    int ty = context.localIdx >> 4;
    int across = (n + TILE - 1) / TILE;
    int down = (m + TILE - 1) / TILE;
    int tile = context.groupIdx / across;
    int column0 = (context.groupIdx - tile * across) * TILE;
    int part = tile / down;
    int row0 = (tile - part * down) * TILE;
    int depth = Math.min(shape[0] * positions, (part + 1) * shape[7]);
    int[] channel = new int[4];
    int[] table = new int[4];
    for (int r = 0; r < 4; r++) {
      int tap = (row0 + tx + 16 * r) / in;
      channel[r] = row0 + tx + 16 * r - tap * in;
      table[r] = tap * positions;
    }
    for (int k0 = part * shape[7]; k0 < depth; k0 += DEPTH) {
      int sample = (k0 + ty) / positions;
      int position = k0 + ty - sample * positions;
      for (int r = 0; r < 4; r++) {
        float value = 0f;
        if (row0 + tx + 16 * r < m & k0 + ty < depth) {
          int from = source[table[r] + position];
          if (from >= 0) {
            value = x[(sample * shape[1] + from) * in + channel[r]];
          }
        }
        left[ty * STRIDE + tx + 16 * r] = value;
        float other = 0f;
        if (column0 + tx + 16 * r < n & k0 + ty < depth) {
          other = d[(k0 + ty) * n + column0 + tx + 16 * r];
        }
        right[ty * STRIDE + tx + 16 * r] = other;
      }
      context.localBarrier();
      int end = Math.min(DEPTH, depth - k0);
      for (int k = 0; k < end; k++) {
        float b0 = right[k * STRIDE + tx];
        float b1 = right[k * STRIDE + tx + 16];
        float b2 = right[k * STRIDE + tx + 32];
        float b3 = right[k * STRIDE + tx + 48];
        for (int r = 0; r < 4; r++) {
          float factor = left[k * STRIDE + ty + 16 * r];
          sums[4 * r] += factor * b0;
          sums[4 * r + 1] += factor * b1;
          sums[4 * r + 2] += factor * b2;
          sums[4 * r + 3] += factor * b3;
        }
      }
      context.localBarrier();
    }
    for (int r = 0; r < 4; r++) {
      for (int s = 0; s < 4; s++) {
        int row = row0 + ty + 16 * r;
        int column = column0 + tx + 16 * s;
        if (row < m & column < n) {
          int at = shape[6] + (part * m + row) * n + column;
          float value = sums[4 * r + s];
          if (beta != 0f) {
            value += beta * result[at];
          }
          result[at] = value;
        }
      }
    }
  }

  /**
   * {@code result[offset + item]} = β result + the sum of the parts, {@code parts[part * elements + item]}; an item
   * each, in a grid that is rounded up.
   *
   * @param shape {elements, parts, offset}
   */
  static void sumParts(KernelContext context, float[] parts, float[] result, int[] shape, float[] factors) {
    float beta = factors[0];
    int item = context.globalIdx;
    if (item < shape[0]) {
      float sum = 0f;
      for (int part = 0; part < shape[1]; part++) {
        sum += parts[part * shape[0] + item];
      }
      if (beta != 0f) {
        sum += beta * result[shape[2] + item];
      }
      result[shape[2] + item] = sum;
    }
  }

  /**
   * The transform of {@link org.rgflow.kernels.ModeKernels#axisTransform} as one matrix product, whose columns are
   * the lines along the axis.
   *
   * @param shape {n, inner, lines}
   */
  static void axisTransformTiles(KernelContext context, float[] in, float[] out, float[] matrix, int[] shape) {
    float[] left = context.allocateFloatLocalArray(STRIDE * DEPTH);
    float[] right = context.allocateFloatLocalArray(STRIDE * DEPTH);
    float[] sums = new float[16];
    for (int i = 0; i < 16; i++) {
      sums[i] = 0f;
    }
    int n = shape[0];
    int inner = shape[1];
    int lines = shape[2];
    int tx = context.localIdx & 15;
    int ty = context.localIdx >> 4;
    int across = (lines + TILE - 1) / TILE;
    int row0 = context.groupIdx / across * TILE;
    int line0 = context.groupIdx % across * TILE;
    // Neighbours in memory are neighbouring lines, or neighbours on a line if lines lie one behind the other.
    int beside = inner >= 16 ? 1 : 0;
    int line = beside * tx + (1 - beside) * ty;
    int other = beside * ty + (1 - beside) * tx;
    int[] start = new int[4];
    for (int r = 0; r < 4; r++) {
      int outer = (line0 + line + 16 * r) / inner;
      start[r] = outer * n * inner + (line0 + line + 16 * r - outer * inner);
    }
    for (int k0 = 0; k0 < n; k0 += DEPTH) {
      for (int r = 0; r < 4; r++) {
        float value = 0f;
        if (row0 + ty + 16 * r < n & k0 + tx < n) {
          value = matrix[(row0 + ty + 16 * r) * n + k0 + tx];
        }
        left[tx * STRIDE + ty + 16 * r] = value;
        float element = 0f;
        if (line0 + line + 16 * r < lines & k0 + other < n) {
          element = in[start[r] + (k0 + other) * inner];
        }
        right[other * STRIDE + line + 16 * r] = element;
      }
      context.localBarrier();
      int end = Math.min(DEPTH, n - k0);
      for (int k = 0; k < end; k++) {
        float b0 = right[k * STRIDE + line];
        float b1 = right[k * STRIDE + line + 16];
        float b2 = right[k * STRIDE + line + 32];
        float b3 = right[k * STRIDE + line + 48];
        for (int r = 0; r < 4; r++) {
          float factor = left[k * STRIDE + other + 16 * r];
          sums[4 * r] += factor * b0;
          sums[4 * r + 1] += factor * b1;
          sums[4 * r + 2] += factor * b2;
          sums[4 * r + 3] += factor * b3;
        }
      }
      context.localBarrier();
    }
    for (int r = 0; r < 4; r++) {
      for (int s = 0; s < 4; s++) {
        int row = row0 + other + 16 * r;
        if (row < n & line0 + line + 16 * s < lines) {
          out[start[s] + row * inner] = sums[4 * r + s];
        }
      }
    }
  }

  /**
   * {@link NormKernels#statistics}, a group for each item of that.
   *
   * @param shape {positions, channels, groups of channels}
   */
  static void groupStatistics(KernelContext context, float[] x, float[] statistics, int[] shape) {
    double[] sums = context.allocateDoubleLocalArray(GROUP);
    double[] squares = context.allocateDoubleLocalArray(GROUP);
    int item = context.groupIdx;
    int local = context.localIdx;
    int channels = shape[1];
    int width = channels / shape[2];
    int sample = item / shape[2];
    int start = sample * shape[0] * channels + (item - sample * shape[2]) * width;
    int count = shape[0] * width;
    double sum = 0;
    double square = 0;
    for (int i = local; i < count; i += GROUP) {
      int p = i / width;
      double value = x[start + p * channels + i - p * width];
      sum += value;
      square += value * value;
    }
    sums[local] = sum;
    squares[local] = square;
    context.localBarrier();
    for (int half = GROUP / 2; half > 0; half >>= 1) {
      if (local < half) {
        sums[local] += sums[local + half];
        squares[local] += squares[local + half];
      }
      context.localBarrier();
    }
    if (local == 0) {
      double mean = sums[0] / count;
      double variance = Math.max(0.0, squares[0] / count - mean * mean);
      statistics[2 * item] = (float) mean;
      statistics[2 * item + 1] = (float) (1.0 / Math.sqrt(variance + NormKernels.EPSILON));
    }
  }

  /**
   * {@link NormKernels#channelSums}; a group takes {@value #COLUMNS} channels of a sample.
   *
   * @param shape {positions, channels, groups of channels, scale offset, activation}
   */
  static void groupNormSums(KernelContext context, float[] x, float[] statistics, float[] parameters, float[] dy,
      float[] sums, int[] shape) {
    double[] scales = context.allocateDoubleLocalArray(GROUP);
    double[] shifts = context.allocateDoubleLocalArray(GROUP);
    int positions = shape[0];
    int channels = shape[1];
    int local = context.localIdx;
    int across = (channels + COLUMNS - 1) / COLUMNS;
    int sample = context.groupIdx / across;
    int c = (context.groupIdx - sample * across) * COLUMNS + (local & (COLUMNS - 1));
    double scale = 0;
    double shift = 0;
    if (c < channels) {
      int group = sample * shape[2] + c / (channels / shape[2]);
      float mean = statistics[2 * group];
      float r = statistics[2 * group + 1];
      float gamma = parameters[shape[3] + c];
      float beta = parameters[shape[3] + channels + c];
      for (int p = local / COLUMNS; p < positions; p += SHARERS) {
        int at = (sample * positions + p) * channels + c;
        float hat = (x[at] - mean) * r;
        float du = dy[at] * NormKernels.slope(hat * gamma + beta, shape[4]);
        scale += (double) du * hat;
        shift += du;
      }
    }
    scales[local] = scale;
    shifts[local] = shift;
    context.localBarrier();
    for (int half = GROUP / 2; half >= COLUMNS; half >>= 1) {
      if (local < half) {
        scales[local] += scales[local + half];
        shifts[local] += shifts[local + half];
      }
      context.localBarrier();
    }
    if (local < COLUMNS & c < channels) {
      sums[2 * sample * channels + c] = (float) scales[local];
      sums[(2 * sample + 1) * channels + c] = (float) shifts[local];
    }
  }

  /**
   * {@code sums[offset + sample * channels + c]} = β sums + Σ_p x[sample][p][c]: the sums over positions and the
   * gradient of a bias; a group takes {@value #COLUMNS} channels of a sample.
   *
   * @param shape {positions, channels, offset}
   */
  static void positionSums(KernelContext context, float[] x, float[] sums, int[] shape, float[] factors) {
    float beta = factors[0];
    double[] partial = context.allocateDoubleLocalArray(GROUP);
    int positions = shape[0];
    int channels = shape[1];
    int local = context.localIdx;
    int across = (channels + COLUMNS - 1) / COLUMNS;
    int sample = context.groupIdx / across;
    int c = (context.groupIdx - sample * across) * COLUMNS + (local & (COLUMNS - 1));
    double sum = 0;
    if (c < channels) {
      int start = sample * positions * channels + c;
      for (int p = local / COLUMNS; p < positions; p += SHARERS) {
        sum += x[start + p * channels];
      }
    }
    partial[local] = sum;
    context.localBarrier();
    for (int half = GROUP / 2; half >= COLUMNS; half >>= 1) {
      if (local < half) {
        partial[local] += partial[local + half];
      }
      context.localBarrier();
    }
    if (local < COLUMNS & c < channels) {
      int at = shape[2] + sample * channels + c;
      double total = partial[local];
      if (beta != 0f) {
        total += beta * sums[at];
      }
      sums[at] = (float) total;
    }
  }

  /** {@link OptimizerKernels#squares}, a group for each chunk. */
  static void squareSums(KernelContext context, float[] gradient, double[] partial, int chunk) {
    double[] sums = context.allocateDoubleLocalArray(GROUP);
    int local = context.localIdx;
    int begin = context.groupIdx * chunk;
    int end = Math.min(begin + chunk, gradient.length);
    double sum = 0;
    for (int e = begin + local; e < end; e += GROUP) {
      double g = gradient[e];
      sum += g * g;
    }
    sums[local] = sum;
    context.localBarrier();
    for (int half = GROUP / 2; half > 0; half >>= 1) {
      if (local < half) {
        sums[local] += sums[local + half];
      }
      context.localBarrier();
    }
    if (local == 0) {
      partial[context.groupIdx] = sums[0];
    }
  }

  /** {@link OptimizerKernels#clip} in one group. */
  static void clipGradient(KernelContext context, double[] partial, double[] norm, float[] clip, float[] rates) {
    double[] sums = context.allocateDoubleLocalArray(GROUP);
    int local = context.localIdx;
    double sum = 0;
    for (int i = local; i < partial.length; i += GROUP) {
      sum += partial[i];
    }
    sums[local] = sum;
    context.localBarrier();
    for (int half = GROUP / 2; half > 0; half >>= 1) {
      if (local < half) {
        sums[local] += sums[local + half];
      }
      context.localBarrier();
    }
    if (local == 0) {
      OptimizerKernels.clipTo(0, sums[0], norm, clip, rates);
    }
  }

  /**
   * {@link org.rgflow.kernels.NetworkKernels#softmax}, a group for each row.
   *
   * @param shape {length of a row}
   */
  static void softmax(KernelContext context, float[] x, int[] shape) {
    float[] largest = context.allocateFloatLocalArray(GROUP);
    double[] sums = context.allocateDoubleLocalArray(GROUP);
    int local = context.localIdx;
    int length = shape[0];
    int start = context.groupIdx * length;
    float most = x[start];
    for (int i = local; i < length; i += GROUP) {
      most = Math.max(most, x[start + i]);
    }
    largest[local] = most;
    context.localBarrier();
    for (int half = GROUP / 2; half > 0; half >>= 1) {
      if (local < half) {
        largest[local] = Math.max(largest[local], largest[local + half]);
      }
      context.localBarrier();
    }
    most = largest[0];
    double sum = 0;
    for (int i = local; i < length; i += GROUP) {
      float e = (float) Math.exp(x[start + i] - most);
      x[start + i] = e;
      sum += e;
    }
    sums[local] = sum;
    context.localBarrier();
    for (int half = GROUP / 2; half > 0; half >>= 1) {
      if (local < half) {
        sums[local] += sums[local + half];
      }
      context.localBarrier();
    }
    float inverse = (float) (1.0 / sums[0]);
    for (int i = local; i < length; i += GROUP) {
      x[start + i] = x[start + i] * inverse;
    }
  }

  /**
   * {@link org.rgflow.kernels.NetworkKernels#softmaxGradient}, a group for each row.
   *
   * @param shape {length of a row}
   */
  static void softmaxGradient(KernelContext context, float[] y, float[] dy, int[] shape) {
    double[] sums = context.allocateDoubleLocalArray(GROUP);
    int local = context.localIdx;
    int length = shape[0];
    int start = context.groupIdx * length;
    double sum = 0;
    for (int i = local; i < length; i += GROUP) {
      sum += (double) y[start + i] * dy[start + i];
    }
    sums[local] = sum;
    context.localBarrier();
    for (int half = GROUP / 2; half > 0; half >>= 1) {
      if (local < half) {
        sums[local] += sums[local + half];
      }
      context.localBarrier();
    }
    float mean = (float) sums[0];
    for (int i = local; i < length; i += GROUP) {
      dy[start + i] = y[start + i] * (dy[start + i] - mean);
    }
  }

  /**
   * {@link FieldKernels#hamiltonian}: a group of {@code lanes * sharers} items for each row, item {@code sharer *
   * lanes + lane}.
   *
   * @param sharers items that share a lane of a row, at most {@value #GROUP} / lanes
   * @param first the largest power of two below {@code sharers}, at least 1
   */
  static void hamiltonian(KernelContext context, float[] phi, float[] p, double[] sums, float h, float u, float g,
      int lx, int ly, int lanes, int sharers, int first) {
    double[] partial = context.allocateDoubleLocalArray(GROUP);
    int local = context.localIdx;
    int width = lx * lanes;
    int row = context.groupIdx;
    double sum = 0;
    for (int j = local; j < width; j += sharers * lanes) {
      sum += FieldKernels.hamiltonianTerm(row * width + j, phi, p, h, u, g, lx, ly, lanes);
    }
    partial[local] = sum;
    context.localBarrier();
    for (int step = first; step > 0; step >>= 1) {
      if (local < step * lanes & local + step * lanes < sharers * lanes) {
        partial[local] += partial[local + step * lanes];
      }
      context.localBarrier();
      sharers = Math.min(sharers, step);
    }
    if (local < lanes) {
      sums[row * lanes + local] = partial[local];
    }
  }

  /** {@link FieldKernels#rowSums}, with groups as in {@link #hamiltonian}. */
  static void rowSums(KernelContext context, float[] phi, double[] sums, int lx, int ly, int lanes, int sharers,
      int first) {
    double[] ones = context.allocateDoubleLocalArray(GROUP);
    double[] squares = context.allocateDoubleLocalArray(GROUP);
    double[] fourths = context.allocateDoubleLocalArray(GROUP);
    double[] gradients = context.allocateDoubleLocalArray(GROUP);
    int local = context.localIdx;
    int width = lx * lanes;
    int row = context.groupIdx;
    int block = row / ly;
    int y = row - block * ly;
    int above = (y == ly - 1 ? block * ly : row + 1) * width;
    double s1 = 0;
    double s2 = 0;
    double s4 = 0;
    double gradient = 0;
    for (int j = local; j < width; j += sharers * lanes) {
      int next = j >= width - lanes ? j - (width - lanes) : j + lanes;
      double f = phi[row * width + j];
      double dx = phi[row * width + next] - f;
      double dy = phi[above + j] - f;
      double f2 = f * f;
      s1 += f;
      s2 += f2;
      s4 += f2 * f2;
      gradient += dx * dx + dy * dy;
    }
    ones[local] = s1;
    squares[local] = s2;
    fourths[local] = s4;
    gradients[local] = gradient;
    context.localBarrier();
    for (int step = first; step > 0; step >>= 1) {
      if (local < step * lanes & local + step * lanes < sharers * lanes) {
        ones[local] += ones[local + step * lanes];
        squares[local] += squares[local + step * lanes];
        fourths[local] += fourths[local + step * lanes];
        gradients[local] += gradients[local + step * lanes];
      }
      context.localBarrier();
      sharers = Math.min(sharers, step);
    }
    if (local < lanes) {
      int at = 4 * (row * lanes + local);
      sums[at] = ones[local];
      sums[at + 1] = squares[local];
      sums[at + 2] = fourths[local];
      sums[at + 3] = gradients[local];
    }
  }

  /** {@link FieldKernels#columnSums}; a group takes {@value #COLUMNS} columns of a block of replicas. */
  static void columnSums(KernelContext context, float[] phi, double[] sums, int width, int ly) {
    double[] partial = context.allocateDoubleLocalArray(GROUP);
    int local = context.localIdx;
    int across = (width + COLUMNS - 1) / COLUMNS;
    int block = context.groupIdx / across;
    int j = (context.groupIdx - block * across) * COLUMNS + (local & (COLUMNS - 1));
    double sum = 0;
    if (j < width) {
      for (int y = local / COLUMNS; y < ly; y += SHARERS) {
        sum += phi[(block * ly + y) * width + j];
      }
    }
    partial[local] = sum;
    context.localBarrier();
    for (int half = GROUP / 2; half >= COLUMNS; half >>= 1) {
      if (local < half) {
        partial[local] += partial[local + half];
      }
      context.localBarrier();
    }
    if (local < COLUMNS & j < width) {
      sums[block * width + j] = partial[local];
    }
  }
}
