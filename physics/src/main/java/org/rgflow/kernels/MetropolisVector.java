package org.rgflow.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link MetropolisKernels} on the Vector API, over ranges of items, equal to it bit for bit. A stretch of
 * items is collected with the sums of its neighbours, rows of 16 or 8 elements as they lie, rows of one
 * element through the table; then it is updated and written back. As in {@link PhiloxVector} the stages
 * pass through memory, each a loop of its own.
 */
public final class MetropolisVector {
  private static final VectorSpecies<Float> FLOATS =
      FloatVector.SPECIES_PREFERRED.length() > 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
  private static final int N = FLOATS.length();
  private static final int ROW = 16;
  private static final int HALF_ROW = 8;
  private static final VectorSpecies<Float> HALVES = N > HALF_ROW ? FloatVector.SPECIES_256 : FLOATS;
  private static final int HALF_N = HALVES.length();
  /** Words drawn at a time. */
  private static final int CHUNK = 1024;

  private static final class Scratch {
    final float[] words = new float[CHUNK];
    final float[] phi = new float[CHUNK];
    final float[] neighbours = new float[CHUNK];
  }

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private MetropolisVector() {}

  /** {@link MetropolisKernels#hits} on the items {@code begin <= item < end}. */
  public static void hits(int begin, int end, float[] field, int[] accepted, int[] neighbourhood, int width,
      int blockSize, float h, float u, float g, float[] range, int hits, int[] stream, int streamId) {
    Scratch scratch = SCRATCH.get();
    boolean vectors = collects(width, field, blockSize);
    int first = vectors ? Math.min(end, begin + (width - 1) & -width) : end;
    int last = vectors ? first + ((end - first) & -ROW) : end;
    for (int at = first; at < last; at += CHUNK / 4) {
      int to = Math.min(last, at + CHUNK / 4);
      int count = 4 * (to - at);
      collect(at, to, field, neighbourhood, width, blockSize, scratch);
      for (int hit = 0; hit < hits; hit += 2) {
        PhiloxVector.words(at, count, scratch.words, 0, stream, streamId + (hit >> 1));
        PhiloxVector.logUniforms(count, scratch.words, 0, 16, 32);
        hit(at, to, accepted, h, u, g, range[0], Math.min(2, hits - hit), scratch);
      }
      write(at, to, field, neighbourhood, width, blockSize, scratch);
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

  private static void hit(int begin, int end, int[] accepted, float h, float u, float g, float range, int hits,
      Scratch scratch) {
    float[] z = scratch.words;
    for (int item = begin; item < end; item += N) {
      int k = item - begin;
      FloatVector b = FloatVector.fromArray(FLOATS, scratch.neighbours, k).mul(h);
      FloatVector phi = FloatVector.fromArray(FLOATS, scratch.phi, k);
      IntVector count = IntVector.fromArray(INTS, accepted, item);
      int word = k / ROW * 64 + k % ROW;
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
      phi.intoArray(scratch.phi, k);
      count.intoArray(accepted, item);
    }
  }

  /** {@link MetropolisKernels#reflect} on the items {@code begin <= item < end}. */
  public static void reflect(int begin, int end, float[] field, int[] neighbourhood, int width, int blockSize, float h,
      float u, float g, float[] inverse, int[] stream, int streamId) {
    Scratch scratch = SCRATCH.get();
    boolean vectors = collects(width, field, blockSize);
    int first = vectors ? Math.min(end, begin + (ROW - 1) & -ROW) : end;
    int last = vectors ? first + ((end - first) & -ROW) : end;
    for (int chunk = first & -64; chunk < last; chunk += CHUNK) {
      int from = Math.max(first, chunk);
      int to = Math.min(last, chunk + CHUNK);
      int count = to - chunk + 63 & -64;
      PhiloxVector.words(chunk >> 2, count, scratch.words, 0, stream, streamId);
      PhiloxVector.logUniforms(count, scratch.words, 0, 0, 16);
      collect(from, to, field, neighbourhood, width, blockSize, scratch);
      reflect(to - from, h, u, g, inverse[0], from - chunk, scratch);
      write(from, to, field, neighbourhood, width, blockSize, scratch);
    }
    for (int item = begin; item < first; item++) {
      MetropolisKernels.reflect(item, field, neighbourhood, width, blockSize, h, u, g, inverse, stream, streamId);
    }
    for (int item = last; item < end; item++) {
      MetropolisKernels.reflect(item, field, neighbourhood, width, blockSize, h, u, g, inverse, stream, streamId);
    }
  }

  private static void reflect(int count, float h, float u, float g, float inverse, int word, Scratch scratch) {
    float stiffness = u - 0.5f / inverse;
    for (int k = 0; k < count; k += N) {
      FloatVector c = FloatVector.fromArray(FLOATS, scratch.neighbours, k).mul(h).mul(inverse);
      FloatVector phi = FloatVector.fromArray(FLOATS, scratch.phi, k);
      FloatVector x = phi.sub(c);
      FloatVector remainder = c.mul(c).add(x.mul(x)).mul(2f * g).add(stiffness);
      FloatVector change = c.mul(-4f).mul(x).mul(remainder);
      VectorMask<Float> accept =
          FloatVector.fromArray(FLOATS, scratch.words, word + k).neg().compare(VectorOperators.GT, change);
      phi.blend(c.sub(x), accept).intoArray(scratch.phi, k);
    }
  }

  /** Whether there is a way to collect whole rows, or elements of a single block. */
  private static boolean collects(int width, float[] field, int blockSize) {
    return width == ROW || width == HALF_ROW || width == 1 && field.length == blockSize;
  }

  /** Items, from the first of a row on, and the sums of their neighbours. */
  private static void collect(int begin, int end, float[] field, int[] neighbourhood, int width, int blockSize,
      Scratch scratch) {
    switch (width) {
      case ROW -> collectRows(begin, end, field, neighbourhood, blockSize, scratch);
      case HALF_ROW -> collectHalfRows(begin, end, field, neighbourhood, blockSize, scratch);
      default -> collectElements(begin, end, field, neighbourhood, scratch);
    }
  }

  private static void write(int begin, int end, float[] field, int[] neighbourhood, int width, int blockSize,
      Scratch scratch) {
    switch (width) {
      case ROW -> writeRows(begin, end, field, neighbourhood, blockSize, scratch);
      case HALF_ROW -> writeHalfRows(begin, end, field, neighbourhood, blockSize, scratch);
      default -> writeElements(begin, end, field, neighbourhood, scratch);
    }
  }

  private static void collectRows(int begin, int end, float[] field, int[] neighbourhood, int blockSize,
      Scratch scratch) {
    int rows = neighbourhood.length / 5;
    int block = begin / ROW / rows;
    int k = begin / ROW - block * rows;
    int base = block * blockSize;
    for (int at = 0; at < end - begin; at += ROW) {
      for (int lane = 0; lane < ROW; lane += N) {
        int first = base + lane;
        FloatVector.fromArray(FLOATS, field, first + neighbourhood[rows + k])
            .add(FloatVector.fromArray(FLOATS, field, first + neighbourhood[2 * rows + k]))
            .add(FloatVector.fromArray(FLOATS, field, first + neighbourhood[3 * rows + k])
                .add(FloatVector.fromArray(FLOATS, field, first + neighbourhood[4 * rows + k])))
            .intoArray(scratch.neighbours, at + lane);
        FloatVector.fromArray(FLOATS, field, first + neighbourhood[k]).intoArray(scratch.phi, at + lane);
      }
      if (++k == rows) {
        k = 0;
        base += blockSize;
      }
    }
  }

  private static void writeRows(int begin, int end, float[] field, int[] neighbourhood, int blockSize,
      Scratch scratch) {
    int rows = neighbourhood.length / 5;
    int block = begin / ROW / rows;
    int k = begin / ROW - block * rows;
    int base = block * blockSize;
    for (int at = 0; at < end - begin; at += ROW) {
      for (int lane = 0; lane < ROW; lane += N) {
        FloatVector.fromArray(FLOATS, scratch.phi, at + lane).intoArray(field, base + lane + neighbourhood[k]);
      }
      if (++k == rows) {
        k = 0;
        base += blockSize;
      }
    }
  }

  private static void collectHalfRows(int begin, int end, float[] field, int[] neighbourhood, int blockSize,
      Scratch scratch) {
    int rows = neighbourhood.length / 5;
    int block = begin / HALF_ROW / rows;
    int k = begin / HALF_ROW - block * rows;
    int base = block * blockSize;
    for (int at = 0; at < end - begin; at += HALF_ROW) {
      for (int lane = 0; lane < HALF_ROW; lane += HALF_N) {
        int first = base + lane;
        FloatVector.fromArray(HALVES, field, first + neighbourhood[rows + k])
            .add(FloatVector.fromArray(HALVES, field, first + neighbourhood[2 * rows + k]))
            .add(FloatVector.fromArray(HALVES, field, first + neighbourhood[3 * rows + k])
                .add(FloatVector.fromArray(HALVES, field, first + neighbourhood[4 * rows + k])))
            .intoArray(scratch.neighbours, at + lane);
        FloatVector.fromArray(HALVES, field, first + neighbourhood[k]).intoArray(scratch.phi, at + lane);
      }
      if (++k == rows) {
        k = 0;
        base += blockSize;
      }
    }
  }

  private static void writeHalfRows(int begin, int end, float[] field, int[] neighbourhood, int blockSize,
      Scratch scratch) {
    int rows = neighbourhood.length / 5;
    int block = begin / HALF_ROW / rows;
    int k = begin / HALF_ROW - block * rows;
    int base = block * blockSize;
    for (int at = 0; at < end - begin; at += HALF_ROW) {
      for (int lane = 0; lane < HALF_ROW; lane += HALF_N) {
        FloatVector.fromArray(HALVES, scratch.phi, at + lane).intoArray(field, base + lane + neighbourhood[k]);
      }
      if (++k == rows) {
        k = 0;
        base += blockSize;
      }
    }
  }

  private static void collectElements(int begin, int end, float[] field, int[] neighbourhood, Scratch scratch) {
    int rows = neighbourhood.length / 5;
    for (int item = begin; item < end; item += N) {
      FloatVector.fromArray(FLOATS, field, 0, neighbourhood, rows + item)
          .add(FloatVector.fromArray(FLOATS, field, 0, neighbourhood, 2 * rows + item))
          .add(FloatVector.fromArray(FLOATS, field, 0, neighbourhood, 3 * rows + item)
              .add(FloatVector.fromArray(FLOATS, field, 0, neighbourhood, 4 * rows + item)))
          .intoArray(scratch.neighbours, item - begin);
      FloatVector.fromArray(FLOATS, field, 0, neighbourhood, item).intoArray(scratch.phi, item - begin);
    }
  }

  private static void writeElements(int begin, int end, float[] field, int[] neighbourhood, Scratch scratch) {
    for (int item = begin; item < end; item += N) {
      FloatVector.fromArray(FLOATS, scratch.phi, item - begin).intoArray(field, 0, neighbourhood, item);
    }
  }
}
