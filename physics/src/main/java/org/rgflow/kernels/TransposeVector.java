package org.rgflow.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transposition of blocks of 16 × 16 floats in registers: four rounds in which rows exchange halves, quarters and so
 * on.
 */
final class TransposeVector {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;

  private static final VectorShuffle<Float> BY8 = VectorShuffle.fromOp(FLOATS, lane -> lane ^ 8);
  private static final VectorShuffle<Float> BY4 = VectorShuffle.fromOp(FLOATS, lane -> lane ^ 4);
  private static final VectorShuffle<Float> BY2 = VectorShuffle.fromOp(FLOATS, lane -> lane ^ 2);
  private static final VectorShuffle<Float> BY1 = VectorShuffle.fromOp(FLOATS, lane -> lane ^ 1);
  private static final VectorMask<Float> ODD8 = VectorMask.fromLong(FLOATS, 0xff00);
  private static final VectorMask<Float> ODD4 = VectorMask.fromLong(FLOATS, 0xf0f0);
  private static final VectorMask<Float> ODD2 = VectorMask.fromLong(FLOATS, 0xcccc);
  private static final VectorMask<Float> ODD1 = VectorMask.fromLong(FLOATS, 0xaaaa);
  private static final VectorMask<Float> EVEN8 = VectorMask.fromLong(FLOATS, 0x00ff);
  private static final VectorMask<Float> EVEN4 = VectorMask.fromLong(FLOATS, 0x0f0f);
  private static final VectorMask<Float> EVEN2 = VectorMask.fromLong(FLOATS, 0x3333);
  private static final VectorMask<Float> EVEN1 = VectorMask.fromLong(FLOATS, 0x5555);

  private TransposeVector() {}

  /** to[i][j] = from[j][i] for i, j below 16; rows lie some step apart. */
  static void block(float[] from, int at, int step, float[] to, int out, int outStep) {
    FloatVector r0 = FloatVector.fromArray(FLOATS, from, at);
    FloatVector r1 = FloatVector.fromArray(FLOATS, from, at + step);
    FloatVector r2 = FloatVector.fromArray(FLOATS, from, at + 2 * step);
    FloatVector r3 = FloatVector.fromArray(FLOATS, from, at + 3 * step);
    FloatVector r4 = FloatVector.fromArray(FLOATS, from, at + 4 * step);
    FloatVector r5 = FloatVector.fromArray(FLOATS, from, at + 5 * step);
    FloatVector r6 = FloatVector.fromArray(FLOATS, from, at + 6 * step);
    FloatVector r7 = FloatVector.fromArray(FLOATS, from, at + 7 * step);
    FloatVector r8 = FloatVector.fromArray(FLOATS, from, at + 8 * step);
    FloatVector r9 = FloatVector.fromArray(FLOATS, from, at + 9 * step);
    FloatVector r10 = FloatVector.fromArray(FLOATS, from, at + 10 * step);
    FloatVector r11 = FloatVector.fromArray(FLOATS, from, at + 11 * step);
    FloatVector r12 = FloatVector.fromArray(FLOATS, from, at + 12 * step);
    FloatVector r13 = FloatVector.fromArray(FLOATS, from, at + 13 * step);
    FloatVector r14 = FloatVector.fromArray(FLOATS, from, at + 14 * step);
    FloatVector r15 = FloatVector.fromArray(FLOATS, from, at + 15 * step);
    FloatVector s0 = r0.blend(r8.rearrange(BY8), ODD8);
    FloatVector s8 = r8.blend(r0.rearrange(BY8), EVEN8);
    FloatVector s1 = r1.blend(r9.rearrange(BY8), ODD8);
    FloatVector s9 = r9.blend(r1.rearrange(BY8), EVEN8);
    FloatVector s2 = r2.blend(r10.rearrange(BY8), ODD8);
    FloatVector s10 = r10.blend(r2.rearrange(BY8), EVEN8);
    FloatVector s3 = r3.blend(r11.rearrange(BY8), ODD8);
    FloatVector s11 = r11.blend(r3.rearrange(BY8), EVEN8);
    FloatVector s4 = r4.blend(r12.rearrange(BY8), ODD8);
    FloatVector s12 = r12.blend(r4.rearrange(BY8), EVEN8);
    FloatVector s5 = r5.blend(r13.rearrange(BY8), ODD8);
    FloatVector s13 = r13.blend(r5.rearrange(BY8), EVEN8);
    FloatVector s6 = r6.blend(r14.rearrange(BY8), ODD8);
    FloatVector s14 = r14.blend(r6.rearrange(BY8), EVEN8);
    FloatVector s7 = r7.blend(r15.rearrange(BY8), ODD8);
    FloatVector s15 = r15.blend(r7.rearrange(BY8), EVEN8);
    FloatVector t0 = s0.blend(s4.rearrange(BY4), ODD4);
    FloatVector t4 = s4.blend(s0.rearrange(BY4), EVEN4);
    FloatVector t1 = s1.blend(s5.rearrange(BY4), ODD4);
    FloatVector t5 = s5.blend(s1.rearrange(BY4), EVEN4);
    FloatVector t2 = s2.blend(s6.rearrange(BY4), ODD4);
    FloatVector t6 = s6.blend(s2.rearrange(BY4), EVEN4);
    FloatVector t3 = s3.blend(s7.rearrange(BY4), ODD4);
    FloatVector t7 = s7.blend(s3.rearrange(BY4), EVEN4);
    FloatVector t8 = s8.blend(s12.rearrange(BY4), ODD4);
    FloatVector t12 = s12.blend(s8.rearrange(BY4), EVEN4);
    FloatVector t9 = s9.blend(s13.rearrange(BY4), ODD4);
    FloatVector t13 = s13.blend(s9.rearrange(BY4), EVEN4);
    FloatVector t10 = s10.blend(s14.rearrange(BY4), ODD4);
    FloatVector t14 = s14.blend(s10.rearrange(BY4), EVEN4);
    FloatVector t11 = s11.blend(s15.rearrange(BY4), ODD4);
    FloatVector t15 = s15.blend(s11.rearrange(BY4), EVEN4);
    FloatVector u0 = t0.blend(t2.rearrange(BY2), ODD2);
    FloatVector u2 = t2.blend(t0.rearrange(BY2), EVEN2);
    FloatVector u1 = t1.blend(t3.rearrange(BY2), ODD2);
    FloatVector u3 = t3.blend(t1.rearrange(BY2), EVEN2);
    FloatVector u4 = t4.blend(t6.rearrange(BY2), ODD2);
    FloatVector u6 = t6.blend(t4.rearrange(BY2), EVEN2);
    FloatVector u5 = t5.blend(t7.rearrange(BY2), ODD2);
    FloatVector u7 = t7.blend(t5.rearrange(BY2), EVEN2);
    FloatVector u8 = t8.blend(t10.rearrange(BY2), ODD2);
    FloatVector u10 = t10.blend(t8.rearrange(BY2), EVEN2);
    FloatVector u9 = t9.blend(t11.rearrange(BY2), ODD2);
    FloatVector u11 = t11.blend(t9.rearrange(BY2), EVEN2);
    FloatVector u12 = t12.blend(t14.rearrange(BY2), ODD2);
    FloatVector u14 = t14.blend(t12.rearrange(BY2), EVEN2);
    FloatVector u13 = t13.blend(t15.rearrange(BY2), ODD2);
    FloatVector u15 = t15.blend(t13.rearrange(BY2), EVEN2);
    FloatVector v0 = u0.blend(u1.rearrange(BY1), ODD1);
    FloatVector v1 = u1.blend(u0.rearrange(BY1), EVEN1);
    FloatVector v2 = u2.blend(u3.rearrange(BY1), ODD1);
    FloatVector v3 = u3.blend(u2.rearrange(BY1), EVEN1);
    FloatVector v4 = u4.blend(u5.rearrange(BY1), ODD1);
    FloatVector v5 = u5.blend(u4.rearrange(BY1), EVEN1);
    FloatVector v6 = u6.blend(u7.rearrange(BY1), ODD1);
    FloatVector v7 = u7.blend(u6.rearrange(BY1), EVEN1);
    FloatVector v8 = u8.blend(u9.rearrange(BY1), ODD1);
    FloatVector v9 = u9.blend(u8.rearrange(BY1), EVEN1);
    FloatVector v10 = u10.blend(u11.rearrange(BY1), ODD1);
    FloatVector v11 = u11.blend(u10.rearrange(BY1), EVEN1);
    FloatVector v12 = u12.blend(u13.rearrange(BY1), ODD1);
    FloatVector v13 = u13.blend(u12.rearrange(BY1), EVEN1);
    FloatVector v14 = u14.blend(u15.rearrange(BY1), ODD1);
    FloatVector v15 = u15.blend(u14.rearrange(BY1), EVEN1);
    v0.intoArray(to, out);
    v1.intoArray(to, out + outStep);
    v2.intoArray(to, out + 2 * outStep);
    v3.intoArray(to, out + 3 * outStep);
    v4.intoArray(to, out + 4 * outStep);
    v5.intoArray(to, out + 5 * outStep);
    v6.intoArray(to, out + 6 * outStep);
    v7.intoArray(to, out + 7 * outStep);
    v8.intoArray(to, out + 8 * outStep);
    v9.intoArray(to, out + 9 * outStep);
    v10.intoArray(to, out + 10 * outStep);
    v11.intoArray(to, out + 11 * outStep);
    v12.intoArray(to, out + 12 * outStep);
    v13.intoArray(to, out + 13 * outStep);
    v14.intoArray(to, out + 14 * outStep);
    v15.intoArray(to, out + 15 * outStep);
  }
}
