package org.rgflow.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FlowKernels} on the Vector API, over ranges of rows (block, mode) of {@code lanes} elements.
 * Multiplications and additions in the same order, not fused: the results agree to the last bit.
 * A single lane means a single block (see FieldLayout), whose rows are plain arrays.
 */
public final class FlowVector {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> HALF =
      VectorSpecies.of(float.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));
  private static final int N = FLOATS.length();

  private FlowVector() {}

  /** {@link FlowKernels#scale} on the rows {@code begin <= row < end}. */
  public static void scale(int begin, int end, float[] x, float[] decay, int modes, int lanes) {
    if (lanes == 1) {
      for (int e = begin; e < end; e++) {
        x[e] = decay[e] * x[e];
      }
      return;
    }
    int mode = begin % modes;
    if (lanes == HALF.length()) {
      for (int e = begin * lanes; e < end * lanes; e += lanes) {
        FloatVector.fromArray(HALF, x, e).mul(decay[mode]).intoArray(x, e);
        mode = mode + 1 == modes ? 0 : mode + 1;
      }
      return;
    }
    for (int row = begin; row < end; row++) {
      float a = decay[mode];
      int last = (row + 1) * lanes;
      int e = row * lanes;
      for (; e <= last - N; e += N) {
        FloatVector.fromArray(FLOATS, x, e).mul(a).intoArray(x, e);
      }
      for (; e < last; e++) {
        x[e] = a * x[e];
      }
      mode = mode + 1 == modes ? 0 : mode + 1;
    }
  }

  /** {@link FlowKernels#drift} on the rows {@code begin <= row < end}. */
  public static void drift(
      int begin, int end, float[] x, float[] force, float[] noise, float[] moved, float[] decay, float[] weight,
      int modes, int lanes) {
    if (lanes == 1) {
      for (int e = begin; e < end; e++) {
        moved[e] = (decay[e] * x[e] - weight[e] * force[e]) + noise[e];
      }
      return;
    }
    for (int row = begin; row < end; row++) {
      float a = decay[row % modes];
      float w = weight[row % modes];
      int last = (row + 1) * lanes;
      int e = row * lanes;
      for (; e <= last - N; e += N) {
        FloatVector.fromArray(FLOATS, x, e).mul(a)
            .sub(FloatVector.fromArray(FLOATS, force, e).mul(w))
            .add(FloatVector.fromArray(FLOATS, noise, e))
            .intoArray(moved, e);
      }
      for (; e < last; e++) {
        moved[e] = (a * x[e] - w * force[e]) + noise[e];
      }
    }
  }

  /** {@link FlowKernels#correct} on the rows {@code begin <= row < end}. */
  public static void correct(
      int begin, int end, float[] x, float[] predicted, float[] before, float[] after,
      float[] keep, float[] past, float[] weight, int modes, int lanes) {
    if (lanes == 1) {
      for (int e = begin; e < end; e++) {
        x[e] = (keep[e] * predicted[e] + past[e] * x[e]) - weight[e] * (after[e] - before[e]);
      }
      return;
    }
    for (int row = begin; row < end; row++) {
      float k = keep[row % modes];
      float p = past[row % modes];
      float w = weight[row % modes];
      int last = (row + 1) * lanes;
      int e = row * lanes;
      for (; e <= last - N; e += N) {
        FloatVector change = FloatVector.fromArray(FLOATS, after, e).sub(FloatVector.fromArray(FLOATS, before, e));
        FloatVector.fromArray(FLOATS, predicted, e).mul(k)
            .add(FloatVector.fromArray(FLOATS, x, e).mul(p))
            .sub(change.mul(w))
            .intoArray(x, e);
      }
      for (; e < last; e++) {
        x[e] = (k * predicted[e] + p * x[e]) - w * (after[e] - before[e]);
      }
    }
  }

  /** {@link FlowKernels#cubic} on the elements {@code begin <= element < end}. */
  public static void cubic(int begin, int end, float[] phi, float[] force, float c) {
    for (int e = begin; e < end; e += N) {
      VectorMask<Float> mask = FLOATS.indexInRange(e, end);
      FloatVector f = FloatVector.fromArray(FLOATS, phi, e, mask);
      f.mul(f.mul(f)).mul(c).intoArray(force, e, mask);
    }
  }
}
