package org.rgflow.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * 3×3 convolutions by Winograd's minimal filtering F(4×4, 3×3) (Lavin &amp; Gray, "Fast algorithms for convolutional
 * neural networks", 1509.09308): a tile of 4×4 outputs takes 36 multiplications instead of 144,
 *
 * <pre>  Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A,   d the 6×6 inputs of the tile, g the 3×3 weights,</pre>
 *
 * <p>and the sums over input channels are 36 matrix products of (tiles × in) by (in × out), in register
 * tiles. Weights are transformed as they are packed, so nothing is kept between calls.
 *
 * <p>The transforms cost accuracy: the error is about 1e-5 of the size of the outputs, some ten times that of the
 * direct sum. Results are the same bit for bit for any cut into ranges. Each thread owns the packing space of one chunk
 * of tiles, made when it first works: 9 kB for each input channel and 1 MB.
 */
public final class WinogradVector {
  private static final VectorSpecies<Float> FLOATS = TileVector.FLOATS;
  private static final int WIDTH = TileVector.WIDTH;
  private static final int ROWS = TileVector.ROWS;
  private static final int COLUMNS = TileVector.COLUMNS;

  /** Tiles of the plane transformed at a time, a multiple of the rows of a register tile. */
  private static final int CHUNK = 64;

  /** Input channels multiplied at a time. */
  private static final int DEPTH = 64;

  /** Elements between the frequencies: a power of two in between would put all 36 into the same cache lines. */
  private static final int PADDING = 16;

  /** Fewer channels than this are not worth the transforms. */
  private static final int FEW_CHANNELS = 96;

  /** What a table of taps is. */
  private static final int NEITHER = 0;
  private static final int STRAIGHT = 1;
  private static final int MIRRORED = 2;

  private static final class Scratch {
    /** Transformed inputs, [frequency][tile][channel]. */
    float[] inputs = new float[0];
    /** Weights of a vector of columns, [tap][channel][column]. */
    final float[] raw = new float[9 * DEPTH * WIDTH];
    /** Transformed weights, [frequency][channel][column]. */
    final float[] weights = new float[36 * (DEPTH * COLUMNS + PADDING)];
    /** Products, [frequency][tile][column]. */
    final float[] products = new float[36 * (CHUNK * COLUMNS + PADDING)];
    final float[] half = new float[36 * WIDTH];
    final float[] outputs = new float[16 * COLUMNS];
    final float[] zeros = new float[ROWS * COLUMNS];

    Scratch of(int in) {
      if (inputs.length < 36 * (in * CHUNK + PADDING)) {
        inputs = new float[36 * (in * CHUNK + PADDING)];
      }
      return this;
    }
  }

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private WinogradVector() {}

  /**
   * Whether {@link #convolve} can take a convolution and is worth it: 3×3 taps at constant resolution on a square of at
   * least 4×4, input channels a multiple of 32 and not few.
   */
  public static boolean suits(int[] source, int positionsIn, int positionsOut, int in, int out) {
    return in % 32 == 0 && in >= FEW_CHANNELS && out >= FEW_CHANNELS
        && isSquareOfTaps(source, positionsIn, positionsOut);
  }

  /** Whether a table has the 3×3 taps, straight or mirrored, of a square of at least 4×4 that keeps its side. */
  static boolean isSquareOfTaps(int[] source, int positionsIn, int positionsOut) {
    return positionsIn == positionsOut && source.length == 9 * positionsOut && positionsOut >= 16
        && taps(source, positionsOut) != NEITHER;
  }

  /** Whether the taps of a square are those of the gradient. */
  static boolean isMirrored(int[] source, int positions) {
    return taps(source, positions) == MIRRORED;
  }

  static int side(int positions) {
    return (int) Math.round(Math.sqrt(positions));
  }

  private static int taps(int[] source, int positions) {
    int side = side(positions);
    if (side * side != positions) {
      return NEITHER;
    }
    // Tap 0 at the last position looks up and left, or, mirrored, over the border.
    int sign = source[positions - 1] >= 0 ? 1 : -1;
    for (int t = 0; t < 9; t++) {
      for (int row = 0; row < side; row++) {
        for (int column = 0; column < side; column++) {
          int i = row + sign * (t / 3 - 1);
          int j = column + sign * (t % 3 - 1);
          int expected = i < 0 || i >= side || j < 0 || j >= side ? -1 : i * side + j;
          if (source[(t * side + row) * side + column] != expected) {
            return NEITHER;
          }
        }
      }
    }
    return sign > 0 ? STRAIGHT : MIRRORED;
  }

  /** Number of items: blocks of columns of chunks of tiles. */
  public static int items(int samples, int positions, int out) {
    int across = (side(positions) + 3) / 4;
    return (samples * across * across + CHUNK - 1) / CHUNK * ((out + COLUMNS - 1) / COLUMNS);
  }

  /** {@link ConvolutionKernels#convolve} for some of {@link #items}, where it {@link #suits}. */
  public static void convolve(int begin, int end, float[] x, float[] parameters, float[] y, int[] source, float beta,
      int positions, int in, int out, int weightOffset, int biasOffset, int order) {
    Scratch scratch = SCRATCH.get().of(in);
    int side = side(positions);
    int across = (side + 3) / 4;
    int tiles = y.length / out / positions * across * across;
    int blocks = (out + COLUMNS - 1) / COLUMNS;
    boolean mirrored = isMirrored(source, positions);
    for (int item = begin; item < end; ) {
      int first = item / blocks * CHUNK;
      int count = Math.min(CHUNK, tiles - first);
      int rows = (count + ROWS - 1) / ROWS * ROWS;
      int inputStep = rows * in + PADDING;
      for (int tile = 0; tile < count; tile++) {
        transformTile(x, first + tile, scratch.inputs, tile * in, inputStep, scratch.half, side, across, in);
      }
      int stop = Math.min(end, (item / blocks + 1) * blocks);
      for (; item < stop; item++) {
        int column = item % blocks * COLUMNS;
        int width = Math.min(COLUMNS, out - column);
        for (int k = 0; k < in; k += DEPTH) {
          int kc = Math.min(DEPTH, in - k);
          packWeights(scratch, parameters, weightOffset, mirrored, k, kc, column, width, in, out, order);
          multiply(scratch, k, kc, rows, inputStep, in);
        }
        for (int tile = 0; tile < count; tile++) {
          transformProducts(scratch.products, tile * COLUMNS, rows * COLUMNS + PADDING, scratch.half, scratch.outputs);
          store(scratch.outputs, y, first + tile, column, width, side, across, out, beta, parameters,
              biasOffset < 0 ? -1 : biasOffset + column);
        }
      }
    }
  }

  /** products = or += inputs · weights for some channels, each frequency by itself. */
  private static void multiply(Scratch scratch, int k, int kc, int rows, int inputStep, int in) {
    for (int f = 0; f < 36; f++) {
      int weights = f * (kc * COLUMNS + PADDING);
      for (int row = 0; row < rows; row += ROWS) {
        int inputs = f * inputStep + row * in + k;
        int products = f * (rows * COLUMNS + PADDING) + row * COLUMNS;
        float[] from = k == 0 ? scratch.zeros : scratch.products;
        int atFrom = k == 0 ? 0 : products;
        if (WIDTH == 16) {
          TileVector.rows512(kc, scratch.inputs, inputs, in, scratch.weights, weights, from, atFrom, COLUMNS,
              scratch.products, products, COLUMNS);
        } else {
          TileVector.rows256(kc, scratch.inputs, inputs, in, scratch.weights, weights, from, atFrom, COLUMNS,
              scratch.products, products, COLUMNS);
        }
      }
    }
  }

  /** G g Gᵀ for kc input channels and a block of columns. */
  private static void packWeights(Scratch scratch, float[] parameters, int weightOffset, boolean mirrored, int k,
      int kc, int column, int width, int in, int out, int order) {
    int step = kc * COLUMNS + PADDING;
    int direct = order == ConvolutionKernels.DIRECT ? width / WIDTH * WIDTH : 0;
    if (direct > 0) {
      int first = weightOffset + (mirrored ? 8 * in * out : 0) + k * out + column;
      transformWeights(parameters, first, mirrored ? -in * out : in * out, out, scratch.weights, 0, step, scratch.half,
          kc, direct);
    }
    for (int c = direct; c < width; c += WIDTH) {
      for (int t = 0; t < 9; t++) {
        int at = weightOffset + (mirrored ? 8 - t : t) * in * out;
        packTap(scratch.raw, t * kc * WIDTH, kc, parameters, at, k, column + c, in, out, Math.min(WIDTH, width - c),
            order);
      }
      transformWeights(scratch.raw, 0, kc * WIDTH, WIDTH, scratch.weights, c, step, scratch.half, kc, WIDTH);
    }
  }

  /** The weights of one tap for kc input channels and a vector of columns, zero beyond the width. */
  private static void packTap(float[] raw, int to, int kc, float[] parameters, int at, int k, int column, int in,
      int out, int width, int order) {
    if (order == ConvolutionKernels.DIRECT) {
      PanelVector.copy(raw, to, kc, parameters, at + k * out + column, out, width, WIDTH);
    } else {
      PanelVector.transpose(raw, to, kc, parameters, at + column * in + k, in, width, WIDTH);
    }
  }

  /** G g Gᵀ of some columns for kc input channels, from taps and channels that lie some steps apart. */
  private static void transformWeights(float[] g, int first, int tapStep, int channelStep, float[] weights, int to,
      int step, float[] half, int kc, int columns) {
    for (int k = 0; k < kc; k++) {
      for (int c = 0; c < columns; c += WIDTH) {
        int at = first + k * channelStep + c;
        for (int j = 0; j < 3; j++) {
          weightLine(g, at + j * tapStep, 3 * tapStep, half, j * WIDTH, 3 * WIDTH);
        }
        for (int i = 0; i < 6; i++) {
          weightLine(half, 3 * i * WIDTH, WIDTH, weights, to + k * COLUMNS + c + 6 * i * step, step);
        }
      }
    }
  }

  /** G times three vectors that lie some step apart. */
  private static void weightLine(float[] from, int at, int step, float[] to, int out, int outStep) {
    FloatVector g0 = FloatVector.fromArray(FLOATS, from, at);
    FloatVector g1 = FloatVector.fromArray(FLOATS, from, at + step);
    FloatVector g2 = FloatVector.fromArray(FLOATS, from, at + 2 * step);
    FloatVector even = g0.add(g2).mul(-1f / 6);
    FloatVector odd = g1.mul(1f / 6);
    FloatVector far = g0.mul(1f / 24).add(g2.mul(1f / 6));
    FloatVector near = g1.mul(1f / 12);
    g0.mul(0.25f).intoArray(to, out);
    even.sub(odd).intoArray(to, out + outStep);
    even.add(odd).intoArray(to, out + 2 * outStep);
    far.add(near).intoArray(to, out + 3 * outStep);
    far.sub(near).intoArray(to, out + 4 * outStep);
    g2.intoArray(to, out + 5 * outStep);
  }

  /** Bᵀ d B of one tile for all channels. */
  private static void transformTile(float[] x, int tile, float[] inputs, int to, int step, float[] half, int side,
      int across, int in) {
    int sample = tile / (across * across);
    int top = tile / across % across * 4 - 1;
    int left = tile % across * 4 - 1;
    for (int c = 0; c < in; c += WIDTH) {
      for (int i = 0; i < 6; i++) {
        int row = top + i;
        for (int j = 0; j < 6; j++) {
          int column = left + j;
          if (row >= 0 && row < side && column >= 0 && column < side) {
            FloatVector.fromArray(FLOATS, x, ((sample * side + row) * side + column) * in + c)
                .intoArray(half, (6 * i + j) * WIDTH);
          } else {
            FloatVector.zero(FLOATS).intoArray(half, (6 * i + j) * WIDTH);
          }
        }
      }
      for (int j = 0; j < 6; j++) {
        inputLine(half, j * WIDTH, 6 * WIDTH, half, j * WIDTH, 6 * WIDTH);
      }
      for (int i = 0; i < 6; i++) {
        inputLine(half, 6 * i * WIDTH, WIDTH, inputs, 6 * i * step + to + c, step);
      }
    }
  }

  /** Bᵀ of six vectors that lie some step apart. */
  static void inputLine(float[] from, int at, int step, float[] to, int out, int outStep) {
    FloatVector d0 = FloatVector.fromArray(FLOATS, from, at);
    FloatVector d1 = FloatVector.fromArray(FLOATS, from, at + step);
    FloatVector d2 = FloatVector.fromArray(FLOATS, from, at + 2 * step);
    FloatVector d3 = FloatVector.fromArray(FLOATS, from, at + 3 * step);
    FloatVector d4 = FloatVector.fromArray(FLOATS, from, at + 4 * step);
    FloatVector d5 = FloatVector.fromArray(FLOATS, from, at + 5 * step);
    FloatVector p = d4.sub(d2.mul(4f));
    FloatVector q = d3.sub(d1.mul(4f));
    FloatVector r = d4.sub(d2);
    FloatVector s = d3.sub(d1).mul(2f);
    d0.mul(4f).sub(d2.mul(5f)).add(d4).intoArray(to, out);
    p.add(q).intoArray(to, out + outStep);
    p.sub(q).intoArray(to, out + 2 * outStep);
    r.add(s).intoArray(to, out + 3 * outStep);
    r.sub(s).intoArray(to, out + 4 * outStep);
    d1.mul(4f).sub(d3.mul(5f)).add(d5).intoArray(to, out + 5 * outStep);
  }

  /** Aᵀ m A of one tile, [position][column]. */
  private static void transformProducts(float[] products, int at, int step, float[] half, float[] outputs) {
    for (int c = 0; c < COLUMNS; c += WIDTH) {
      for (int j = 0; j < 6; j++) {
        outputLine(products, at + c + j * step, 6 * step, half, j * WIDTH, 6 * WIDTH);
      }
      for (int i = 0; i < 4; i++) {
        outputLine(half, 6 * i * WIDTH, WIDTH, outputs, 4 * i * COLUMNS + c, COLUMNS);
      }
    }
  }

  /** Aᵀ of six vectors that lie some step apart. */
  private static void outputLine(float[] from, int at, int step, float[] to, int out, int outStep) {
    FloatVector m0 = FloatVector.fromArray(FLOATS, from, at);
    FloatVector m1 = FloatVector.fromArray(FLOATS, from, at + step);
    FloatVector m2 = FloatVector.fromArray(FLOATS, from, at + 2 * step);
    FloatVector m3 = FloatVector.fromArray(FLOATS, from, at + 3 * step);
    FloatVector m4 = FloatVector.fromArray(FLOATS, from, at + 4 * step);
    FloatVector m5 = FloatVector.fromArray(FLOATS, from, at + 5 * step);
    FloatVector p = m1.add(m2);
    FloatVector q = m1.sub(m2);
    FloatVector r = m3.add(m4);
    FloatVector s = m3.sub(m4);
    m0.add(p).add(r).intoArray(to, out);
    q.add(s.mul(2f)).intoArray(to, out + outStep);
    p.add(r.mul(4f)).intoArray(to, out + 2 * outStep);
    q.add(s.mul(8f)).add(m5).intoArray(to, out + 3 * outStep);
  }

  /** y ← β y + bias + outputs for the positions of a tile that exist. */
  private static void store(float[] outputs, float[] y, int tile, int column, int width, int side, int across, int out,
      float beta, float[] bias, int atBias) {
    int sample = tile / (across * across);
    int top = tile / across % across * 4;
    int left = tile % across * 4;
    for (int p = 0; p < 16; p++) {
      int row = top + p / 4;
      int place = left + p % 4;
      if (row < side && place < side) {
        int to = ((sample * side + row) * side + place) * out + column;
        int j = 0;
        for (; j + WIDTH <= width; j += WIDTH) {
          FloatVector sum = FloatVector.fromArray(FLOATS, outputs, p * COLUMNS + j);
          if (beta != 0f) {
            sum = sum.add(FloatVector.fromArray(FLOATS, y, to + j).mul(beta));
          }
          if (atBias >= 0) {
            sum = sum.add(FloatVector.fromArray(FLOATS, bias, atBias + j));
          }
          sum.intoArray(y, to + j);
        }
        for (; j < width; j++) {
          float sum = outputs[p * COLUMNS + j];
          if (beta != 0f) {
            sum += beta * y[to + j];
          }
          if (atBias >= 0) {
            sum += bias[atBias + j];
          }
          y[to + j] = sum;
        }
      }
    }
  }
}
