package org.rgflow.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The weights' gradient of 3×3 convolutions in the domain of Winograd's F(4×4, 3×3): the adjoint of {@link
 * WinogradVector}'s forward pass with respect to the weights (Lavin &amp; Gray, "Fast algorithms for convolutional
 * neural networks", 1509.09308),
 *
 * <pre>  ∂L/∂g = Gᵀ [ Σ_tiles (Bᵀ d B) ⊙ (A e Aᵀ) ] G,   d the 6×6 inputs of a tile, e the 4×4 gradients of its
 * outputs,</pre>
 *
 * <p>where the sums over tiles are 36 matrix products of (in × tiles) by (tiles × out): 36 multiplications for a tile
 * in place of 144.
 *
 * <p>The transforms cost accuracy: the root mean square error is some 2e-6 of that of the gradient, ten times a direct
 * sum's. Results are the same bit for bit for any cut into ranges. Each thread owns 2 MB of packing space, made when
 * it first works.
 */
public final class WinogradGradientVector {
  private static final VectorSpecies<Float> FLOATS = TileVector.FLOATS;
  private static final int WIDTH = TileVector.WIDTH;
  private static final int ROWS = TileVector.ROWS;
  private static final int COLUMNS = TileVector.COLUMNS;

  /** Tiles of the plane summed before the inverse transform. */
  private static final int CHUNK = 128;

  /** Transformed inputs kept: tiles × channels. */
  private static final int KEPT = 32 * 192;

  /** Output channels of an item, a multiple of the columns of a register tile. */
  private static final int OUT_BLOCK = 192;

  /** Input channels multiplied before the inverse transform, in vectors. */
  private static final int GROUP = 3;

  /** Elements between the frequencies: a power of two in between would put all 36 into the same cache lines. */
  private static final int PADDING = 16;

  /** Fewer channels than this are not worth the transforms. */
  private static final int FEW_CHANNELS = 64;

  private static final class Scratch {
    /** Bᵀ d B, [frequency][vector of channels][tile][channel]. */
    final float[] inputs = new float[36 * (KEPT + PADDING)];
    /** A e Aᵀ, [frequency][tile][column]. */
    final float[] outputs = new float[36 * (CHUNK * COLUMNS + PADDING)];
    /** Products, [frequency][channel][column] in register tiles. */
    final float[] products = new float[36 * (GROUP * WIDTH * COLUMNS + PADDING)];
    final float[] half = new float[36 * WIDTH];
    final float[] zeros = new float[COLUMNS];
  }

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private WinogradGradientVector() {}

  /**
   * Whether {@link #weightGradient} can take a convolution and is worth it: 3×3 taps at constant resolution on a square
   * of at least 4×4, both numbers of channels multiples of 32 and not few.
   */
  public static boolean suits(int[] source, int positionsIn, int positionsOut, int in, int out) {
    return in % 32 == 0 && out % 32 == 0 && in >= FEW_CHANNELS && out >= FEW_CHANNELS
        && WinogradVector.isSquareOfTaps(source, positionsIn, positionsOut);
  }

  /** Number of items: blocks of input channels times blocks of output channels. */
  public static int items(int samples, int positions, int in, int out) {
    int block = inBlock(tiles(samples, positions), in);
    return (in + block - 1) / block * ((out + OUT_BLOCK - 1) / OUT_BLOCK);
  }

  private static int tiles(int samples, int positions) {
    int across = (WinogradVector.side(positions) + 3) / 4;
    return samples * across * across;
  }

  private static int inBlock(int tiles, int in) {
    int most = KEPT / Math.min(CHUNK, tiles) / (GROUP * WIDTH) * (GROUP * WIDTH);
    return Math.min(most, in <= 192 ? 96 : 192);
  }

  /** {@link ConvolutionKernels#weightGradient} for some of {@link #items}, where it {@link #suits}. */
  public static void weightGradient(int begin, int end, float[] x, float[] d, float[] gradient, int[] source,
      float beta, int samples, int positions, int in, int out, int weightOffset) {
    Scratch scratch = SCRATCH.get();
    int side = WinogradVector.side(positions);
    int across = (side + 3) / 4;
    int tiles = samples * across * across;
    int inBlock = inBlock(tiles, in);
    int outBlocks = (out + OUT_BLOCK - 1) / OUT_BLOCK;
    boolean mirrored = WinogradVector.isMirrored(source, positions);
    for (int item = begin; item < end; item++) {
      int channel = item / outBlocks * inBlock;
      int lastChannel = Math.min(in, channel + inBlock);
      int firstColumn = item % outBlocks * OUT_BLOCK;
      int lastColumn = Math.min(out, firstColumn + OUT_BLOCK);
      for (int tile = 0; tile < tiles; tile += CHUNK) {
        int count = Math.min(CHUNK, tiles - tile);
        int inStep = (lastChannel - channel) * count + PADDING;
        for (int t = 0; t < count; t++) {
          transformInput(scratch, x, tile + t, t, count, inStep, side, across, channel, lastChannel, in);
        }
        for (int column = firstColumn; column < lastColumn; column += COLUMNS) {
          int width = Math.min(COLUMNS, lastColumn - column);
          for (int t = 0; t < count; t++) {
            transformOutput(scratch, d, tile + t, t, count, side, across, column, width, out);
          }
          for (int c = channel; c < lastChannel; c += GROUP * WIDTH) {
            int height = Math.min(GROUP * WIDTH, lastChannel - c);
            multiply(scratch, (c - channel) * count, inStep, count, height);
            for (int i = 0; i < height; i++) {
              transformProducts(scratch, i, width, gradient, weightOffset + (c + i) * out + column, in * out, mirrored,
                  tile == 0 ? beta : 1f);
            }
          }
        }
      }
    }
  }

  /** products = inputs · outputs, each frequency by itself. */
  private static void multiply(Scratch scratch, int from, int inStep, int count, int height) {
    for (int f = 0; f < 36; f++) {
      int outputs = f * (count * COLUMNS + PADDING);
      int products = f * (GROUP * WIDTH * COLUMNS + PADDING);
      for (int row = 0; row < height; row += ROWS) {
        int inputs = f * inStep + from + row / WIDTH * WIDTH * count + row % WIDTH;
        if (WIDTH == 16) {
          TileVector.columns512(count, scratch.inputs, inputs, scratch.outputs, outputs, scratch.zeros, 0, 0,
              scratch.products, products + row * COLUMNS, COLUMNS);
        } else {
          TileVector.columns256(count, scratch.inputs, inputs, scratch.outputs, outputs, scratch.zeros, 0, 0,
              scratch.products, products + row * COLUMNS, COLUMNS);
        }
      }
    }
  }

  /** Bᵀ d B of one tile for some channels. */
  private static void transformInput(Scratch scratch, float[] x, int tile, int t, int count, int step, int side,
      int across, int channel, int lastChannel, int in) {
    int sample = tile / (across * across);
    int top = tile / across % across * 4 - 1;
    int left = tile % across * 4 - 1;
    float[] half = scratch.half;
    for (int c = channel; c < lastChannel; c += WIDTH) {
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
        WinogradVector.inputLine(half, j * WIDTH, 6 * WIDTH, half, j * WIDTH, 6 * WIDTH);
      }
      int to = (c - channel) * count + t * WIDTH;
      for (int i = 0; i < 6; i++) {
        WinogradVector.inputLine(half, 6 * i * WIDTH, WIDTH, scratch.inputs, 6 * i * step + to, step);
      }
    }
  }

  /** A e Aᵀ of one tile for a block of columns; columns beyond the width are not written, nor read in the end. */
  private static void transformOutput(Scratch scratch, float[] d, int tile, int t, int count, int side, int across,
      int column, int width, int out) {
    int sample = tile / (across * across);
    int top = tile / across % across * 4;
    int left = tile % across * 4;
    int step = count * COLUMNS + PADDING;
    float[] half = scratch.half;
    for (int c = 0; c < width; c += WIDTH) {
      for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
          if (top + i < side && left + j < side) {
            FloatVector.fromArray(FLOATS, d, ((sample * side + top + i) * side + left + j) * out + column + c)
                .intoArray(half, (4 * i + j) * WIDTH);
          } else {
            FloatVector.zero(FLOATS).intoArray(half, (4 * i + j) * WIDTH);
          }
        }
      }
      // In place: a line is read before it is written.
      for (int j = 0; j < 4; j++) {
        outputLine(half, j * WIDTH, 4 * WIDTH, half, j * WIDTH, 4 * WIDTH);
      }
      int to = t * COLUMNS + c;
      for (int i = 0; i < 6; i++) {
        outputLine(half, 4 * i * WIDTH, WIDTH, scratch.outputs, 6 * i * step + to, step);
      }
    }
  }

  /** A times four vectors that lie some step apart. */
  private static void outputLine(float[] from, int at, int step, float[] to, int out, int outStep) {
    FloatVector e0 = FloatVector.fromArray(FLOATS, from, at);
    FloatVector e1 = FloatVector.fromArray(FLOATS, from, at + step);
    FloatVector e2 = FloatVector.fromArray(FLOATS, from, at + 2 * step);
    FloatVector e3 = FloatVector.fromArray(FLOATS, from, at + 3 * step);
    FloatVector even = e0.add(e2);
    FloatVector odd = e1.add(e3);
    FloatVector farEven = e0.add(e2.mul(4f));
    FloatVector farOdd = e1.mul(2f).add(e3.mul(8f));
    e0.intoArray(to, out);
    even.add(odd).intoArray(to, out + outStep);
    even.sub(odd).intoArray(to, out + 2 * outStep);
    farEven.add(farOdd).intoArray(to, out + 3 * outStep);
    farEven.sub(farOdd).intoArray(to, out + 4 * outStep);
    e3.intoArray(to, out + 5 * outStep);
  }

  /** g ← β g + Gᵀ m G for one input channel and a block of columns. */
  private static void transformProducts(Scratch scratch, int row, int width, float[] gradient, int at, int tapStep,
      boolean mirrored, float beta) {
    int step = GROUP * WIDTH * COLUMNS + PADDING;
    float[] products = scratch.products;
    float[] half = scratch.half;
    for (int c = 0; c < width; c += WIDTH) {
      for (int j = 0; j < 6; j++) {
        weightLine(products, row * COLUMNS + c + j * step, 6 * step, half, j * WIDTH, 6 * WIDTH);
      }
      for (int i = 0; i < 3; i++) {
        weightLine(half, 6 * i * WIDTH, WIDTH, half, 18 * WIDTH + 3 * i * WIDTH, WIDTH);
      }
      for (int tap = 0; tap < 9; tap++) {
        FloatVector sum = FloatVector.fromArray(FLOATS, half, (18 + tap) * WIDTH);
        int to = at + (mirrored ? 8 - tap : tap) * tapStep + c;
        if (beta != 0f) {
          sum = sum.add(FloatVector.fromArray(FLOATS, gradient, to).mul(beta));
        }
        sum.intoArray(gradient, to);
      }
    }
  }

  /** Gᵀ times six vectors that lie some step apart. */
  private static void weightLine(float[] from, int at, int step, float[] to, int out, int outStep) {
    FloatVector m0 = FloatVector.fromArray(FLOATS, from, at);
    FloatVector m1 = FloatVector.fromArray(FLOATS, from, at + step);
    FloatVector m2 = FloatVector.fromArray(FLOATS, from, at + 2 * step);
    FloatVector m3 = FloatVector.fromArray(FLOATS, from, at + 3 * step);
    FloatVector m4 = FloatVector.fromArray(FLOATS, from, at + 4 * step);
    FloatVector m5 = FloatVector.fromArray(FLOATS, from, at + 5 * step);
    FloatVector near = m1.add(m2).mul(-1f / 6);
    FloatVector far = m3.add(m4);
    FloatVector nearDifference = m2.sub(m1).mul(1f / 6);
    FloatVector farDifference = m3.sub(m4).mul(1f / 12);
    m0.mul(0.25f).add(near).add(far.mul(1f / 24)).intoArray(to, out);
    nearDifference.add(farDifference).intoArray(to, out + outStep);
    near.add(far.mul(1f / 6)).add(m5).intoArray(to, out + 2 * outStep);
  }
}
