package org.rgflow.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link CombinationKernels} with the Vector API: the combinations on ranges of rows, the others on ranges
 * of elements. Products and sums in the same order, not fused: equal to the last bit.
 */
public final class CombinationVector {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int N = FLOATS.length();

  private CombinationVector() {}

  /** {@link CombinationKernels#affine} on the rows {@code begin <= row < end}. */
  public static void affine(
      int begin, int end, float[] out, float[] x, float[] a, float[] b, int lanes) {
    for (int row = begin; row < end; row++) {
      float aRow = a[row % a.length];
      float bRow = b[row % a.length];
      int last = (row + 1) * lanes;
      int e = row * lanes;
      for (; e <= last - N; e += N) {
        FloatVector.fromArray(FLOATS, x, e).mul(aRow).add(bRow)
            .intoArray(out, e);
      }
      for (; e < last; e++) {
        out[e] = aRow * x[e] + bRow;
      }
    }
  }

  /** {@link CombinationKernels#spread} on the rows {@code begin <= row < end}. */
  public static void spread(int begin, int end, float[] out, float[] a, int lanes) {
    for (int row = begin; row < end; row++) {
      Arrays.fill(out, row * lanes, (row + 1) * lanes, a[row % a.length]);
    }
  }

  /** {@link CombinationKernels#product} on the rows {@code begin <= row < end}. */
  public static void product(int begin, int end, float[] out, float[] x, float[] y, float[] a, int lanes) {
    for (int row = begin; row < end; row++) {
      float aRow = a[row % a.length];
      int last = (row + 1) * lanes;
      int e = row * lanes;
      for (; e <= last - N; e += N) {
        FloatVector.fromArray(FLOATS, x, e).mul(aRow).mul(FloatVector.fromArray(FLOATS, y, e)).intoArray(out, e);
      }
      for (; e < last; e++) {
        out[e] = aRow * x[e] * y[e];
      }
    }
  }

  /** {@link CombinationKernels#quotient} on the rows {@code begin <= row < end}. */
  public static void quotient(int begin, int end, float[] out, float[] x, float[] scale, float factor, int lanes) {
    for (int row = begin; row < end; row++) {
      float divisor = scale[row % scale.length];
      int last = (row + 1) * lanes;
      int e = row * lanes;
      for (; e <= last - N; e += N) {
        FloatVector.fromArray(FLOATS, x, e).mul(factor).div(divisor).intoArray(out, e);
      }
      for (; e < last; e++) {
        out[e] = factor * x[e] / divisor;
      }
    }
  }

  /** {@link CombinationKernels#blend} on the rows {@code begin <= row < end}. */
  public static void blend(
      int begin, int end, float[] out, float[] x, float[] y, float[] a, float[] b, float[] c, int lanes) {
    for (int row = begin; row < end; row++) {
      float aRow = a[row % a.length];
      float bRow = b[row % a.length];
      float cRow = c[row % a.length];
      int last = (row + 1) * lanes;
      int e = row * lanes;
      for (; e <= last - N; e += N) {
        FloatVector.fromArray(FLOATS, x, e).mul(aRow).add(FloatVector.fromArray(FLOATS, y, e).mul(bRow)).add(cRow)
            .intoArray(out, e);
      }
      for (; e < last; e++) {
        out[e] = (aRow * x[e] + bRow * y[e]) + cRow;
      }
    }
  }

  /** {@link CombinationKernels#three} on the rows {@code begin <= row < end}. */
  public static void three(
      int begin, int end, float[] out, float[] x, float[] y, float[] z, float[] a, float[] b, float[] c, int lanes) {
    for (int row = begin; row < end; row++) {
      float aRow = a[row % a.length];
      float bRow = b[row % a.length];
      float cRow = c[row % a.length];
      int last = (row + 1) * lanes;
      int e = row * lanes;
      for (; e <= last - N; e += N) {
        FloatVector.fromArray(FLOATS, x, e).mul(aRow).add(FloatVector.fromArray(FLOATS, y, e).mul(bRow))
            .add(FloatVector.fromArray(FLOATS, z, e).mul(cRow))
            .intoArray(out, e);
      }
      for (; e < last; e++) {
        out[e] = (aRow * x[e] + bRow * y[e]) + cRow * z[e];
      }
    }
  }

  /** {@link CombinationKernels#four} on the rows {@code begin <= row < end}. */
  public static void four(
      int begin, int end, float[] out, float[] x, float[] y, float[] z, float[] w, float[] a, float[] b,
      float[] c, float[] d, int lanes) {
    for (int row = begin; row < end; row++) {
      float aRow = a[row % a.length];
      float bRow = b[row % a.length];
      float cRow = c[row % a.length];
      float dRow = d[row % a.length];
      int last = (row + 1) * lanes;
      int e = row * lanes;
      for (; e <= last - N; e += N) {
        FloatVector.fromArray(FLOATS, x, e).mul(aRow).add(FloatVector.fromArray(FLOATS, y, e).mul(bRow))
            .add(FloatVector.fromArray(FLOATS, z, e).mul(cRow)).add(FloatVector.fromArray(FLOATS, w, e).mul(dRow))
            .intoArray(out, e);
      }
      for (; e < last; e++) {
        out[e] = ((aRow * x[e] + bRow * y[e]) + cRow * z[e]) + dRow * w[e];
      }
    }
  }

  /** {@link CombinationKernels#clamp} on the elements {@code begin <= e < end}. */
  public static void clamp(int begin, int end, float[] x, float low, float high) {
    int e = begin;
    for (; e <= end - N; e += N) {
      FloatVector.fromArray(FLOATS, x, e).max(low).min(high).intoArray(x, e);
    }
    for (; e < end; e++) {
      x[e] = Math.min(Math.max(x[e], low), high);
    }
  }

  /** {@link CombinationKernels#masked} on the elements {@code begin <= e < end}. */
  public static void masked(int begin, int end, float[] x, float[] known, float[] mask) {
    FloatVector one = FloatVector.broadcast(FLOATS, 1f);
    int e = begin;
    for (; e <= end - N; e += N) {
      FloatVector m = FloatVector.fromArray(FLOATS, mask, e);
      FloatVector.fromArray(FLOATS, x, e).mul(one.sub(m)).add(FloatVector.fromArray(FLOATS, known, e).mul(m))
          .intoArray(x, e);
    }
    for (; e < end; e++) {
      x[e] = x[e] * (1f - mask[e]) + known[e] * mask[e];
    }
  }
}
