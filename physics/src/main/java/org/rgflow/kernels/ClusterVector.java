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
  /** Elements taken at a time. */
  private static final int CHUNK = 256;

  private static final class Scratch {
    final float[] words = new float[4 * CHUNK];
    final float[] right = new float[CHUNK];
    final float[] up = new float[CHUNK];
  }

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private ClusterVector() {}

  /** {@link ClusterKernels#bonds} on the elements {@code begin <= element < end}. */
  public static void bonds(
      int begin, int end, float[] field, int[] bonds, float h, int[] stream, int streamId, int lx, int ly, int lanes) {
    Scratch scratch = SCRATCH.get();
    int last = begin + (end - begin & -16);
    for (int chunk = begin; chunk < last; chunk += CHUNK) {
      int to = Math.min(last, chunk + CHUNK);
      PhiloxVector.words(chunk, 4 * (to - chunk), scratch.words, 0, stream, streamId);
      PhiloxVector.logUniforms(4 * (to - chunk), scratch.words, 0, 0, 64);
      PhiloxVector.logUniforms(4 * (to - chunk), scratch.words, 0, 16, 64);
      neighbours(chunk, to, field, scratch, lx, ly, lanes);
      bonds(chunk, to, field, bonds, h, scratch);
    }
    for (int element = last; element < end; element++) {
      ClusterKernels.bonds(element, field, bonds, h, stream, streamId, lx, ly, lanes);
    }
  }

  /** Copies the neighbours at x + 1 and y + 1. */
  private static void neighbours(int begin, int end, float[] field, Scratch scratch, int lx, int ly, int lanes) {
    int width = lx * lanes;
    int to;
    for (int at = begin; at < end; at = to) {
      // Up to the last site of a lattice row or its end, all elements have their neighbours at equal distances.
      int row = at / width;
      int edge = (row + 1) * width - lanes;
      to = Math.min(end, at < edge ? edge : edge + lanes);
      int y = row % ly;
      int right = at < edge ? lanes : lanes - width;
      int up = y == ly - 1 ? -y * width : width;
      System.arraycopy(field, at + right, scratch.right, at - begin, to - at);
      System.arraycopy(field, at + up, scratch.up, at - begin, to - at);
    }
  }

  private static void bonds(int begin, int end, float[] field, int[] bonds, float h, Scratch scratch) {
    float[] z = scratch.words;
    float[] right = scratch.right;
    float[] up = scratch.up;
    for (int e = begin; e < end; e += N) {
      FloatVector f = FloatVector.fromArray(FLOATS, field, e).mul(2f * h);
      int k = e - begin;
      int word = k / 16 * 64 + k % 16;
      IntVector bits = FloatVector.fromArray(FLOATS, z, word + 32).reinterpretAsInts().and(ClusterKernels.COIN);
      FloatVector x = f.mul(FloatVector.fromArray(FLOATS, right, k));
      bits = bits.add(1, FloatVector.fromArray(FLOATS, z, word).neg().compare(VectorOperators.LT, x).cast(INTS));
      FloatVector y = f.mul(FloatVector.fromArray(FLOATS, up, k));
      bits = bits.add(2, FloatVector.fromArray(FLOATS, z, word + 16).neg().compare(VectorOperators.LT, y).cast(INTS));
      bits.intoArray(bonds, e);
    }
  }
}
