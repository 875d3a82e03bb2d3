package org.rgflow.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The bonds of {@link ClusterKernels} on the Vector API, over ranges of elements, equal to it bit for bit. */
public final class ClusterVector {
  private static final VectorSpecies<Float> FLOATS =
      FloatVector.SPECIES_PREFERRED.length() > 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
  private static final int N = FLOATS.length();
  private static final int CHUNK = 1024;
  private static final ThreadLocal<float[]> SCRATCH = ThreadLocal.withInitial(() -> new float[CHUNK]);

  private ClusterVector() {}

  /** {@link ClusterKernels#bonds} on the elements {@code begin <= element < end}. */
  public static void bonds(
      int begin, int end, float[] field, int[] bonds, float h, int[] stream, int streamId, int lx, int ly, int lanes) {
    float[] z = SCRATCH.get();
    int width = lx * lanes;
    int at = begin;
    while (at < end) {
      // Up to the last site of a lattice row or its end, all elements have their neighbours at equal distances.
      int row = at / width;
      int edge = (row + 1) * width - lanes;
      int spanEnd = Math.min(end, at < edge ? edge : edge + lanes);
      int right = at < edge ? lanes : lanes - width;
      int y = row % ly;
      int up = y == ly - 1 ? -y * width : width;
      int last = at + (spanEnd - at & -16);
      for (int chunk = at; chunk < last; chunk += CHUNK / 4) {
        int to = Math.min(last, chunk + CHUNK / 4);
        PhiloxVector.words(chunk, 4 * (to - chunk), z, 0, stream, streamId);
        PhiloxVector.logUniforms(4 * (to - chunk), z, 0, 0, 64);
        PhiloxVector.logUniforms(4 * (to - chunk), z, 0, 16, 64);
        span(chunk, to, right, up, field, bonds, h, z);
      }
      for (int element = last; element < spanEnd; element++) {
        ClusterKernels.bonds(element, field, bonds, h, stream, streamId, lx, ly, lanes);
      }
      at = spanEnd;
    }
  }

  private static void span(int begin, int end, int right, int up, float[] field, int[] bonds, float h, float[] z) {
    for (int e = begin; e < end; e += N) {
      FloatVector f = FloatVector.fromArray(FLOATS, field, e).mul(2f * h);
      int word = (e - begin) / 16 * 64 + (e - begin) % 16;
      IntVector bits = FloatVector.fromArray(FLOATS, z, word + 32).reinterpretAsInts().and(ClusterKernels.COIN);
      FloatVector x = f.mul(FloatVector.fromArray(FLOATS, field, e + right));
      bits = bits.add(1, FloatVector.fromArray(FLOATS, z, word).neg().compare(VectorOperators.LT, x).cast(INTS));
      FloatVector y = f.mul(FloatVector.fromArray(FLOATS, field, e + up));
      bits = bits.add(2, FloatVector.fromArray(FLOATS, z, word + 16).neg().compare(VectorOperators.LT, y).cast(INTS));
      bits.intoArray(bonds, e);
    }
  }
}
