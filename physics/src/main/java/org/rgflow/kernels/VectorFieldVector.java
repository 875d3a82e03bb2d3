package org.rgflow.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link VectorFieldKernels} on the Vector API, over ranges of replica blocks, with fused multiply-add: a result
 * agrees with the naive body to rounding, and depends neither on the other replicas nor on the range.
 *
 * <p>A block's elements are taken in tiles of {@link FourierVector#FOLDED} vectors, whose sines and cosines lie in
 * the first-level cache while the small matrices act on them; what a last tile lacks repeats its last vector.
 */
public final class VectorFieldVector {
  private static final VectorSpecies<Float> FLOATS =
      FloatVector.SPECIES_PREFERRED.length() > 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
  private static final int W = FLOATS.length();
  private static final int LANES = VectorFieldKernels.LANES;
  private static final int TILE = FourierVector.FOLDED * W;
  /** Tiles whose products with the adjoint are summed before memory is touched. */
  private static final int TILES = 2;

  private static final float ROUND = VectorFieldKernels.ROUND;
  private static final float INVERSE_PI = VectorFieldKernels.INVERSE_PI;
  private static final float PI_HIGH = VectorFieldKernels.PI_HIGH;
  private static final float PI_LOW = VectorFieldKernels.PI_LOW;
  private static final float S3 = VectorFieldKernels.S3;
  private static final float S5 = VectorFieldKernels.S5;
  private static final float S7 = VectorFieldKernels.S7;
  private static final float S9 = VectorFieldKernels.S9;
  private static final float C2 = VectorFieldKernels.C2;
  private static final float C4 = VectorFieldKernels.C4;
  private static final float C6 = VectorFieldKernels.C6;
  private static final float C8 = VectorFieldKernels.C8;

  private VectorFieldVector() {}

  /** Floats of scratch that a block needs. */
  public static int scratch(int features, int n) {
    return (TILES * (2 * (n + 1) + features) + (n + 1) + 2) * TILE;
  }

  /** Copies a tile of φ, the last vector repeated. */
  private static void load(float[] x, int at, int count, float[] tile, int to) {
    System.arraycopy(x, at, tile, to, count);
    for (int e = count; e < TILE; e++) {
      tile[to + e] = tile[to + e - W];
    }
  }

  /** Rows sin(ω_j φ) of a tile, and φ as the last row. */
  private static void sines(float[] tile, int from, float[] frequencies, int n, int rows) {
    for (int v = 0; v < TILE; v += W) {
      FloatVector x = FloatVector.fromArray(FLOATS, tile, from + v);
      FloatVector half = x.mul(INVERSE_PI);
      for (int j = 0, to = rows + v; j < n; j++, to += TILE) {
        FloatVector w = FloatVector.broadcast(FLOATS, frequencies[j]);
        FloatVector t = half.fma(w, FloatVector.broadcast(FLOATS, ROUND));
        FloatVector k = t.sub(ROUND);
        FloatVector r = k.fma(FloatVector.broadcast(FLOATS, -PI_LOW),
            k.fma(FloatVector.broadcast(FLOATS, -PI_HIGH), x.mul(w)));
        FloatVector z = r.mul(r);
        FloatVector p = z.fma(FloatVector.broadcast(FLOATS, S9), FloatVector.broadcast(FLOATS, S7));
        p = p.fma(z, FloatVector.broadcast(FLOATS, S5));
        p = p.fma(z, FloatVector.broadcast(FLOATS, S3));
        FloatVector s = p.fma(r.mul(z), r);
        IntVector sign = t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 31);
        s.reinterpretAsInts().lanewise(VectorOperators.XOR, sign).reinterpretAsFloats().intoArray(tile, to);
      }
      x.intoArray(tile, rows + n * TILE + v);
    }
  }

  /** The same, and rows cos(ω_j φ). */
  private static void sinesAndCosines(float[] tile, int from, float[] frequencies, int n, int rows, int cosines) {
    for (int v = 0; v < TILE; v += W) {
      FloatVector x = FloatVector.fromArray(FLOATS, tile, from + v);
      FloatVector half = x.mul(INVERSE_PI);
      for (int j = 0, to = v; j < n; j++, to += TILE) {
        FloatVector w = FloatVector.broadcast(FLOATS, frequencies[j]);
        FloatVector t = half.fma(w, FloatVector.broadcast(FLOATS, ROUND));
        FloatVector k = t.sub(ROUND);
        FloatVector r = k.fma(FloatVector.broadcast(FLOATS, -PI_LOW),
            k.fma(FloatVector.broadcast(FLOATS, -PI_HIGH), x.mul(w)));
        FloatVector z = r.mul(r);
        FloatVector p = z.fma(FloatVector.broadcast(FLOATS, S9), FloatVector.broadcast(FLOATS, S7));
        FloatVector q = z.fma(FloatVector.broadcast(FLOATS, C8), FloatVector.broadcast(FLOATS, C6));
        p = p.fma(z, FloatVector.broadcast(FLOATS, S5));
        q = q.fma(z, FloatVector.broadcast(FLOATS, C4));
        p = p.fma(z, FloatVector.broadcast(FLOATS, S3));
        q = q.fma(z, FloatVector.broadcast(FLOATS, C2));
        FloatVector s = p.fma(r.mul(z), r);
        FloatVector c = q.fma(z, FloatVector.broadcast(FLOATS, 1f));
        IntVector sign = t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 31);
        s.reinterpretAsInts().lanewise(VectorOperators.XOR, sign).reinterpretAsFloats().intoArray(tile, rows + to);
        c.reinterpretAsInts().lanewise(VectorOperators.XOR, sign).reinterpretAsFloats().intoArray(tile, cosines + to);
      }
      x.intoArray(tile, rows + n * TILE + v);
    }
  }

  /**
   * {@link VectorFieldKernels#features} on blocks, and where {@code weight} is not 0 {@link
   * VectorFieldKernels#divergence}.
   *
   * @param scratch {@link #scratch} floats per block
   * @param identity 0, 1, 2, … as far as there are features
   */
  public static void features(int begin, int end, float[] phi, float[] h, double[] logJacobian, float[] frequencies,
      float[] mixing, float[] diagonal, int time, float weight, float[] scratch, int[] identity, int sites,
      int features, int n) {
    int width = sites * LANES;
    int perBlock = scratch(features, n);
    for (int block = begin; block < end; block++) {
      int tile = block * perBlock;
      int rows = tile + TILE;
      int cosines = rows + (n + 1) * TILE;
      for (int at = 0; at < width; at += TILE) {
        int count = Math.min(TILE, width - at);
        load(phi, block * width + at, count, scratch, tile);
        if (weight == 0) {
          sines(scratch, tile, frequencies, n, rows);
        } else {
          sinesAndCosines(scratch, tile, frequencies, n, rows, cosines);
          divergence(scratch, cosines, count, frequencies, diagonal, time * (n + 1), n, weight, logJacobian,
              block * LANES, tile);
        }
        FourierVector.multiply(features, n + 1, mixing, scratch, rows / TILE, h, identity,
            block * features * width + at, width, W, count / W);
      }
    }
  }

  /** Adds the divergence of a tile, whose φ is overwritten. */
  private static void divergence(float[] scratch, int cosines, int count, float[] frequencies, float[] diagonal,
      int from, int n, float weight, double[] logJacobian, int item, int tile) {
    for (int v = 0; v < count; v += W) {
      FloatVector even = FloatVector.broadcast(FLOATS, diagonal[from + n]);
      FloatVector odd = FloatVector.zero(FLOATS);
      int at = cosines + v;
      int j = 0;
      for (; j + 1 < n; j += 2, at += 2 * TILE) {
        even = FloatVector.fromArray(FLOATS, scratch, at)
            .fma(FloatVector.broadcast(FLOATS, diagonal[from + j] * frequencies[j]), even);
        odd = FloatVector.fromArray(FLOATS, scratch, at + TILE)
            .fma(FloatVector.broadcast(FLOATS, diagonal[from + j + 1] * frequencies[j + 1]), odd);
      }
      if (j < n) {
        even = FloatVector.fromArray(FLOATS, scratch, at)
            .fma(FloatVector.broadcast(FLOATS, diagonal[from + j] * frequencies[j]), even);
      }
      even.add(odd).intoArray(scratch, tile + v);
    }
    for (int e = 0; e < count; e++) {
      logJacobian[item + e % LANES] += weight * (double) scratch[tile + e];
    }
  }

  /** {@link VectorFieldKernels#combine} on blocks. */
  public static void combine(int begin, int end, float[] modes, float[] velocity, float[] kernel, int time,
      int[] orbitOf, int orbits, int sites, int features) {
    int width = sites * LANES;
    for (int block = begin; block < end; block++) {
      for (int at = 0; at < width; at += W) {
        int weights = (time * orbits + orbitOf[at / LANES]) * features;
        int from = block * features * width + at;
        FloatVector even = FloatVector.zero(FLOATS);
        FloatVector odd = even;
        int f = 0;
        for (; f + 1 < features; f += 2, from += 2 * width) {
          even = FloatVector.fromArray(FLOATS, modes, from)
              .fma(FloatVector.broadcast(FLOATS, kernel[weights + f]), even);
          odd = FloatVector.fromArray(FLOATS, modes, from + width)
              .fma(FloatVector.broadcast(FLOATS, kernel[weights + f + 1]), odd);
        }
        if (f < features) {
          even = FloatVector.fromArray(FLOATS, modes, from)
              .fma(FloatVector.broadcast(FLOATS, kernel[weights + f]), even);
        }
        even.add(odd).intoArray(velocity, block * width + at);
      }
    }
  }

  /** {@link VectorFieldKernels#kernelAdjoint} on blocks. */
  public static void kernelAdjoint(int begin, int end, float[] modes, float[] adjoint, float[] kernel,
      double[] gradient, int time, int times, int[] orbitModes, int[] orbitStart, float[] scratch, int sites,
      int features, int n) {
    int width = sites * LANES;
    int orbits = orbitStart.length - 1;
    int perBlock = scratch(features, n);
    for (int block = begin; block < end; block++) {
      int tile = block * perBlock;
      for (int orbit = 0; orbit < orbits; orbit++) {
        int weights = (time * orbits + orbit) * features;
        int sums = ((block * times + time) * orbits + orbit) * features;
        for (int f = 0; f < features; f++) {
          int field = (block * features + f) * width;
          for (int v = 0; v < LANES; v += W) {
            FloatVector w = FloatVector.broadcast(FLOATS, kernel[weights + f]);
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int i = orbitStart[orbit]; i < orbitStart[orbit + 1]; i++) {
              int at = orbitModes[i] * LANES + v;
              FloatVector a = FloatVector.fromArray(FLOATS, adjoint, block * width + at);
              sum = FloatVector.fromArray(FLOATS, modes, field + at).fma(a, sum);
              a.mul(w).intoArray(modes, field + at);
            }
            sum.intoArray(scratch, tile + v);
          }
          double total = 0;
          for (int lane = 0; lane < LANES; lane++) {
            total += scratch[tile + lane];
          }
          gradient[sums + f] += total;
        }
      }
    }
  }

  /**
   * {@link VectorFieldKernels#fieldGradient} and {@link VectorFieldKernels#parameterGradients} on blocks.
   *
   * @param mixingTransposed A, [j][feature]
   * @param mixingSums gradient of A, [block][feature][n + 1][lanes]
   * @param frequencySums gradient of ω, [block][n][lanes]
   * @param diagonalSums gradient of c, [block][time][n + 1][lanes]; of these three, the sums over the lanes count
   */
  public static void gradients(int begin, int end, float[] phi, float[] g, float[] result, float[] frequencies,
      float[] mixingTransposed, float[] diagonal, int time, int times, float delta, float[] mixingSums,
      float[] frequencySums, float[] diagonalSums, float[] scratch, int[] identity, int sites, int features, int n) {
    int width = sites * LANES;
    int perBlock = scratch(features, n);
    int rowsSize = (n + 1) * TILE;
    for (int block = begin; block < end; block++) {
      int tile = block * perBlock;
      int rows = tile + TILE;
      int cosines = rows + TILES * rowsSize;
      int given = cosines + TILES * rowsSize;
      int back = given + TILES * features * TILE;
      int open = 0;
      for (int at = 0; at < width; at += TILE) {
        int count = Math.min(TILE, width - at);
        int s = rows + open * rowsSize;
        int c = cosines + open * rowsSize;
        int a = given + open * features * TILE;
        load(phi, block * width + at, count, scratch, tile);
        sinesAndCosines(scratch, tile, frequencies, n, s, c);
        for (int f = 0; f < features; f++) {
          System.arraycopy(g, (block * features + f) * width + at, scratch, a + f * TILE, count);
          Arrays.fill(scratch, a + f * TILE + count, a + (f + 1) * TILE, 0f);
        }
        FourierVector.multiply(n + 1, features, mixingTransposed, scratch, a / TILE, scratch, identity, back,
            TILE, W, FourierVector.FOLDED);
        if (count < TILE) {
          for (int j = 0; j < n; j++) {
            Arrays.fill(scratch, s + j * TILE + count, s + (j + 1) * TILE, 0f);
            Arrays.fill(scratch, c + j * TILE + count, c + (j + 1) * TILE, 0f);
          }
        }
        tileGradient(scratch, tile, s, c, back, frequencies, diagonal, time * (n + 1), delta, frequencySums,
            block * n * LANES, diagonalSums, (block * times + time) * (n + 1) * LANES, n);
        diagonalSums[((block * times + time) * (n + 1) + n) * LANES] += delta * count;
        System.arraycopy(scratch, back, result, block * width + at, count);
        open++;
        if (open == TILES || at + TILE >= width) {
          products(scratch, rows, rowsSize, given, open, mixingSums, block * features * (n + 1) * LANES, features, n);
          open = 0;
        }
      }
    }
  }

  /**
   * φ̄ of a tile into the first row of {@code back}, which held Σ_f A_fj g_f; adds to the sums over the tile for ω
   * and c.
   */
  private static void tileGradient(float[] scratch, int tile, int sines, int cosines, int back, float[] frequencies,
      float[] diagonal, int from, float delta, float[] frequencySums, int frequencyAt, float[] diagonalSums,
      int diagonalAt, int n) {
    FloatVector x0 = FloatVector.fromArray(FLOATS, scratch, tile + 0 * W);
    FloatVector x1 = FloatVector.fromArray(FLOATS, scratch, tile + 1 * W);
    FloatVector x2 = FloatVector.fromArray(FLOATS, scratch, tile + 2 * W);
    FloatVector x3 = FloatVector.fromArray(FLOATS, scratch, tile + 3 * W);
    FloatVector b0 = FloatVector.fromArray(FLOATS, scratch, back + n * TILE + 0 * W);
    FloatVector b1 = FloatVector.fromArray(FLOATS, scratch, back + n * TILE + 1 * W);
    FloatVector b2 = FloatVector.fromArray(FLOATS, scratch, back + n * TILE + 2 * W);
    FloatVector b3 = FloatVector.fromArray(FLOATS, scratch, back + n * TILE + 3 * W);
    for (int j = 0; j < n; j++) {
      int at = j * TILE;
      float c = delta * diagonal[from + j];
      float wj = frequencies[j];
      FloatVector w = FloatVector.broadcast(FLOATS, wj);
      FloatVector second = FloatVector.broadcast(FLOATS, -c * wj * wj);
      FloatVector cos = FloatVector.fromArray(FLOATS, scratch, cosines + at);
      FloatVector sin = FloatVector.fromArray(FLOATS, scratch, sines + at);
      FloatVector p = FloatVector.fromArray(FLOATS, scratch, back + at).mul(cos);
      b0 = sin.fma(second, p.fma(w, b0));
      FloatVector px = p.mul(x0);
      FloatVector sx = sin.mul(x0);
      FloatVector sum = cos;
      cos = FloatVector.fromArray(FLOATS, scratch, cosines + at + 1 * W);
      sin = FloatVector.fromArray(FLOATS, scratch, sines + at + 1 * W);
      p = FloatVector.fromArray(FLOATS, scratch, back + at + 1 * W).mul(cos);
      b1 = sin.fma(second, p.fma(w, b1));
      px = p.fma(x1, px);
      sx = sin.fma(x1, sx);
      sum = sum.add(cos);
      cos = FloatVector.fromArray(FLOATS, scratch, cosines + at + 2 * W);
      sin = FloatVector.fromArray(FLOATS, scratch, sines + at + 2 * W);
      p = FloatVector.fromArray(FLOATS, scratch, back + at + 2 * W).mul(cos);
      b2 = sin.fma(second, p.fma(w, b2));
      px = p.fma(x2, px);
      sx = sin.fma(x2, sx);
      sum = sum.add(cos);
      cos = FloatVector.fromArray(FLOATS, scratch, cosines + at + 3 * W);
      sin = FloatVector.fromArray(FLOATS, scratch, sines + at + 3 * W);
      p = FloatVector.fromArray(FLOATS, scratch, back + at + 3 * W).mul(cos);
      b3 = sin.fma(second, p.fma(w, b3));
      px = p.fma(x3, px);
      sx = sin.fma(x3, sx);
      sum = sum.add(cos);
      FloatVector.fromArray(FLOATS, diagonalSums, diagonalAt + j * LANES)
          .add(sum.mul(delta * wj)).intoArray(diagonalSums, diagonalAt + j * LANES);
      sum.sub(sx.mul(wj)).mul(c).add(px).add(FloatVector.fromArray(FLOATS, frequencySums, frequencyAt + j * LANES))
          .intoArray(frequencySums, frequencyAt + j * LANES);
    }
    b0.intoArray(scratch, back + 0 * W);
    b1.intoArray(scratch, back + 1 * W);
    b2.intoArray(scratch, back + 2 * W);
    b3.intoArray(scratch, back + 3 * W);
  }

  /** Adds Σ g_f s_j over the open tiles to the sums for A, 4 × 5 of them at a time. */
  private static void products(float[] scratch, int rows, int rowsSize, int given, int open, float[] sums, int at,
      int features, int n) {
    int columns = n + 1;
    int f = 0;
    for (; f + 4 <= features; f += 4) {
      int j = 0;
      for (; j + 5 <= columns; j += 5) {
        products4x5(scratch, rows + j * TILE, rowsSize, given + f * TILE, features * TILE, open, sums,
            at + (f * columns + j) * LANES, columns * LANES);
      }
      for (; j < columns; j++) {
        for (int i = 0; i < 4; i++) {
          product(scratch, rows + j * TILE, rowsSize, given + (f + i) * TILE, features * TILE, open, sums,
              at + ((f + i) * columns + j) * LANES);
        }
      }
    }
    for (; f < features; f++) {
      for (int j = 0; j < columns; j++) {
        product(scratch, rows + j * TILE, rowsSize, given + f * TILE, features * TILE, open, sums,
            at + (f * columns + j) * LANES);
      }
    }
  }

  private static void product(
      float[] scratch, int row, int rowsSize, int given, int givenSize, int open, float[] sums, int at) {
    FloatVector sum = FloatVector.fromArray(FLOATS, sums, at);
    for (int t = 0; t < open; t++) {
      for (int v = 0; v < TILE; v += W) {
        sum = FloatVector.fromArray(FLOATS, scratch, row + t * rowsSize + v)
            .fma(FloatVector.fromArray(FLOATS, scratch, given + t * givenSize + v), sum);
      }
    }
    sum.intoArray(sums, at);
  }

  private static void products4x5(float[] scratch, int row, int rowsSize, int given, int givenSize, int open,
      float[] sums, int at, int step) {
    FloatVector p00 = FloatVector.fromArray(FLOATS, sums, at);
    FloatVector p01 = FloatVector.fromArray(FLOATS, sums, at + LANES);
    FloatVector p02 = FloatVector.fromArray(FLOATS, sums, at + 2 * LANES);
    FloatVector p03 = FloatVector.fromArray(FLOATS, sums, at + 3 * LANES);
    FloatVector p04 = FloatVector.fromArray(FLOATS, sums, at + 4 * LANES);
    FloatVector p10 = FloatVector.fromArray(FLOATS, sums, at + step);
    FloatVector p11 = FloatVector.fromArray(FLOATS, sums, at + step + LANES);
    FloatVector p12 = FloatVector.fromArray(FLOATS, sums, at + step + 2 * LANES);
    FloatVector p13 = FloatVector.fromArray(FLOATS, sums, at + step + 3 * LANES);
    FloatVector p14 = FloatVector.fromArray(FLOATS, sums, at + step + 4 * LANES);
    FloatVector p20 = FloatVector.fromArray(FLOATS, sums, at + 2 * step);
    FloatVector p21 = FloatVector.fromArray(FLOATS, sums, at + 2 * step + LANES);
    FloatVector p22 = FloatVector.fromArray(FLOATS, sums, at + 2 * step + 2 * LANES);
    FloatVector p23 = FloatVector.fromArray(FLOATS, sums, at + 2 * step + 3 * LANES);
    FloatVector p24 = FloatVector.fromArray(FLOATS, sums, at + 2 * step + 4 * LANES);
    FloatVector p30 = FloatVector.fromArray(FLOATS, sums, at + 3 * step);
    FloatVector p31 = FloatVector.fromArray(FLOATS, sums, at + 3 * step + LANES);
    FloatVector p32 = FloatVector.fromArray(FLOATS, sums, at + 3 * step + 2 * LANES);
    FloatVector p33 = FloatVector.fromArray(FLOATS, sums, at + 3 * step + 3 * LANES);
    FloatVector p34 = FloatVector.fromArray(FLOATS, sums, at + 3 * step + 4 * LANES);
    for (int t = 0; t < open; t++) {
      for (int v = 0; v < TILE; v += W) {
        int from = given + t * givenSize + v;
        FloatVector g0 = FloatVector.fromArray(FLOATS, scratch, from);
        FloatVector g1 = FloatVector.fromArray(FLOATS, scratch, from + TILE);
        FloatVector g2 = FloatVector.fromArray(FLOATS, scratch, from + 2 * TILE);
        FloatVector g3 = FloatVector.fromArray(FLOATS, scratch, from + 3 * TILE);
        int sines = row + t * rowsSize + v;
        FloatVector s = FloatVector.fromArray(FLOATS, scratch, sines);
        p00 = s.fma(g0, p00);
        p10 = s.fma(g1, p10);
        p20 = s.fma(g2, p20);
        p30 = s.fma(g3, p30);
        s = FloatVector.fromArray(FLOATS, scratch, sines + TILE);
        p01 = s.fma(g0, p01);
        p11 = s.fma(g1, p11);
        p21 = s.fma(g2, p21);
        p31 = s.fma(g3, p31);
        s = FloatVector.fromArray(FLOATS, scratch, sines + 2 * TILE);
        p02 = s.fma(g0, p02);
        p12 = s.fma(g1, p12);
        p22 = s.fma(g2, p22);
        p32 = s.fma(g3, p32);
        s = FloatVector.fromArray(FLOATS, scratch, sines + 3 * TILE);
        p03 = s.fma(g0, p03);
        p13 = s.fma(g1, p13);
        p23 = s.fma(g2, p23);
        p33 = s.fma(g3, p33);
        s = FloatVector.fromArray(FLOATS, scratch, sines + 4 * TILE);
        p04 = s.fma(g0, p04);
        p14 = s.fma(g1, p14);
        p24 = s.fma(g2, p24);
        p34 = s.fma(g3, p34);
      }
    }
    p00.intoArray(sums, at);
    p01.intoArray(sums, at + LANES);
    p02.intoArray(sums, at + 2 * LANES);
    p03.intoArray(sums, at + 3 * LANES);
    p04.intoArray(sums, at + 4 * LANES);
    p10.intoArray(sums, at + step);
    p11.intoArray(sums, at + step + LANES);
    p12.intoArray(sums, at + step + 2 * LANES);
    p13.intoArray(sums, at + step + 3 * LANES);
    p14.intoArray(sums, at + step + 4 * LANES);
    p20.intoArray(sums, at + 2 * step);
    p21.intoArray(sums, at + 2 * step + LANES);
    p22.intoArray(sums, at + 2 * step + 2 * LANES);
    p23.intoArray(sums, at + 2 * step + 3 * LANES);
    p24.intoArray(sums, at + 2 * step + 4 * LANES);
    p30.intoArray(sums, at + 3 * step);
    p31.intoArray(sums, at + 3 * step + LANES);
    p32.intoArray(sums, at + 3 * step + 2 * LANES);
    p33.intoArray(sums, at + 3 * step + 3 * LANES);
    p34.intoArray(sums, at + 3 * step + 4 * LANES);
  }

  /** {@link VectorFieldKernels#weightedSum} on the elements {@code begin <= element < end}, whole vectors. */
  public static void weightedSum(int begin, int end, float[] out, float[] x0, float[] x1, float[] x2, float[] x3,
      float[] x4, float c0, float c1, float c2, float c3, float c4) {
    for (int e = begin; e < end; e += W) {
      FloatVector sum = FloatVector.fromArray(FLOATS, x0, e).mul(c0);
      sum = sum.add(FloatVector.fromArray(FLOATS, x1, e).mul(c1));
      sum = sum.add(FloatVector.fromArray(FLOATS, x2, e).mul(c2));
      sum = sum.add(FloatVector.fromArray(FLOATS, x3, e).mul(c3));
      sum.add(FloatVector.fromArray(FLOATS, x4, e).mul(c4)).intoArray(out, e);
    }
  }

  /** {@link VectorFieldKernels#weightedPair} on the elements {@code begin <= element < end}, whole vectors. */
  public static void weightedPair(int begin, int end, float[] out, float[] x, float[] y, float a, float b) {
    for (int e = begin; e < end; e += W) {
      FloatVector.fromArray(FLOATS, x, e).mul(a).add(FloatVector.fromArray(FLOATS, y, e).mul(b)).intoArray(out, e);
    }
  }
}
