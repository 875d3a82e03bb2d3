package org.rgflow.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * 3×3 convolutions around a torus with the Vector API, for so few channels that packing a matrix of patches, as
 * {@link GemmVector} does, would take longer than its product. Of each sample a copy is made with the last column
 * before the first and the first behind the last: the three taps of a row of the kernel are then 3·in consecutive
 * numbers, those of the next position begin {@code in} farther, and the product reads both factors where they lie.
 *
 * <p>Sums are taken by fused multiply-add in the order of taps and channels: results are the same bit for bit for any
 * cut into ranges, and differ from the naive body by rounding, |error| ≤ (k + 2) 2⁻²⁴ Σ|a||b| for k terms.
 *
 * <p>An item is a sample. Each thread owns the space of one widened sample, made when it first works.
 */
public final class TorusVector {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
  private static final int WIDTH = FLOATS.length();

  /** Positions of a tile of sums, in one row of the lattice. */
  private static final int POSITIONS = 8;

  /** Channels of a tile of sums, two vectors. */
  private static final int COLUMNS = 2 * WIDTH;

  /** From so many channels on {@link GemmVector} and {@link WinogradVector} are as fast. */
  private static final int MANY_CHANNELS = 96;

  private static final class Scratch {
    /** A sample with a column more on either side, [row][column][channel]. */
    float[] wide = new float[0];
    final float[] tile = new float[POSITIONS * COLUMNS];

    Scratch of(int size) {
      if (wide.length < size) {
        wide = new float[size];
      }
      return this;
    }
  }

  private static final float[] ZEROS = new float[COLUMNS];

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private TorusVector() {}

  /**
   * Whether {@link #convolve} can take a convolution and is worth it: vectors of 512 bits, 3×3 taps around a square
   * torus of at least 8×8, weights {@link ConvolutionKernels#DIRECT}, outputs a multiple of 32, few channels.
   */
  public static boolean suits(int[] source, int positionsIn, int positionsOut, int in, int out, int order) {
    return FloatVector.SPECIES_PREFERRED.length() >= WIDTH && order == ConvolutionKernels.DIRECT && out % COLUMNS == 0
        && in < MANY_CHANNELS && out < MANY_CHANNELS && isTorus(source, positionsIn, positionsOut);
  }

  private static boolean isTorus(int[] source, int positionsIn, int positionsOut) {
    int side = (int) Math.sqrt(positionsOut);
    if (positionsIn != positionsOut || side < POSITIONS || side * side != positionsOut
        || source.length != 9 * positionsOut) {
      return false;
    }
    for (int tap = 0; tap < 9; tap++) {
      for (int p = 0; p < positionsOut; p++) {
        int row = wrap(p / side + tap / 3 - 1, side);
        int column = wrap(p % side + tap % 3 - 1, side);
        if (source[tap * positionsOut + p] != row * side + column) {
          return false;
        }
      }
    }
    return true;
  }

  private static int wrap(int coordinate, int side) {
    return coordinate < 0 ? coordinate + side : coordinate < side ? coordinate : coordinate - side;
  }

  /** {@link ConvolutionKernels#convolve} for some samples of a torus of that side, with weights in direct order. */
  public static void convolve(int begin, int end, float[] x, float[] parameters, float[] y, float beta, int side,
      int in, int out, int weightOffset, int biasOffset) {
    int rowLength = (side + 2) * in;
    Scratch scratch = SCRATCH.get().of(side * rowLength);
    for (int sample = begin; sample < end; sample++) {
      widen(x, sample * side * side * in, side, in, scratch.wide);
      for (int row = 0; row < side; row++) {
        for (int tile = 0; tile < side; tile += POSITIONS) {
          // the last tile may begin within the one before, whose positions it leaves alone
          int first = Math.min(tile, side - POSITIONS);
          int at = (sample * side + row) * side * out;
          for (int column = 0; column < out; column += COLUMNS) {
            for (int tap = 0; tap < 3; tap++) {
              int from = wrap(row + tap - 1, side) * rowLength + first * in;
              int weights = weightOffset + tap * 3 * in * out + column;
              if (tap > 0) {
                rows(3 * in, scratch.wide, from, in, parameters, weights, out, scratch.tile, 0, COLUMNS, scratch.tile);
              } else if (biasOffset >= 0) {
                rows(3 * in, scratch.wide, from, in, parameters, weights, out, parameters, biasOffset + column, 0,
                    scratch.tile);
              } else {
                rows(3 * in, scratch.wide, from, in, parameters, weights, out, ZEROS, 0, 0, scratch.tile);
              }
            }
            for (int position = tile; position < Math.min(side, tile + POSITIONS); position++) {
              store(scratch.tile, (position - first) * COLUMNS, beta, y, at + position * out + column);
            }
          }
        }
      }
    }
  }

  /** Copies a sample, each row with its last position once more before it and its first one behind. */
  private static void widen(float[] x, int at, int side, int in, float[] wide) {
    int length = side * in;
    for (int row = 0; row < side; row++) {
      int from = at + row * length;
      int to = row * (length + 2 * in);
      System.arraycopy(x, from + length - in, wide, to, in);
      System.arraycopy(x, from, wide, to + in, length);
      System.arraycopy(x, from, wide, to + in + length, in);
    }
  }

  /** y ← β y + sums of one position. */
  private static void store(float[] tile, int from, float beta, float[] y, int to) {
    FloatVector first = FloatVector.fromArray(FLOATS, tile, from);
    FloatVector second = FloatVector.fromArray(FLOATS, tile, from + WIDTH);
    if (beta != 0f) {
      first = first.add(FloatVector.fromArray(FLOATS, y, to).mul(beta));
      second = second.add(FloatVector.fromArray(FLOATS, y, to + WIDTH).mul(beta));
    }
    first.intoArray(y, to);
    second.intoArray(y, to + WIDTH);
  }

  /**
   * 8×2 accumulators: C ← F + Σ_k a[·][k] b[k][·]. The rows of A, B and F lie some step apart, those of C follow each
   * other.
   */
  private static void rows(int depth, float[] a, int atA, int stepA, float[] b, int atB, int stepB, float[] from,
      int atFrom, int fromStep, float[] c) {
    FloatVector s0 = FloatVector.fromArray(FLOATS, from, atFrom);
    FloatVector t0 = FloatVector.fromArray(FLOATS, from, atFrom + 16);
    FloatVector s1 = FloatVector.fromArray(FLOATS, from, atFrom + fromStep);
    FloatVector t1 = FloatVector.fromArray(FLOATS, from, atFrom + fromStep + 16);
    FloatVector s2 = FloatVector.fromArray(FLOATS, from, atFrom + 2 * fromStep);
    FloatVector t2 = FloatVector.fromArray(FLOATS, from, atFrom + 2 * fromStep + 16);
    FloatVector s3 = FloatVector.fromArray(FLOATS, from, atFrom + 3 * fromStep);
    FloatVector t3 = FloatVector.fromArray(FLOATS, from, atFrom + 3 * fromStep + 16);
    FloatVector s4 = FloatVector.fromArray(FLOATS, from, atFrom + 4 * fromStep);
    FloatVector t4 = FloatVector.fromArray(FLOATS, from, atFrom + 4 * fromStep + 16);
    FloatVector s5 = FloatVector.fromArray(FLOATS, from, atFrom + 5 * fromStep);
    FloatVector t5 = FloatVector.fromArray(FLOATS, from, atFrom + 5 * fromStep + 16);
    FloatVector s6 = FloatVector.fromArray(FLOATS, from, atFrom + 6 * fromStep);
    FloatVector t6 = FloatVector.fromArray(FLOATS, from, atFrom + 6 * fromStep + 16);
    FloatVector s7 = FloatVector.fromArray(FLOATS, from, atFrom + 7 * fromStep);
    FloatVector t7 = FloatVector.fromArray(FLOATS, from, atFrom + 7 * fromStep + 16);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, atB + k * stepB);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, atB + k * stepB + 16);
      FloatVector a0 = FloatVector.broadcast(FLOATS, a[atA + k]);
      s0 = a0.fma(b0, s0);
      t0 = a0.fma(b1, t0);
      FloatVector a1 = FloatVector.broadcast(FLOATS, a[atA + stepA + k]);
      s1 = a1.fma(b0, s1);
      t1 = a1.fma(b1, t1);
      FloatVector a2 = FloatVector.broadcast(FLOATS, a[atA + 2 * stepA + k]);
      s2 = a2.fma(b0, s2);
      t2 = a2.fma(b1, t2);
      FloatVector a3 = FloatVector.broadcast(FLOATS, a[atA + 3 * stepA + k]);
      s3 = a3.fma(b0, s3);
      t3 = a3.fma(b1, t3);
      FloatVector a4 = FloatVector.broadcast(FLOATS, a[atA + 4 * stepA + k]);
      s4 = a4.fma(b0, s4);
      t4 = a4.fma(b1, t4);
      FloatVector a5 = FloatVector.broadcast(FLOATS, a[atA + 5 * stepA + k]);
      s5 = a5.fma(b0, s5);
      t5 = a5.fma(b1, t5);
      FloatVector a6 = FloatVector.broadcast(FLOATS, a[atA + 6 * stepA + k]);
      s6 = a6.fma(b0, s6);
      t6 = a6.fma(b1, t6);
      FloatVector a7 = FloatVector.broadcast(FLOATS, a[atA + 7 * stepA + k]);
      s7 = a7.fma(b0, s7);
      t7 = a7.fma(b1, t7);
    }
    s0.intoArray(c, 0);
    t0.intoArray(c, 16);
    s1.intoArray(c, 32);
    t1.intoArray(c, 48);
    s2.intoArray(c, 64);
    t2.intoArray(c, 80);
    s3.intoArray(c, 96);
    t3.intoArray(c, 112);
    s4.intoArray(c, 128);
    t4.intoArray(c, 144);
    s5.intoArray(c, 160);
    t5.intoArray(c, 176);
    s6.intoArray(c, 192);
    t6.intoArray(c, 208);
    s7.intoArray(c, 224);
    t7.intoArray(c, 240);
  }
}
