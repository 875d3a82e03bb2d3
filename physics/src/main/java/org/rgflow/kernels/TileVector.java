package org.rgflow.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of matrix products, {@link #ROWS} × {@link #COLUMNS} sums each: 8 × 3 of 32 registers, or 4 × 3 of 16.
 * The batches of the image networks make 32 or 64 tiles of Winograd's, of which 8 is a divisor and the 12 of
 * {@link GemmVector} is none, three vectors divide the networks' widths, and eight rows of the left factor can be read
 * where they lie.
 */
final class TileVector {
  static final VectorSpecies<Float> FLOATS =
      FloatVector.SPECIES_PREFERRED.length() >= 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_256;
  static final int WIDTH = FLOATS.length();
  static final int ROWS = WIDTH / 2;
  static final int COLUMNS = 3 * WIDTH;

  private TileVector() {}

  /**
   * 8×3 accumulators of 512 bits: C ← F + Σ_k a[·][k] b[k][·]. The rows of A, F and C lie some step apart; those of F
   * may be all the same.
   */
  static void rows512(int depth, float[] a, int atA, int step, float[] b, int atB, float[] from, int atFrom,
      int fromStep, float[] c, int atC, int stepC) {
    FloatVector s0 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom);
    FloatVector t0 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 16);
    FloatVector u0 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 32);
    FloatVector s1 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + fromStep);
    FloatVector t1 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + fromStep + 16);
    FloatVector u1 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + fromStep + 32);
    FloatVector s2 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 2 * fromStep);
    FloatVector t2 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 2 * fromStep + 16);
    FloatVector u2 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 2 * fromStep + 32);
    FloatVector s3 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 3 * fromStep);
    FloatVector t3 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 3 * fromStep + 16);
    FloatVector u3 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 3 * fromStep + 32);
    FloatVector s4 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 4 * fromStep);
    FloatVector t4 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 4 * fromStep + 16);
    FloatVector u4 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 4 * fromStep + 32);
    FloatVector s5 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 5 * fromStep);
    FloatVector t5 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 5 * fromStep + 16);
    FloatVector u5 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 5 * fromStep + 32);
    FloatVector s6 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 6 * fromStep);
    FloatVector t6 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 6 * fromStep + 16);
    FloatVector u6 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 6 * fromStep + 32);
    FloatVector s7 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 7 * fromStep);
    FloatVector t7 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 7 * fromStep + 16);
    FloatVector u7 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 7 * fromStep + 32);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(FloatVector.SPECIES_512, b, atB + k * 48);
      FloatVector b1 = FloatVector.fromArray(FloatVector.SPECIES_512, b, atB + k * 48 + 16);
      FloatVector b2 = FloatVector.fromArray(FloatVector.SPECIES_512, b, atB + k * 48 + 32);
      FloatVector a0 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k]);
      s0 = a0.fma(b0, s0);
      t0 = a0.fma(b1, t0);
      u0 = a0.fma(b2, u0);
      FloatVector a1 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + step + k]);
      s1 = a1.fma(b0, s1);
      t1 = a1.fma(b1, t1);
      u1 = a1.fma(b2, u1);
      FloatVector a2 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + 2 * step + k]);
      s2 = a2.fma(b0, s2);
      t2 = a2.fma(b1, t2);
      u2 = a2.fma(b2, u2);
      FloatVector a3 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + 3 * step + k]);
      s3 = a3.fma(b0, s3);
      t3 = a3.fma(b1, t3);
      u3 = a3.fma(b2, u3);
      FloatVector a4 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + 4 * step + k]);
      s4 = a4.fma(b0, s4);
      t4 = a4.fma(b1, t4);
      u4 = a4.fma(b2, u4);
      FloatVector a5 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + 5 * step + k]);
      s5 = a5.fma(b0, s5);
      t5 = a5.fma(b1, t5);
      u5 = a5.fma(b2, u5);
      FloatVector a6 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + 6 * step + k]);
      s6 = a6.fma(b0, s6);
      t6 = a6.fma(b1, t6);
      u6 = a6.fma(b2, u6);
      FloatVector a7 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + 7 * step + k]);
      s7 = a7.fma(b0, s7);
      t7 = a7.fma(b1, t7);
      u7 = a7.fma(b2, u7);
    }
    s0.intoArray(c, atC);
    t0.intoArray(c, atC + 16);
    u0.intoArray(c, atC + 32);
    s1.intoArray(c, atC + stepC);
    t1.intoArray(c, atC + stepC + 16);
    u1.intoArray(c, atC + stepC + 32);
    s2.intoArray(c, atC + 2 * stepC);
    t2.intoArray(c, atC + 2 * stepC + 16);
    u2.intoArray(c, atC + 2 * stepC + 32);
    s3.intoArray(c, atC + 3 * stepC);
    t3.intoArray(c, atC + 3 * stepC + 16);
    u3.intoArray(c, atC + 3 * stepC + 32);
    s4.intoArray(c, atC + 4 * stepC);
    t4.intoArray(c, atC + 4 * stepC + 16);
    u4.intoArray(c, atC + 4 * stepC + 32);
    s5.intoArray(c, atC + 5 * stepC);
    t5.intoArray(c, atC + 5 * stepC + 16);
    u5.intoArray(c, atC + 5 * stepC + 32);
    s6.intoArray(c, atC + 6 * stepC);
    t6.intoArray(c, atC + 6 * stepC + 16);
    u6.intoArray(c, atC + 6 * stepC + 32);
    s7.intoArray(c, atC + 7 * stepC);
    t7.intoArray(c, atC + 7 * stepC + 16);
    u7.intoArray(c, atC + 7 * stepC + 32);
  }

  /**
   * 4×3 accumulators of 256 bits: C ← F + Σ_k a[·][k] b[k][·]. The rows of A, F and C lie some step apart; those of F
   * may be all the same.
   */
  static void rows256(int depth, float[] a, int atA, int step, float[] b, int atB, float[] from, int atFrom,
      int fromStep, float[] c, int atC, int stepC) {
    FloatVector s0 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom);
    FloatVector t0 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 8);
    FloatVector u0 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 16);
    FloatVector s1 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + fromStep);
    FloatVector t1 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + fromStep + 8);
    FloatVector u1 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + fromStep + 16);
    FloatVector s2 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 2 * fromStep);
    FloatVector t2 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 2 * fromStep + 8);
    FloatVector u2 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 2 * fromStep + 16);
    FloatVector s3 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 3 * fromStep);
    FloatVector t3 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 3 * fromStep + 8);
    FloatVector u3 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 3 * fromStep + 16);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(FloatVector.SPECIES_256, b, atB + k * 24);
      FloatVector b1 = FloatVector.fromArray(FloatVector.SPECIES_256, b, atB + k * 24 + 8);
      FloatVector b2 = FloatVector.fromArray(FloatVector.SPECIES_256, b, atB + k * 24 + 16);
      FloatVector a0 = FloatVector.broadcast(FloatVector.SPECIES_256, a[atA + k]);
      s0 = a0.fma(b0, s0);
      t0 = a0.fma(b1, t0);
      u0 = a0.fma(b2, u0);
      FloatVector a1 = FloatVector.broadcast(FloatVector.SPECIES_256, a[atA + step + k]);
      s1 = a1.fma(b0, s1);
      t1 = a1.fma(b1, t1);
      u1 = a1.fma(b2, u1);
      FloatVector a2 = FloatVector.broadcast(FloatVector.SPECIES_256, a[atA + 2 * step + k]);
      s2 = a2.fma(b0, s2);
      t2 = a2.fma(b1, t2);
      u2 = a2.fma(b2, u2);
      FloatVector a3 = FloatVector.broadcast(FloatVector.SPECIES_256, a[atA + 3 * step + k]);
      s3 = a3.fma(b0, s3);
      t3 = a3.fma(b1, t3);
      u3 = a3.fma(b2, u3);
    }
    s0.intoArray(c, atC);
    t0.intoArray(c, atC + 8);
    u0.intoArray(c, atC + 16);
    s1.intoArray(c, atC + stepC);
    t1.intoArray(c, atC + stepC + 8);
    u1.intoArray(c, atC + stepC + 16);
    s2.intoArray(c, atC + 2 * stepC);
    t2.intoArray(c, atC + 2 * stepC + 8);
    u2.intoArray(c, atC + 2 * stepC + 16);
    s3.intoArray(c, atC + 3 * stepC);
    t3.intoArray(c, atC + 3 * stepC + 8);
    u3.intoArray(c, atC + 3 * stepC + 16);
  }

  /**
   * 8×3 accumulators of 512 bits: C ← F + Σ_k a[k][·] b[k][·]. The columns of A lie 16 apart, the rows of F and C some
   * step; those of F may be all the same.
   */
  static void columns512(int depth, float[] a, int atA, float[] b, int atB, float[] from, int atFrom, int fromStep,
      float[] c, int atC, int stepC) {
    FloatVector s0 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom);
    FloatVector t0 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 16);
    FloatVector u0 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 32);
    FloatVector s1 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + fromStep);
    FloatVector t1 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + fromStep + 16);
    FloatVector u1 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + fromStep + 32);
    FloatVector s2 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 2 * fromStep);
    FloatVector t2 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 2 * fromStep + 16);
    FloatVector u2 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 2 * fromStep + 32);
    FloatVector s3 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 3 * fromStep);
    FloatVector t3 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 3 * fromStep + 16);
    FloatVector u3 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 3 * fromStep + 32);
    FloatVector s4 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 4 * fromStep);
    FloatVector t4 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 4 * fromStep + 16);
    FloatVector u4 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 4 * fromStep + 32);
    FloatVector s5 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 5 * fromStep);
    FloatVector t5 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 5 * fromStep + 16);
    FloatVector u5 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 5 * fromStep + 32);
    FloatVector s6 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 6 * fromStep);
    FloatVector t6 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 6 * fromStep + 16);
    FloatVector u6 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 6 * fromStep + 32);
    FloatVector s7 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 7 * fromStep);
    FloatVector t7 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 7 * fromStep + 16);
    FloatVector u7 = FloatVector.fromArray(FloatVector.SPECIES_512, from, atFrom + 7 * fromStep + 32);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(FloatVector.SPECIES_512, b, atB + k * 48);
      FloatVector b1 = FloatVector.fromArray(FloatVector.SPECIES_512, b, atB + k * 48 + 16);
      FloatVector b2 = FloatVector.fromArray(FloatVector.SPECIES_512, b, atB + k * 48 + 32);
      FloatVector a0 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 16]);
      s0 = a0.fma(b0, s0);
      t0 = a0.fma(b1, t0);
      u0 = a0.fma(b2, u0);
      FloatVector a1 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 16 + 1]);
      s1 = a1.fma(b0, s1);
      t1 = a1.fma(b1, t1);
      u1 = a1.fma(b2, u1);
      FloatVector a2 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 16 + 2]);
      s2 = a2.fma(b0, s2);
      t2 = a2.fma(b1, t2);
      u2 = a2.fma(b2, u2);
      FloatVector a3 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 16 + 3]);
      s3 = a3.fma(b0, s3);
      t3 = a3.fma(b1, t3);
      u3 = a3.fma(b2, u3);
      FloatVector a4 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 16 + 4]);
      s4 = a4.fma(b0, s4);
      t4 = a4.fma(b1, t4);
      u4 = a4.fma(b2, u4);
      FloatVector a5 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 16 + 5]);
      s5 = a5.fma(b0, s5);
      t5 = a5.fma(b1, t5);
      u5 = a5.fma(b2, u5);
      FloatVector a6 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 16 + 6]);
      s6 = a6.fma(b0, s6);
      t6 = a6.fma(b1, t6);
      u6 = a6.fma(b2, u6);
      FloatVector a7 = FloatVector.broadcast(FloatVector.SPECIES_512, a[atA + k * 16 + 7]);
      s7 = a7.fma(b0, s7);
      t7 = a7.fma(b1, t7);
      u7 = a7.fma(b2, u7);
    }
    s0.intoArray(c, atC);
    t0.intoArray(c, atC + 16);
    u0.intoArray(c, atC + 32);
    s1.intoArray(c, atC + stepC);
    t1.intoArray(c, atC + stepC + 16);
    u1.intoArray(c, atC + stepC + 32);
    s2.intoArray(c, atC + 2 * stepC);
    t2.intoArray(c, atC + 2 * stepC + 16);
    u2.intoArray(c, atC + 2 * stepC + 32);
    s3.intoArray(c, atC + 3 * stepC);
    t3.intoArray(c, atC + 3 * stepC + 16);
    u3.intoArray(c, atC + 3 * stepC + 32);
    s4.intoArray(c, atC + 4 * stepC);
    t4.intoArray(c, atC + 4 * stepC + 16);
    u4.intoArray(c, atC + 4 * stepC + 32);
    s5.intoArray(c, atC + 5 * stepC);
    t5.intoArray(c, atC + 5 * stepC + 16);
    u5.intoArray(c, atC + 5 * stepC + 32);
    s6.intoArray(c, atC + 6 * stepC);
    t6.intoArray(c, atC + 6 * stepC + 16);
    u6.intoArray(c, atC + 6 * stepC + 32);
    s7.intoArray(c, atC + 7 * stepC);
    t7.intoArray(c, atC + 7 * stepC + 16);
    u7.intoArray(c, atC + 7 * stepC + 32);
  }

  /**
   * 4×3 accumulators of 256 bits: C ← F + Σ_k a[k][·] b[k][·]. The columns of A lie 8 apart, the rows of F and C some
   * step; those of F may be all the same.
   */
  static void columns256(int depth, float[] a, int atA, float[] b, int atB, float[] from, int atFrom, int fromStep,
      float[] c, int atC, int stepC) {
    FloatVector s0 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom);
    FloatVector t0 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 8);
    FloatVector u0 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 16);
    FloatVector s1 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + fromStep);
    FloatVector t1 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + fromStep + 8);
    FloatVector u1 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + fromStep + 16);
    FloatVector s2 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 2 * fromStep);
    FloatVector t2 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 2 * fromStep + 8);
    FloatVector u2 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 2 * fromStep + 16);
    FloatVector s3 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 3 * fromStep);
    FloatVector t3 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 3 * fromStep + 8);
    FloatVector u3 = FloatVector.fromArray(FloatVector.SPECIES_256, from, atFrom + 3 * fromStep + 16);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(FloatVector.SPECIES_256, b, atB + k * 24);
      FloatVector b1 = FloatVector.fromArray(FloatVector.SPECIES_256, b, atB + k * 24 + 8);
      FloatVector b2 = FloatVector.fromArray(FloatVector.SPECIES_256, b, atB + k * 24 + 16);
      FloatVector a0 = FloatVector.broadcast(FloatVector.SPECIES_256, a[atA + k * 8]);
      s0 = a0.fma(b0, s0);
      t0 = a0.fma(b1, t0);
      u0 = a0.fma(b2, u0);
      FloatVector a1 = FloatVector.broadcast(FloatVector.SPECIES_256, a[atA + k * 8 + 1]);
      s1 = a1.fma(b0, s1);
      t1 = a1.fma(b1, t1);
      u1 = a1.fma(b2, u1);
      FloatVector a2 = FloatVector.broadcast(FloatVector.SPECIES_256, a[atA + k * 8 + 2]);
      s2 = a2.fma(b0, s2);
      t2 = a2.fma(b1, t2);
      u2 = a2.fma(b2, u2);
      FloatVector a3 = FloatVector.broadcast(FloatVector.SPECIES_256, a[atA + k * 8 + 3]);
      s3 = a3.fma(b0, s3);
      t3 = a3.fma(b1, t3);
      u3 = a3.fma(b2, u3);
    }
    s0.intoArray(c, atC);
    t0.intoArray(c, atC + 8);
    u0.intoArray(c, atC + 16);
    s1.intoArray(c, atC + stepC);
    t1.intoArray(c, atC + stepC + 8);
    u1.intoArray(c, atC + stepC + 16);
    s2.intoArray(c, atC + 2 * stepC);
    t2.intoArray(c, atC + 2 * stepC + 8);
    u2.intoArray(c, atC + 2 * stepC + 16);
    s3.intoArray(c, atC + 3 * stepC);
    t3.intoArray(c, atC + 3 * stepC + 8);
    u3.intoArray(c, atC + 3 * stepC + 16);
  }
}
