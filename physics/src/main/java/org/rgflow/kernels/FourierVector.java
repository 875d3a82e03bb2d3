package org.rgflow.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Fourier transforms of many real lines side by side, one line per vector lane.
 *
 * <p>A line vector is {@link #WIDTH} lines of n elements; element j of vector v is the {@code WIDTH}
 * floats from {@code base + j * step + v * next}. Two methods:
 * <ul>
 * <li>folded matrices: by the symmetry of cosine and sine about n/2 a line is folded into the sums and
 *     differences of its elements j and n−j, to which two matrices of half the size apply, 4 vectors
 *     at a time; unbeaten up to about 30 elements, and for large prime factors;
 * <li>Stockham's autosorting FFT with factors 8, 4, 2, 3, 5 and any odd number, on complex lines made of two
 *     real ones: element j of a complex line is its real vector at {@code base + j * step} and its
 *     imaginary one {@code imaginary} floats further. See C. Van Loan, "Computational Frameworks for the
 *     Fast Fourier Transform", SIAM 1992, §1.7 (Stockham) and §4.3 (two real sequences at once).
 * </ul>
 *
 * <p>Each body is one loop without helper methods, so that the compiler keeps every vector in a register.
 */
public final class FourierVector {
  private static final VectorSpecies<Float> FLOATS =
      FloatVector.SPECIES_PREFERRED.length() > 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;
  /** Lines per vector: 4, 8 or 16. */
  public static final int WIDTH = FLOATS.length();
  /** Half of them. */
  public static final int HALF_WIDTH = WIDTH / 2;
  private static final VectorSpecies<Float> HALF =
      VectorSpecies.of(float.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));
  /** Vectors that the folded bodies work on at once. */
  public static final int FOLDED = 4;

  /** For each exchange distance d = 1, 2, 4, …: where the lanes of the two resulting vectors come from. */
  private static final int[][] LOWER = exchange(0);
  private static final int[][] UPPER = exchange(1);
  private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);

  private FourierVector() {}

  private static int[][] exchange(int upper) {
    int[][] tables = new int[Integer.numberOfTrailingZeros(WIDTH)][WIDTH];
    for (int stage = 0; stage < tables.length; stage++) {
      int d = 1 << stage;
      for (int lane = 0; lane < WIDTH; lane++) {
        int from = (lane & ~d) + upper * d;
        tables[stage][lane] = (lane & d) == 0 ? from : WIDTH + from;
      }
    }
    return tables;
  }

  /**
   * Rows {@code 0 … n/2} of {@code folded}, [row][4][WIDTH]: x_0, x_j + x_(n−j) and for even n x_(n/2); the
   * rows after them: x_j − x_(n−j), j = 1 … (n−1)/2.
   *
   * @param vectors 1 to 4 vectors present; the others repeat the last
   */
  public static void fold(int n, float[] in, int base, int step, int next, int vectors, float[] folded) {
    int half = n / 2;
    int odd = (half + 1) * FOLDED * WIDTH;
    for (int v = 0; v < FOLDED; v++) {
      int from = base + Math.min(v, vectors - 1) * next;
      int to = v * WIDTH;
      FloatVector.fromArray(FLOATS, in, from).intoArray(folded, to);
      for (int j = 1; j <= (n - 1) / 2; j++) {
        FloatVector a = FloatVector.fromArray(FLOATS, in, from + j * step);
        FloatVector b = FloatVector.fromArray(FLOATS, in, from + (n - j) * step);
        a.add(b).intoArray(folded, to + j * FOLDED * WIDTH);
        a.sub(b).intoArray(folded, odd + to + (j - 1) * FOLDED * WIDTH);
      }
      if ((n & 1) == 0) {
        FloatVector.fromArray(FLOATS, in, from + half * step).intoArray(folded, to + half * FOLDED * WIDTH);
      }
    }
  }

  /** The inverse of {@link #fold} up to a factor: x_j = e_j + o_j, x_(n−j) = e_j − o_j. */
  public static void unfold(int n, float[] folded, float[] out, int base, int step, int next, int vectors) {
    int half = n / 2;
    int odd = (half + 1) * FOLDED * WIDTH;
    for (int v = 0; v < vectors; v++) {
      int from = v * WIDTH;
      int to = base + v * next;
      FloatVector.fromArray(FLOATS, folded, from).intoArray(out, to);
      for (int j = 1; j <= (n - 1) / 2; j++) {
        FloatVector e = FloatVector.fromArray(FLOATS, folded, from + j * FOLDED * WIDTH);
        FloatVector o = FloatVector.fromArray(FLOATS, folded, odd + from + (j - 1) * FOLDED * WIDTH);
        e.add(o).intoArray(out, to + j * step);
        e.sub(o).intoArray(out, to + (n - j) * step);
      }
      if ((n & 1) == 0) {
        FloatVector.fromArray(FLOATS, folded, from + half * FOLDED * WIDTH).intoArray(out, to + half * step);
      }
    }
  }

  /** Copies modes into the order of the folded matrices: all cosines (mode 0 first), then all sines. */
  public static void sortModes(int n, float[] in, int base, int step, int next, int vectors, float[] sorted) {
    int cosines = n / 2 + 1;
    for (int v = 0; v < FOLDED; v++) {
      int from = base + Math.min(v, vectors - 1) * next;
      for (int k = 0; k < n; k++) {
        int row = k < cosines ? k : k - cosines + 1;
        int mode = k == 0 ? 0 : k < cosines ? 2 * row - 1 : 2 * row;
        FloatVector.fromArray(FLOATS, in, from + mode * step).intoArray(sorted, (k * FOLDED + v) * WIDTH);
      }
    }
  }

  /**
   * A small matrix product, {@code out_r = Σ_k matrix[r][k] x_k}, for 4 vectors: x_k the rows of {@code in} from
   * {@code row}, [k][4][WIDTH]; out_r to {@code base + at[r] * step + v * next} for the vectors present. The
   * sums use fused multiply-add.
   */
  public static void multiply(int rows, int columns, float[] matrix, float[] in, int row, float[] out, int[] at,
      int base, int step, int next, int vectors) {
    int first = row * FOLDED * WIDTH;
    int v1 = Math.min(1, vectors - 1) * next;
    int v2 = Math.min(2, vectors - 1) * next;
    int v3 = Math.min(3, vectors - 1) * next;
    int done = 0;
    while (done < rows) {
      if (rows >= 3) {
        // The last rows may be computed twice.
        int r = Math.min(done, rows - 3);
        FloatVector s00 = FloatVector.zero(FLOATS);
        FloatVector s01 = FloatVector.zero(FLOATS);
        FloatVector s02 = FloatVector.zero(FLOATS);
        FloatVector s03 = FloatVector.zero(FLOATS);
        FloatVector s10 = FloatVector.zero(FLOATS);
        FloatVector s11 = FloatVector.zero(FLOATS);
        FloatVector s12 = FloatVector.zero(FLOATS);
        FloatVector s13 = FloatVector.zero(FLOATS);
        FloatVector s20 = FloatVector.zero(FLOATS);
        FloatVector s21 = FloatVector.zero(FLOATS);
        FloatVector s22 = FloatVector.zero(FLOATS);
        FloatVector s23 = FloatVector.zero(FLOATS);
        for (int k = 0, x = first, m = r * columns; k < columns; k++, x += FOLDED * WIDTH, m++) {
          FloatVector x0 = FloatVector.fromArray(FLOATS, in, x);
          FloatVector x1 = FloatVector.fromArray(FLOATS, in, x + WIDTH);
          FloatVector x2 = FloatVector.fromArray(FLOATS, in, x + 2 * WIDTH);
          FloatVector x3 = FloatVector.fromArray(FLOATS, in, x + 3 * WIDTH);
          FloatVector c0 = FloatVector.broadcast(FLOATS, matrix[m]);
          s00 = x0.fma(c0, s00);
          s01 = x1.fma(c0, s01);
          s02 = x2.fma(c0, s02);
          s03 = x3.fma(c0, s03);
          FloatVector c1 = FloatVector.broadcast(FLOATS, matrix[m + columns]);
          s10 = x0.fma(c1, s10);
          s11 = x1.fma(c1, s11);
          s12 = x2.fma(c1, s12);
          s13 = x3.fma(c1, s13);
          FloatVector c2 = FloatVector.broadcast(FLOATS, matrix[m + 2 * columns]);
          s20 = x0.fma(c2, s20);
          s21 = x1.fma(c2, s21);
          s22 = x2.fma(c2, s22);
          s23 = x3.fma(c2, s23);
        }
        int to0 = base + at[r] * step;
        s00.intoArray(out, to0);
        s01.intoArray(out, to0 + v1);
        s02.intoArray(out, to0 + v2);
        s03.intoArray(out, to0 + v3);
        int to1 = base + at[r + 1] * step;
        s10.intoArray(out, to1);
        s11.intoArray(out, to1 + v1);
        s12.intoArray(out, to1 + v2);
        s13.intoArray(out, to1 + v3);
        int to2 = base + at[r + 2] * step;
        s20.intoArray(out, to2);
        s21.intoArray(out, to2 + v1);
        s22.intoArray(out, to2 + v2);
        s23.intoArray(out, to2 + v3);
        done = r + 3;
      } else {
        int r = done;
        FloatVector s00 = FloatVector.zero(FLOATS);
        FloatVector s01 = FloatVector.zero(FLOATS);
        FloatVector s02 = FloatVector.zero(FLOATS);
        FloatVector s03 = FloatVector.zero(FLOATS);
        for (int k = 0, x = first, m = r * columns; k < columns; k++, x += FOLDED * WIDTH, m++) {
          FloatVector x0 = FloatVector.fromArray(FLOATS, in, x);
          FloatVector x1 = FloatVector.fromArray(FLOATS, in, x + WIDTH);
          FloatVector x2 = FloatVector.fromArray(FLOATS, in, x + 2 * WIDTH);
          FloatVector x3 = FloatVector.fromArray(FLOATS, in, x + 3 * WIDTH);
          FloatVector c0 = FloatVector.broadcast(FLOATS, matrix[m]);
          s00 = x0.fma(c0, s00);
          s01 = x1.fma(c0, s01);
          s02 = x2.fma(c0, s02);
          s03 = x3.fma(c0, s03);
        }
        int to0 = base + at[r] * step;
        s00.intoArray(out, to0);
        s01.intoArray(out, to0 + v1);
        s02.intoArray(out, to0 + v2);
        s03.intoArray(out, to0 + v3);
        done = r + 1;
      }
    }
  }

  private static final float HALF_ROOT = 0.70710678118654752f;
  private static final float COS1 = 0.30901699437494742f;
  private static final float SIN1 = 0.95105651629515357f;
  private static final float COS2 = -0.80901699437494742f;
  private static final float SIN2 = 0.58778525229247313f;

  /**
   * One pass of radix 2: sub-transforms of length 2·m with s of them interleaved,
   * {@code out[q + s(2p + k)] = w^(pk) Σ_i in[q + s(p + mi)] e^(−2πiik/2)}, w = e^(−2πi/(2m)).
   *
   * @param twiddles [p][k−1] of (cos, sin) of 2πpk/(2m), with the sign of the forward transform: (re, im) of w^(pk)
   */
  public static void radix2(int m, int s, float[] twiddles, float[] in, int inBase, int inStep, int inImaginary,
      float[] out, int outBase, int outStep, int outImaginary) {
    for (int p = 0, t = 0; p < m; p++, t += 2) {
      float c1 = twiddles[t];
      float d1 = twiddles[t + 1];
      for (int q = 0; q < s; q++) {
        int from = inBase + (q + s * p) * inStep;
        int to = outBase + (q + 2 * s * p) * outStep;
        int hop = s * m * inStep;
        int skip = s * outStep;
        FloatVector r0 = FloatVector.fromArray(FLOATS, in, from);
        FloatVector i0 = FloatVector.fromArray(FLOATS, in, from + inImaginary);
        FloatVector r1 = FloatVector.fromArray(FLOATS, in, from + hop);
        FloatVector i1 = FloatVector.fromArray(FLOATS, in, from + hop + inImaginary);
        r0.add(r1).intoArray(out, to);
        i0.add(i1).intoArray(out, to + outImaginary);
        FloatVector y1 = r0.sub(r1);
        FloatVector z1 = i0.sub(i1);
        y1.mul(c1).sub(z1.mul(d1)).intoArray(out, to + skip);
        y1.mul(d1).add(z1.mul(c1)).intoArray(out, to + skip + outImaginary);
      }
    }
  }

  /**
   * One pass of radix 3: sub-transforms of length 3·m with s of them interleaved,
   * {@code out[q + s(3p + k)] = w^(pk) Σ_i in[q + s(p + mi)] e^(−2πiik/3)}, w = e^(−2πi/(3m)).
   *
   * @param twiddles [p][k−1] of (cos, sin) of 2πpk/(3m), with the sign of the forward transform: (re, im) of w^(pk)
   */
  public static void radix3(int m, int s, float[] twiddles, float[] in, int inBase, int inStep, int inImaginary,
      float[] out, int outBase, int outStep, int outImaginary) {
    for (int p = 0, t = 0; p < m; p++, t += 4) {
      float c1 = twiddles[t];
      float d1 = twiddles[t + 1];
      float c2 = twiddles[t + 2];
      float d2 = twiddles[t + 3];
      for (int q = 0; q < s; q++) {
        int from = inBase + (q + s * p) * inStep;
        int to = outBase + (q + 3 * s * p) * outStep;
        int hop = s * m * inStep;
        int skip = s * outStep;
        FloatVector r0 = FloatVector.fromArray(FLOATS, in, from);
        FloatVector i0 = FloatVector.fromArray(FLOATS, in, from + inImaginary);
        FloatVector r1 = FloatVector.fromArray(FLOATS, in, from + hop);
        FloatVector i1 = FloatVector.fromArray(FLOATS, in, from + hop + inImaginary);
        FloatVector r2 = FloatVector.fromArray(FLOATS, in, from + 2 * hop);
        FloatVector i2 = FloatVector.fromArray(FLOATS, in, from + 2 * hop + inImaginary);
        FloatVector ur = r1.add(r2);
        FloatVector ui = i1.add(i2);
        FloatVector vr = r1.sub(r2).mul(0.86602540378443865f);
        FloatVector vi = i1.sub(i2).mul(0.86602540378443865f);
        FloatVector ar = r0.sub(ur.mul(0.5f));
        FloatVector ai = i0.sub(ui.mul(0.5f));
        r0.add(ur).intoArray(out, to);
        i0.add(ui).intoArray(out, to + outImaginary);
        FloatVector y1 = ar.add(vi);
        FloatVector z1 = ai.sub(vr);
        y1.mul(c1).sub(z1.mul(d1)).intoArray(out, to + skip);
        y1.mul(d1).add(z1.mul(c1)).intoArray(out, to + skip + outImaginary);
        FloatVector y2 = ar.sub(vi);
        FloatVector z2 = ai.add(vr);
        y2.mul(c2).sub(z2.mul(d2)).intoArray(out, to + 2 * skip);
        y2.mul(d2).add(z2.mul(c2)).intoArray(out, to + 2 * skip + outImaginary);
      }
    }
  }

  /**
   * One pass of radix 4: sub-transforms of length 4·m with s of them interleaved,
   * {@code out[q + s(4p + k)] = w^(pk) Σ_i in[q + s(p + mi)] e^(−2πiik/4)}, w = e^(−2πi/(4m)).
   *
   * @param twiddles [p][k−1] of (cos, sin) of 2πpk/(4m), with the sign of the forward transform: (re, im) of w^(pk)
   */
  public static void radix4(int m, int s, float[] twiddles, float[] in, int inBase, int inStep, int inImaginary,
      float[] out, int outBase, int outStep, int outImaginary) {
    for (int p = 0, t = 0; p < m; p++, t += 6) {
      float c1 = twiddles[t];
      float d1 = twiddles[t + 1];
      float c2 = twiddles[t + 2];
      float d2 = twiddles[t + 3];
      float c3 = twiddles[t + 4];
      float d3 = twiddles[t + 5];
      for (int q = 0; q < s; q++) {
        int from = inBase + (q + s * p) * inStep;
        int to = outBase + (q + 4 * s * p) * outStep;
        int hop = s * m * inStep;
        int skip = s * outStep;
        FloatVector r0 = FloatVector.fromArray(FLOATS, in, from);
        FloatVector i0 = FloatVector.fromArray(FLOATS, in, from + inImaginary);
        FloatVector r1 = FloatVector.fromArray(FLOATS, in, from + hop);
        FloatVector i1 = FloatVector.fromArray(FLOATS, in, from + hop + inImaginary);
        FloatVector r2 = FloatVector.fromArray(FLOATS, in, from + 2 * hop);
        FloatVector i2 = FloatVector.fromArray(FLOATS, in, from + 2 * hop + inImaginary);
        FloatVector r3 = FloatVector.fromArray(FLOATS, in, from + 3 * hop);
        FloatVector i3 = FloatVector.fromArray(FLOATS, in, from + 3 * hop + inImaginary);
        FloatVector ar = r0.add(r2);
        FloatVector ai = i0.add(i2);
        FloatVector br = r0.sub(r2);
        FloatVector bi = i0.sub(i2);
        FloatVector cr = r1.add(r3);
        FloatVector ci = i1.add(i3);
        FloatVector dr = r1.sub(r3);
        FloatVector di = i1.sub(i3);
        ar.add(cr).intoArray(out, to);
        ai.add(ci).intoArray(out, to + outImaginary);
        FloatVector y1 = br.add(di);
        FloatVector z1 = bi.sub(dr);
        y1.mul(c1).sub(z1.mul(d1)).intoArray(out, to + skip);
        y1.mul(d1).add(z1.mul(c1)).intoArray(out, to + skip + outImaginary);
        FloatVector y2 = ar.sub(cr);
        FloatVector z2 = ai.sub(ci);
        y2.mul(c2).sub(z2.mul(d2)).intoArray(out, to + 2 * skip);
        y2.mul(d2).add(z2.mul(c2)).intoArray(out, to + 2 * skip + outImaginary);
        FloatVector y3 = br.sub(di);
        FloatVector z3 = bi.add(dr);
        y3.mul(c3).sub(z3.mul(d3)).intoArray(out, to + 3 * skip);
        y3.mul(d3).add(z3.mul(c3)).intoArray(out, to + 3 * skip + outImaginary);
      }
    }
  }

  /**
   * One pass of radix 5: sub-transforms of length 5·m with s of them interleaved,
   * {@code out[q + s(5p + k)] = w^(pk) Σ_i in[q + s(p + mi)] e^(−2πiik/5)}, w = e^(−2πi/(5m)).
   *
   * @param twiddles [p][k−1] of (cos, sin) of 2πpk/(5m), with the sign of the forward transform: (re, im) of w^(pk)
   */
  public static void radix5(int m, int s, float[] twiddles, float[] in, int inBase, int inStep, int inImaginary,
      float[] out, int outBase, int outStep, int outImaginary) {
    for (int p = 0, t = 0; p < m; p++, t += 8) {
      float c1 = twiddles[t];
      float d1 = twiddles[t + 1];
      float c2 = twiddles[t + 2];
      float d2 = twiddles[t + 3];
      float c3 = twiddles[t + 4];
      float d3 = twiddles[t + 5];
      float c4 = twiddles[t + 6];
      float d4 = twiddles[t + 7];
      for (int q = 0; q < s; q++) {
        int from = inBase + (q + s * p) * inStep;
        int to = outBase + (q + 5 * s * p) * outStep;
        int hop = s * m * inStep;
        int skip = s * outStep;
        FloatVector r0 = FloatVector.fromArray(FLOATS, in, from);
        FloatVector i0 = FloatVector.fromArray(FLOATS, in, from + inImaginary);
        FloatVector r1 = FloatVector.fromArray(FLOATS, in, from + hop);
        FloatVector i1 = FloatVector.fromArray(FLOATS, in, from + hop + inImaginary);
        FloatVector r2 = FloatVector.fromArray(FLOATS, in, from + 2 * hop);
        FloatVector i2 = FloatVector.fromArray(FLOATS, in, from + 2 * hop + inImaginary);
        FloatVector r3 = FloatVector.fromArray(FLOATS, in, from + 3 * hop);
        FloatVector i3 = FloatVector.fromArray(FLOATS, in, from + 3 * hop + inImaginary);
        FloatVector r4 = FloatVector.fromArray(FLOATS, in, from + 4 * hop);
        FloatVector i4 = FloatVector.fromArray(FLOATS, in, from + 4 * hop + inImaginary);
        FloatVector ur = r1.add(r4);
        FloatVector ui = i1.add(i4);
        FloatVector vr = r1.sub(r4);
        FloatVector vi = i1.sub(i4);
        FloatVector sr = r2.add(r3);
        FloatVector si = i2.add(i3);
        FloatVector tr = r2.sub(r3);
        FloatVector ti = i2.sub(i3);
        FloatVector ar = r0.add(ur.mul(COS1)).add(sr.mul(COS2));
        FloatVector ai = i0.add(ui.mul(COS1)).add(si.mul(COS2));
        FloatVector br = r0.add(ur.mul(COS2)).add(sr.mul(COS1));
        FloatVector bi = i0.add(ui.mul(COS2)).add(si.mul(COS1));
        FloatVector cr = vr.mul(SIN1).add(tr.mul(SIN2));
        FloatVector ci = vi.mul(SIN1).add(ti.mul(SIN2));
        FloatVector dr = vr.mul(SIN2).sub(tr.mul(SIN1));
        FloatVector di = vi.mul(SIN2).sub(ti.mul(SIN1));
        r0.add(ur).add(sr).intoArray(out, to);
        i0.add(ui).add(si).intoArray(out, to + outImaginary);
        FloatVector y1 = ar.add(ci);
        FloatVector z1 = ai.sub(cr);
        y1.mul(c1).sub(z1.mul(d1)).intoArray(out, to + skip);
        y1.mul(d1).add(z1.mul(c1)).intoArray(out, to + skip + outImaginary);
        FloatVector y2 = br.add(di);
        FloatVector z2 = bi.sub(dr);
        y2.mul(c2).sub(z2.mul(d2)).intoArray(out, to + 2 * skip);
        y2.mul(d2).add(z2.mul(c2)).intoArray(out, to + 2 * skip + outImaginary);
        FloatVector y3 = br.sub(di);
        FloatVector z3 = bi.add(dr);
        y3.mul(c3).sub(z3.mul(d3)).intoArray(out, to + 3 * skip);
        y3.mul(d3).add(z3.mul(c3)).intoArray(out, to + 3 * skip + outImaginary);
        FloatVector y4 = ar.sub(ci);
        FloatVector z4 = ai.add(cr);
        y4.mul(c4).sub(z4.mul(d4)).intoArray(out, to + 4 * skip);
        y4.mul(d4).add(z4.mul(c4)).intoArray(out, to + 4 * skip + outImaginary);
      }
    }
  }

  /**
   * One pass of radix 8: sub-transforms of length 8·m with s of them interleaved,
   * {@code out[q + s(8p + k)] = w^(pk) Σ_i in[q + s(p + mi)] e^(−2πiik/8)}, w = e^(−2πi/(8m)).
   *
   * @param twiddles [p][k−1] of (cos, sin) of 2πpk/(8m), with the sign of the forward transform: (re, im) of w^(pk)
   */
  public static void radix8(int m, int s, float[] twiddles, float[] in, int inBase, int inStep, int inImaginary,
      float[] out, int outBase, int outStep, int outImaginary) {
    for (int p = 0, t = 0; p < m; p++, t += 14) {
      float c1 = twiddles[t];
      float d1 = twiddles[t + 1];
      float c2 = twiddles[t + 2];
      float d2 = twiddles[t + 3];
      float c3 = twiddles[t + 4];
      float d3 = twiddles[t + 5];
      float c4 = twiddles[t + 6];
      float d4 = twiddles[t + 7];
      float c5 = twiddles[t + 8];
      float d5 = twiddles[t + 9];
      float c6 = twiddles[t + 10];
      float d6 = twiddles[t + 11];
      float c7 = twiddles[t + 12];
      float d7 = twiddles[t + 13];
      for (int q = 0; q < s; q++) {
        int from = inBase + (q + s * p) * inStep;
        int to = outBase + (q + 8 * s * p) * outStep;
        int hop = s * m * inStep;
        int skip = s * outStep;
        FloatVector r0 = FloatVector.fromArray(FLOATS, in, from);
        FloatVector i0 = FloatVector.fromArray(FLOATS, in, from + inImaginary);
        FloatVector r1 = FloatVector.fromArray(FLOATS, in, from + hop);
        FloatVector i1 = FloatVector.fromArray(FLOATS, in, from + hop + inImaginary);
        FloatVector r2 = FloatVector.fromArray(FLOATS, in, from + 2 * hop);
        FloatVector i2 = FloatVector.fromArray(FLOATS, in, from + 2 * hop + inImaginary);
        FloatVector r3 = FloatVector.fromArray(FLOATS, in, from + 3 * hop);
        FloatVector i3 = FloatVector.fromArray(FLOATS, in, from + 3 * hop + inImaginary);
        FloatVector r4 = FloatVector.fromArray(FLOATS, in, from + 4 * hop);
        FloatVector i4 = FloatVector.fromArray(FLOATS, in, from + 4 * hop + inImaginary);
        FloatVector r5 = FloatVector.fromArray(FLOATS, in, from + 5 * hop);
        FloatVector i5 = FloatVector.fromArray(FLOATS, in, from + 5 * hop + inImaginary);
        FloatVector r6 = FloatVector.fromArray(FLOATS, in, from + 6 * hop);
        FloatVector i6 = FloatVector.fromArray(FLOATS, in, from + 6 * hop + inImaginary);
        FloatVector r7 = FloatVector.fromArray(FLOATS, in, from + 7 * hop);
        FloatVector i7 = FloatVector.fromArray(FLOATS, in, from + 7 * hop + inImaginary);
        FloatVector ar = r0.add(r4);
        FloatVector ai = i0.add(i4);
        FloatVector br = r0.sub(r4);
        FloatVector bi = i0.sub(i4);
        FloatVector cr = r2.add(r6);
        FloatVector ci = i2.add(i6);
        FloatVector dr = r2.sub(r6);
        FloatVector di = i2.sub(i6);
        FloatVector e0r = ar.add(cr);
        FloatVector e0i = ai.add(ci);
        FloatVector e1r = br.add(di);
        FloatVector e1i = bi.sub(dr);
        FloatVector e2r = ar.sub(cr);
        FloatVector e2i = ai.sub(ci);
        FloatVector e3r = br.sub(di);
        FloatVector e3i = bi.add(dr);
        ar = r1.add(r5);
        ai = i1.add(i5);
        br = r1.sub(r5);
        bi = i1.sub(i5);
        cr = r3.add(r7);
        ci = i3.add(i7);
        dr = r3.sub(r7);
        di = i3.sub(i7);
        FloatVector o0r = ar.add(cr);
        FloatVector o0i = ai.add(ci);
        FloatVector ur = br.add(di);
        FloatVector ui = bi.sub(dr);
        FloatVector o2r = ai.sub(ci); // times -i
        FloatVector o2i = cr.sub(ar);
        FloatVector vr = br.sub(di);
        FloatVector vi = bi.add(dr);
        FloatVector o1r = ur.add(ui).mul(HALF_ROOT); // times (1 - i)/sqrt 2
        FloatVector o1i = ui.sub(ur).mul(HALF_ROOT);
        FloatVector o3r = vi.sub(vr).mul(HALF_ROOT); // times (-1 - i)/sqrt 2
        FloatVector o3i = vr.add(vi).mul(-HALF_ROOT);
        e0r.add(o0r).intoArray(out, to);
        e0i.add(o0i).intoArray(out, to + outImaginary);
        FloatVector y1 = e1r.add(o1r);
        FloatVector z1 = e1i.add(o1i);
        y1.mul(c1).sub(z1.mul(d1)).intoArray(out, to + skip);
        y1.mul(d1).add(z1.mul(c1)).intoArray(out, to + skip + outImaginary);
        FloatVector y2 = e2r.add(o2r);
        FloatVector z2 = e2i.add(o2i);
        y2.mul(c2).sub(z2.mul(d2)).intoArray(out, to + 2 * skip);
        y2.mul(d2).add(z2.mul(c2)).intoArray(out, to + 2 * skip + outImaginary);
        FloatVector y3 = e3r.add(o3r);
        FloatVector z3 = e3i.add(o3i);
        y3.mul(c3).sub(z3.mul(d3)).intoArray(out, to + 3 * skip);
        y3.mul(d3).add(z3.mul(c3)).intoArray(out, to + 3 * skip + outImaginary);
        FloatVector y4 = e0r.sub(o0r);
        FloatVector z4 = e0i.sub(o0i);
        y4.mul(c4).sub(z4.mul(d4)).intoArray(out, to + 4 * skip);
        y4.mul(d4).add(z4.mul(c4)).intoArray(out, to + 4 * skip + outImaginary);
        FloatVector y5 = e1r.sub(o1r);
        FloatVector z5 = e1i.sub(o1i);
        y5.mul(c5).sub(z5.mul(d5)).intoArray(out, to + 5 * skip);
        y5.mul(d5).add(z5.mul(c5)).intoArray(out, to + 5 * skip + outImaginary);
        FloatVector y6 = e2r.sub(o2r);
        FloatVector z6 = e2i.sub(o2i);
        y6.mul(c6).sub(z6.mul(d6)).intoArray(out, to + 6 * skip);
        y6.mul(d6).add(z6.mul(c6)).intoArray(out, to + 6 * skip + outImaginary);
        FloatVector y7 = e3r.sub(o3r);
        FloatVector z7 = e3i.sub(o3i);
        y7.mul(c7).sub(z7.mul(d7)).intoArray(out, to + 7 * skip);
        y7.mul(d7).add(z7.mul(c7)).intoArray(out, to + 7 * skip + outImaginary);
      }
    }
  }

  /**
   * One pass of any odd radix, O(radix) per element; otherwise as {@link #radix4}.
   *
   * @param roots [a] of (cos, sin) of 2πa/radix
   * @param sums scratch of 2·radix vectors
   */
  public static void radixOdd(int radix, int m, int s, float[] twiddles, float[] roots, float[] in, int inBase,
      int inStep, int inImaginary, float[] out, int outBase, int outStep, int outImaginary, float[] sums) {
    int half = (radix - 1) / 2;
    int hop = s * m * inStep;
    int skip = s * outStep;
    for (int p = 0; p < m; p++) {
      int t = p * 2 * (radix - 1);
      for (int q = 0; q < s; q++) {
        int from = inBase + (q + s * p) * inStep;
        int to = outBase + (q + radix * s * p) * outStep;
        FloatVector r0 = FloatVector.fromArray(FLOATS, in, from);
        FloatVector i0 = FloatVector.fromArray(FLOATS, in, from + inImaginary);
        FloatVector sr = r0;
        FloatVector si = i0;
        for (int j = 1; j <= half; j++) {
          int a = from + j * hop;
          int b = from + (radix - j) * hop;
          FloatVector ra = FloatVector.fromArray(FLOATS, in, a);
          FloatVector ia = FloatVector.fromArray(FLOATS, in, a + inImaginary);
          FloatVector rb = FloatVector.fromArray(FLOATS, in, b);
          FloatVector ib = FloatVector.fromArray(FLOATS, in, b + inImaginary);
          FloatVector ur = ra.add(rb);
          FloatVector ui = ia.add(ib);
          sr = sr.add(ur);
          si = si.add(ui);
          int at = (j - 1) * 4 * WIDTH;
          ur.intoArray(sums, at);
          ui.intoArray(sums, at + WIDTH);
          ra.sub(rb).intoArray(sums, at + 2 * WIDTH);
          ia.sub(ib).intoArray(sums, at + 3 * WIDTH);
        }
        sr.intoArray(out, to);
        si.intoArray(out, to + outImaginary);
        for (int k = 1; k <= half; k++) {
          FloatVector ar = r0;
          FloatVector ai = i0;
          FloatVector br = FloatVector.zero(FLOATS);
          FloatVector bi = br;
          for (int j = 1, turn = k, at = 0; j <= half; j++, at += 4 * WIDTH) {
            FloatVector cosine = FloatVector.broadcast(FLOATS, roots[2 * turn]);
            FloatVector sine = FloatVector.broadcast(FLOATS, roots[2 * turn + 1]);
            ar = cosine.fma(FloatVector.fromArray(FLOATS, sums, at), ar);
            ai = cosine.fma(FloatVector.fromArray(FLOATS, sums, at + WIDTH), ai);
            br = sine.fma(FloatVector.fromArray(FLOATS, sums, at + 2 * WIDTH), br);
            bi = sine.fma(FloatVector.fromArray(FLOATS, sums, at + 3 * WIDTH), bi);
            turn += k;
            turn = turn >= radix ? turn - radix : turn;
          }
          FloatVector yr = ar.add(bi);
          FloatVector yi = ai.sub(br);
          float c = twiddles[t + 2 * k - 2];
          float d = twiddles[t + 2 * k - 1];
          yr.mul(c).sub(yi.mul(d)).intoArray(out, to + k * skip);
          yr.mul(d).add(yi.mul(c)).intoArray(out, to + k * skip + outImaginary);
          yr = ar.sub(bi);
          yi = ai.add(br);
          c = twiddles[t + 2 * (radix - k) - 2];
          d = twiddles[t + 2 * (radix - k) - 1];
          yr.mul(c).sub(yi.mul(d)).intoArray(out, to + (radix - k) * skip);
          yr.mul(d).add(yi.mul(c)).intoArray(out, to + (radix - k) * skip + outImaginary);
        }
      }
    }
  }

  /**
   * From the complex spectrum Z of a + ib, [k][2][WIDTH], to the real orthonormal modes of a and of b, the
   * latter {@code next} floats further.
   */
  public static void untangle(int n, float[] spectrum, float[] out, int base, int step, int next) {
    float whole = (float) Math.sqrt(1.0 / n);
    float half = (float) (Math.sqrt(2.0 / n) / 2);
    FloatVector.fromArray(FLOATS, spectrum, 0).mul(whole).intoArray(out, base);
    FloatVector.fromArray(FLOATS, spectrum, WIDTH).mul(whole).intoArray(out, base + next);
    if ((n & 1) == 0) {
      int to = base + (n - 1) * step;
      FloatVector.fromArray(FLOATS, spectrum, n * WIDTH).mul(whole).intoArray(out, to);
      FloatVector.fromArray(FLOATS, spectrum, (n + 1) * WIDTH).mul(whole).intoArray(out, to + next);
    }
    for (int f = 1; f <= (n - 1) / 2; f++) {
      FloatVector a = FloatVector.fromArray(FLOATS, spectrum, 2 * f * WIDTH).mul(half);
      FloatVector b = FloatVector.fromArray(FLOATS, spectrum, (2 * f + 1) * WIDTH).mul(half);
      FloatVector c = FloatVector.fromArray(FLOATS, spectrum, 2 * (n - f) * WIDTH).mul(half);
      FloatVector d = FloatVector.fromArray(FLOATS, spectrum, (2 * (n - f) + 1) * WIDTH).mul(half);
      int to = base + (2 * f - 1) * step;
      a.add(c).intoArray(out, to);
      d.sub(b).intoArray(out, to + step);
      b.add(d).intoArray(out, to + next);
      a.sub(c).intoArray(out, to + step + next);
    }
  }

  /**
   * The reverse of {@link #untangle}, with real and imaginary part of the spectrum exchanged: a forward
   * transform then does the inverse one, and leaves b in the real and a in the imaginary part.
   */
  public static void tangle(int n, float[] in, int base, int step, int next, float[] spectrum) {
    float whole = (float) Math.sqrt(1.0 / n);
    float half = (float) (Math.sqrt(2.0 / n) / 2);
    FloatVector.fromArray(FLOATS, in, base).mul(whole).intoArray(spectrum, WIDTH);
    FloatVector.fromArray(FLOATS, in, base + next).mul(whole).intoArray(spectrum, 0);
    if ((n & 1) == 0) {
      int from = base + (n - 1) * step;
      FloatVector.fromArray(FLOATS, in, from).mul(whole).intoArray(spectrum, (n + 1) * WIDTH);
      FloatVector.fromArray(FLOATS, in, from + next).mul(whole).intoArray(spectrum, n * WIDTH);
    }
    for (int f = 1; f <= (n - 1) / 2; f++) {
      int from = base + (2 * f - 1) * step;
      FloatVector ac = FloatVector.fromArray(FLOATS, in, from).mul(half);
      FloatVector as = FloatVector.fromArray(FLOATS, in, from + step).mul(half);
      FloatVector bc = FloatVector.fromArray(FLOATS, in, from + next).mul(half);
      FloatVector bs = FloatVector.fromArray(FLOATS, in, from + step + next).mul(half);
      bc.sub(as).intoArray(spectrum, 2 * f * WIDTH);
      ac.add(bs).intoArray(spectrum, (2 * f + 1) * WIDTH);
      bc.add(as).intoArray(spectrum, 2 * (n - f) * WIDTH);
      ac.sub(bs).intoArray(spectrum, (2 * (n - f) + 1) * WIDTH);
    }
  }

  /**
   * Transposes WIDTH×WIDTH elements, {@code out[outBase + c * outStep + r] = in[inBase + r * inStep + c]}, by exchanges
   * between vectors at distances 1, 2, 4, …, two distances at a time.
   *
   * @param square scratch of WIDTH² floats
   */
  public static void transpose(
      float[] in, int inBase, int inStep, float[] out, int outBase, int outStep, float[] square) {
    float[] source = in;
    int from = inBase;
    int fromStep = inStep;
    int stage = 0;
    if ((LOWER.length & 1) == 1) {
      exchange(1, 0, in, inBase, inStep, square, 0, WIDTH);
      source = square;
      from = 0;
      fromStep = WIDTH;
      stage = 1;
    }
    for (; stage < LOWER.length; stage += 2) {
      if (stage + 2 == LOWER.length) {
        exchangeTwice(1 << stage, stage, source, from, fromStep, out, outBase, outStep);
      } else {
        exchangeTwice(1 << stage, stage, source, from, fromStep, square, 0, WIDTH);
      }
      source = square;
      from = 0;
      fromStep = WIDTH;
    }
  }

  private static void exchange(
      int d, int stage, float[] in, int from, int fromStep, float[] out, int to, int toStep) {
    IntVector lower = IntVector.fromArray(INTS, LOWER[stage], 0);
    IntVector upper = IntVector.fromArray(INTS, UPPER[stage], 0);
    for (int i = 0; i < WIDTH / 2; i++) {
      int r = (i & -d) * 2 + (i & d - 1); // bit d clear
      IntVector a = FloatVector.fromArray(FLOATS, in, from + r * fromStep).reinterpretAsInts();
      IntVector b = FloatVector.fromArray(FLOATS, in, from + (r + d) * fromStep).reinterpretAsInts();
      lower.selectFrom(a, b).reinterpretAsFloats().intoArray(out, to + r * toStep);
      upper.selectFrom(a, b).reinterpretAsFloats().intoArray(out, to + (r + d) * toStep);
    }
  }

  /** Exchanges at distances d and 2d. */
  private static void exchangeTwice(
      int d, int stage, float[] in, int from, int fromStep, float[] out, int to, int toStep) {
    IntVector lower = IntVector.fromArray(INTS, LOWER[stage], 0);
    IntVector upper = IntVector.fromArray(INTS, UPPER[stage], 0);
    IntVector lower2 = IntVector.fromArray(INTS, LOWER[stage + 1], 0);
    IntVector upper2 = IntVector.fromArray(INTS, UPPER[stage + 1], 0);
    for (int i = 0; i < WIDTH / 4; i++) {
      int r = (i & -d) * 4 + (i & d - 1); // bits d and 2d clear
      IntVector x0 = FloatVector.fromArray(FLOATS, in, from + r * fromStep).reinterpretAsInts();
      IntVector x1 = FloatVector.fromArray(FLOATS, in, from + (r + d) * fromStep).reinterpretAsInts();
      IntVector x2 = FloatVector.fromArray(FLOATS, in, from + (r + 2 * d) * fromStep).reinterpretAsInts();
      IntVector x3 = FloatVector.fromArray(FLOATS, in, from + (r + 3 * d) * fromStep).reinterpretAsInts();
      IntVector y0 = lower.selectFrom(x0, x1);
      IntVector y1 = upper.selectFrom(x0, x1);
      IntVector y2 = lower.selectFrom(x2, x3);
      IntVector y3 = upper.selectFrom(x2, x3);
      lower2.selectFrom(y0, y2).reinterpretAsFloats().intoArray(out, to + r * toStep);
      lower2.selectFrom(y1, y3).reinterpretAsFloats().intoArray(out, to + (r + d) * toStep);
      upper2.selectFrom(y0, y2).reinterpretAsFloats().intoArray(out, to + (r + 2 * d) * toStep);
      upper2.selectFrom(y1, y3).reinterpretAsFloats().intoArray(out, to + (r + 3 * d) * toStep);
    }
  }

  /**
   * Collects lines that are not side by side into a line vector: lines {@code first … first+count−1},
   * {@code count ≤ WIDTH}; line l starts at {@code base + l / lanes * row + l % lanes}. Vector v of tile
   * element j is at {@code (j * vectors + v) * WIDTH}; absent lines are zero.
   *
   * @param square scratch of WIDTH² floats
   */
  public static void gather(int n, float[] in, int base, int first, int count, int lanes, int row, int step,
      float[] tile, int vectors, int v, float[] square) {
    int hop = vectors * WIDTH;
    int done = 0;
    if (lanes == 1 && step == 1 && count == WIDTH) {
      for (; done + WIDTH <= n; done += WIDTH) {
        transpose(in, base + first * row + done, row, tile, done * hop + v * WIDTH, hop, square);
      }
    }
    for (int i = 0; i < WIDTH; ) {
      int line = first + i;
      int from = base + line / lanes * row + line % lanes;
      int run = i < count ? Math.min(count - i, lanes - line % lanes) : WIDTH - i; // lines side by side
      int to = v * WIDTH + i;
      if (i >= count) {
        for (int j = done; j < n; j++) {
          for (int k = 0; k < run; k++) {
            tile[to + j * hop + k] = 0f;
          }
        }
      } else if (run == 1) {
        for (int j = done; j < n; j++) {
          tile[to + j * hop] = in[from + j * step];
        }
      } else {
        VectorMask<Float> lines = FLOATS.indexInRange(0, run);
        for (int j = done; j < n; j++) {
          FloatVector.fromArray(FLOATS, in, from + j * step, lines).intoArray(tile, to + j * hop, lines);
        }
      }
      i += run;
    }
  }

  /** The reverse of {@link #gather}. */
  public static void scatter(int n, float[] tile, int vectors, int v, float[] out, int base, int first, int count,
      int lanes, int row, int step, float[] square) {
    int hop = vectors * WIDTH;
    int done = 0;
    if (lanes == 1 && step == 1 && count == WIDTH) {
      for (; done + WIDTH <= n; done += WIDTH) {
        transpose(tile, done * hop + v * WIDTH, hop, out, base + first * row + done, row, square);
      }
    }
    for (int i = 0; i < count; ) {
      int line = first + i;
      int to = base + line / lanes * row + line % lanes;
      int run = Math.min(count - i, lanes - line % lanes); // lines side by side
      int from = v * WIDTH + i;
      if (run == 1) {
        for (int j = done; j < n; j++) {
          out[to + j * step] = tile[from + j * hop];
        }
      } else {
        VectorMask<Float> lines = FLOATS.indexInRange(0, run);
        for (int j = done; j < n; j++) {
          FloatVector.fromArray(FLOATS, tile, from + j * hop, lines).intoArray(out, to + j * step, lines);
        }
      }
      i += run;
    }
  }

  /** {@link #gather} of two runs of half as many lines as a vector holds, from {@code first} and {@code second} on. */
  public static void gatherHalves(int n, float[] in, int first, int second, int step, float[] tile, int vectors, int v) {
    int hop = vectors * WIDTH;
    int to = v * WIDTH;
    for (int j = 0; j < n; j++) {
      FloatVector.fromArray(HALF, in, first + j * step).intoArray(tile, to + j * hop);
      FloatVector.fromArray(HALF, in, second + j * step).intoArray(tile, to + j * hop + HALF_WIDTH);
    }
  }

  /** The reverse of {@link #gatherHalves}. */
  public static void scatterHalves(
      int n, float[] tile, int vectors, int v, float[] out, int first, int second, int step) {
    int hop = vectors * WIDTH;
    int from = v * WIDTH;
    for (int j = 0; j < n; j++) {
      FloatVector.fromArray(HALF, tile, from + j * hop).intoArray(out, first + j * step);
      FloatVector.fromArray(HALF, tile, from + j * hop + HALF_WIDTH).intoArray(out, second + j * step);
    }
  }
}
