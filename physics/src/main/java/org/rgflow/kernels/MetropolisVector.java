package org.rgflow.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link MetropolisKernels} on the Vector API, over ranges of items, equal to it bit for bit. Rows of 16
 * elements are loaded as they lie, rows of one element gathered through the table. As in {@link
 * PhiloxVector} the stages pass through memory, each a loop of its own.
 */
public final class MetropolisVector {
  private static final VectorSpecies<Float> FLOATS =
      FloatVector.SPECIES_PREFERRED.length() > 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
  private static final int N = FLOATS.length();
  private static final int ROW = 16;
  /** Words drawn at a time. */
  private static final int CHUNK = 1024;
  private static final ThreadLocal<float[]> SCRATCH = ThreadLocal.withInitial(() -> new float[CHUNK]);

  private MetropolisVector() {}

  /** {@link MetropolisKernels#hits} on the items {@code begin <= item < end}. */
  public static void hits(int begin, int end, float[] field, int[] accepted, int[] neighbourhood, int width,
      int blockSize, float h, float u, float g, float[] range, int hits, int[] stream, int streamId) {
    float[] z = SCRATCH.get();
    boolean vectors = width == ROW || width == 1 && field.length == blockSize;
    int first = vectors ? Math.min(end, width == ROW ? begin + (ROW - 1) & -ROW : begin) : end;
    int last = vectors ? first + ((end - first) & -ROW) : end;
    for (int at = first; at < last; at += CHUNK / 4) {
      int to = Math.min(last, at + CHUNK / 4);
      int count = 4 * (to - at);
      for (int hit = 0; hit < hits; hit += 2) {
        PhiloxVector.words(at, count, z, 0, stream, streamId + (hit >> 1));
        PhiloxVector.logUniforms(count, z, 0, 16, 32);
        int pair = Math.min(2, hits - hit);
        if (width == ROW) {
          hitRows(at, to, field, accepted, neighbourhood, blockSize, h, u, g, range[0], pair, z);
        } else {
          hitElements(at, to, field, accepted, neighbourhood, h, u, g, range[0], pair, z);
        }
      }
    }
    for (int item = begin; item < first; item++) {
      MetropolisKernels.hits(item, field, accepted, neighbourhood, width, blockSize, h, u, g, range, hits, stream,
          streamId);
    }
    for (int item = last; item < end; item++) {
      MetropolisKernels.hits(item, field, accepted, neighbourhood, width, blockSize, h, u, g, range, hits, stream,
          streamId);
    }
  }

  private static void hitRows(int begin, int end, float[] field, int[] accepted, int[] neighbourhood, int blockSize,
      float h, float u, float g, float range, int hits, float[] z) {
    int rows = neighbourhood.length / 5;
    for (int item = begin; item < end; item += N) {
      int row = item / ROW;
      int block = row / rows;
      int k = row - block * rows;
      int base = block * blockSize + (item & (ROW - 1));
      int at = base + neighbourhood[k];
      FloatVector b = FloatVector.fromArray(FLOATS, field, base + neighbourhood[rows + k])
          .add(FloatVector.fromArray(FLOATS, field, base + neighbourhood[2 * rows + k]))
          .add(FloatVector.fromArray(FLOATS, field, base + neighbourhood[3 * rows + k])
              .add(FloatVector.fromArray(FLOATS, field, base + neighbourhood[4 * rows + k])))
          .mul(h);
      FloatVector phi = FloatVector.fromArray(FLOATS, field, at);
      IntVector count = IntVector.fromArray(INTS, accepted, item);
      int word = (item - begin) / ROW * 64 + (item & (ROW - 1));
      for (int hit = 0; hit < hits; hit++) {
        IntVector uniform = FloatVector.fromArray(FLOATS, z, word + 32 * hit).reinterpretAsInts().or(1);
        FloatVector delta = ((FloatVector) uniform.convert(VectorOperators.I2F, 0)).mul(0x1p-31f).mul(range);
        FloatVector next = phi.add(delta);
        FloatVector change =
            delta.mul(next.add(phi).mul(next.mul(next).add(phi.mul(phi)).mul(g).add(u)).sub(b));
        VectorMask<Float> accept =
            FloatVector.fromArray(FLOATS, z, word + 32 * hit + 16).neg().compare(VectorOperators.GT, change);
        phi = phi.blend(next, accept);
        count = count.add(1, accept.cast(INTS));
      }
      phi.intoArray(field, at);
      count.intoArray(accepted, item);
    }
  }

  private static void hitElements(int begin, int end, float[] field, int[] accepted, int[] neighbourhood, float h,
      float u, float g, float range, int hits, float[] z) {
    int rows = neighbourhood.length / 5;
    for (int item = begin; item < end; item += N) {
      FloatVector b = FloatVector.fromArray(FLOATS, field, 0, neighbourhood, rows + item)
          .add(FloatVector.fromArray(FLOATS, field, 0, neighbourhood, 2 * rows + item))
          .add(FloatVector.fromArray(FLOATS, field, 0, neighbourhood, 3 * rows + item)
              .add(FloatVector.fromArray(FLOATS, field, 0, neighbourhood, 4 * rows + item)))
          .mul(h);
      FloatVector phi = FloatVector.fromArray(FLOATS, field, 0, neighbourhood, item);
      IntVector count = IntVector.fromArray(INTS, accepted, item);
      int word = (item - begin) / ROW * 64 + (item - begin) % ROW;
      for (int hit = 0; hit < hits; hit++) {
        IntVector uniform = FloatVector.fromArray(FLOATS, z, word + 32 * hit).reinterpretAsInts().or(1);
        FloatVector delta = ((FloatVector) uniform.convert(VectorOperators.I2F, 0)).mul(0x1p-31f).mul(range);
        FloatVector next = phi.add(delta);
        FloatVector change =
            delta.mul(next.add(phi).mul(next.mul(next).add(phi.mul(phi)).mul(g).add(u)).sub(b));
        VectorMask<Float> accept =
            FloatVector.fromArray(FLOATS, z, word + 32 * hit + 16).neg().compare(VectorOperators.GT, change);
        phi = phi.blend(next, accept);
        count = count.add(1, accept.cast(INTS));
      }
      phi.intoArray(field, 0, neighbourhood, item);
      count.intoArray(accepted, item);
    }
  }

  /** {@link MetropolisKernels#reflect} on the items {@code begin <= item < end}. */
  public static void reflect(int begin, int end, float[] field, int[] neighbourhood, int width, int blockSize, float h,
      float u, float g, float[] inverse, int[] stream, int streamId) {
    float[] z = SCRATCH.get();
    boolean vectors = width == ROW || width == 1 && field.length == blockSize;
    int first = vectors ? Math.min(end, begin + (ROW - 1) & -ROW) : end;
    int last = vectors ? first + ((end - first) & -ROW) : end;
    for (int chunk = first & -64; chunk < last; chunk += CHUNK) {
      int from = Math.max(first, chunk);
      int to = Math.min(last, chunk + CHUNK);
      int count = to - chunk + 63 & -64;
      PhiloxVector.words(chunk >> 2, count, z, 0, stream, streamId);
      PhiloxVector.logUniforms(count, z, 0, 0, 16);
      if (width == ROW) {
        reflectRows(from, to, field, neighbourhood, blockSize, h, u, g, inverse[0], z, chunk);
      } else {
        reflectElements(from, to, field, neighbourhood, h, u, g, inverse[0], z, chunk);
      }
    }
    for (int item = begin; item < first; item++) {
      MetropolisKernels.reflect(item, field, neighbourhood, width, blockSize, h, u, g, inverse, stream, streamId);
    }
    for (int item = last; item < end; item++) {
      MetropolisKernels.reflect(item, field, neighbourhood, width, blockSize, h, u, g, inverse, stream, streamId);
    }
  }

  private static void reflectRows(int begin, int end, float[] field, int[] neighbourhood, int blockSize, float h,
      float u, float g, float inverse, float[] z, int chunk) {
    int rows = neighbourhood.length / 5;
    float stiffness = u - 0.5f / inverse;
    for (int item = begin; item < end; item += N) {
      int row = item / ROW;
      int block = row / rows;
      int k = row - block * rows;
      int base = block * blockSize + (item & (ROW - 1));
      int at = base + neighbourhood[k];
      FloatVector c = FloatVector.fromArray(FLOATS, field, base + neighbourhood[rows + k])
          .add(FloatVector.fromArray(FLOATS, field, base + neighbourhood[2 * rows + k]))
          .add(FloatVector.fromArray(FLOATS, field, base + neighbourhood[3 * rows + k])
              .add(FloatVector.fromArray(FLOATS, field, base + neighbourhood[4 * rows + k])))
          .mul(h).mul(inverse);
      FloatVector phi = FloatVector.fromArray(FLOATS, field, at);
      FloatVector x = phi.sub(c);
      FloatVector remainder = c.mul(c).add(x.mul(x)).mul(2f * g).add(stiffness);
      FloatVector change = c.mul(-4f).mul(x).mul(remainder);
      VectorMask<Float> accept =
          FloatVector.fromArray(FLOATS, z, item - chunk).neg().compare(VectorOperators.GT, change);
      phi.blend(c.sub(x), accept).intoArray(field, at);
    }
  }

  private static void reflectElements(int begin, int end, float[] field, int[] neighbourhood, float h, float u, float g,
      float inverse, float[] z, int chunk) {
    int rows = neighbourhood.length / 5;
    float stiffness = u - 0.5f / inverse;
    for (int item = begin; item < end; item += N) {
      FloatVector c = FloatVector.fromArray(FLOATS, field, 0, neighbourhood, rows + item)
          .add(FloatVector.fromArray(FLOATS, field, 0, neighbourhood, 2 * rows + item))
          .add(FloatVector.fromArray(FLOATS, field, 0, neighbourhood, 3 * rows + item)
              .add(FloatVector.fromArray(FLOATS, field, 0, neighbourhood, 4 * rows + item)))
          .mul(h).mul(inverse);
      FloatVector phi = FloatVector.fromArray(FLOATS, field, 0, neighbourhood, item);
      FloatVector x = phi.sub(c);
      FloatVector remainder = c.mul(c).add(x.mul(x)).mul(2f * g).add(stiffness);
      FloatVector change = c.mul(-4f).mul(x).mul(remainder);
      VectorMask<Float> accept =
          FloatVector.fromArray(FLOATS, z, item - chunk).neg().compare(VectorOperators.GT, change);
      phi.blend(c.sub(x), accept).intoArray(field, 0, neighbourhood, item);
    }
  }
}
