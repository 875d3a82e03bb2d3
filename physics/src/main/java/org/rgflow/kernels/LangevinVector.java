package org.rgflow.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The local flow of {@link LangevinKernels} on the Vector API, equal to it bit for bit. */
public final class LangevinVector {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int N = FLOATS.length();

  private LangevinVector() {}

  /** {@link LangevinKernels#quarticFlow} on the elements {@code begin <= element < end}. */
  public static void quarticFlow(int begin, int end, float[] phi, float[] coefficients, int at) {
    float decay = coefficients[2 * at];
    float q = coefficients[2 * at + 1];
    int e = begin;
    for (; e <= end - N; e += N) {
      FloatVector f = FloatVector.fromArray(FLOATS, phi, e);
      f.mul(decay).div(f.mul(f).mul(q).add(1f).sqrt()).intoArray(phi, e);
    }
    for (; e < end; e++) {
      LangevinKernels.quarticFlow(e, phi, coefficients, at);
    }
  }
}
