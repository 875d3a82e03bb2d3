package org.rgflow.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link PhiloxKernels} with the Vector API, equal to it bit for bit.
 *
 * <p>Philox runs on 64-bit lanes that hold 32-bit words, whose products are then exact; both factors are
 * masked to 32 bits so that the compiler emits the 32×32→64 bit multiplication. One such vector holds
 * the even and one the odd counters, so that a shift and a blend interleave them into one vector of words
 * in the order of the counters, on which logarithm, sine and cosine run at full width.
 *
 * <p>The stages (words, radii, angles) pass through memory, a cache-resident chunk at a time, and each is
 * one loop without helper methods: beyond a certain size the compiler stops inlining, and a vector that
 * crosses a call is an object on the heap.
 */
public final class PhiloxVector {
  private static final VectorSpecies<Float> FLOATS =
      FloatVector.SPECIES_PREFERRED.length() > 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
  private static final VectorSpecies<Long> LONGS = FLOATS.withLanes(long.class);
  private static final int WIDTH = FLOATS.length();
  private static final long MASK = 0xFFFFFFFFL;
  /** 0, 2, 4, …: the even counters. */
  private static final LongVector EVEN = LongVector.broadcast(LONGS, 0).addIndex(2);
  private static final VectorMask<Integer> ODD_LANES = VectorMask.fromLong(INTS, 0xAAAAAAAAAAAAAAAAL);
  /** Normals drawn at a time: they stay in the first-level cache from Philox to their use. */
  private static final int CHUNK = 1024;
  private static final ThreadLocal<float[]> SCRATCH = ThreadLocal.withInitial(() -> new float[CHUNK]);
  /** Seed and position of one image. */
  private static final ThreadLocal<int[]> OWN_STREAM = ThreadLocal.withInitial(() -> new int[4]);

  private PhiloxVector() {}

  /** Writes {@link PhiloxKernels#normal} to the positions {@code begin … end−1}. */
  public static void normals(int begin, int end, float[] normal, int[] stream, int streamId) {
    int inner = Math.min(end, begin + 63 & -64);
    int innerEnd = Math.max(inner, end & -64);
    if (begin < inner) {
      float[] scratch = SCRATCH.get();
      draw(begin & -64, 64, scratch, 0, stream, streamId);
      System.arraycopy(scratch, begin & 63, normal, begin, inner - begin);
    }
    for (int at = inner; at < innerEnd; at += CHUNK) {
      draw(at, Math.min(CHUNK, innerEnd - at), normal, at, stream, streamId);
    }
    if (innerEnd < end) {
      float[] scratch = SCRATCH.get();
      draw(innerEnd, 64, scratch, 0, stream, streamId);
      System.arraycopy(scratch, 0, normal, innerEnd, end - innerEnd);
    }
  }

  /** {@link ModeKernels#ornsteinUhlenbeckDrawn} for the elements {@code begin … end−1}. */
  public static void ornsteinUhlenbeck(
      int begin, int end, float[] x, float[] decay, float[] noise, int lanes, int[] stream, int streamId) {
    float[] scratch = SCRATCH.get();
    for (int at = begin & -64; at < end; at += CHUNK) {
      int count = Math.min(CHUNK, end - at);
      draw(at, count + 63 & -64, scratch, 0, stream, streamId);
      ModeVector.ornsteinUhlenbeck(Math.max(at, begin), at + count, x, decay, noise, scratch, at, lanes);
    }
  }

  /** {@link PhiloxKernels#imageNormal} for the elements {@code begin … end−1}. */
  public static void imageNormals(
      int begin, int end, float[] normal, int[] images, int size, int[] stream, int streamId) {
    float[] scratch = SCRATCH.get();
    int[] own = OWN_STREAM.get();
    System.arraycopy(stream, 0, own, 0, 3);
    int item = begin;
    while (item < end) {
      int image = item / size;
      int origin = image * size;
      int first = item - origin;
      int last = Math.min(end - origin, size);
      own[3] = images[image];
      for (int at = first & -64; at < last; at += CHUNK) {
        int count = Math.min(CHUNK, last - at);
        draw(at, count + 63 & -64, scratch, 0, own, streamId);
        int from = Math.max(at, first);
        System.arraycopy(scratch, from - at, normal, origin + from, at + count - from);
      }
      item = origin + last;
    }
  }

  /** The normals of positions {@code position … position+count−1}, multiples of 64, into {@code z} from {@code at}. */
  private static void draw(int position, int count, float[] z, int at, int[] stream, int streamId) {
    words(position >> 2, count, z, at, stream, streamId);
    radii(count, z, at);
    angles(count, z, at);
  }

  /**
   * The bits of the words of {@code count / 4} counters from {@code counter} on: 64 for each 16 of
   * them, word w_j of counter {@code counter + i} at {@code (i >> 4) * 64 + 16 * j + (i & 15)}, which
   * is the place of its normal z_j.
   *
   * @param count a multiple of 64
   */
  static void words(int counter, int count, float[] z, int at, int[] stream, int streamId) {
    LongVector mask = LongVector.broadcast(LONGS, MASK);
    LongVector m0 = LongVector.broadcast(LONGS, PhiloxKernels.M0).and(mask);
    LongVector m1 = LongVector.broadcast(LONGS, PhiloxKernels.M1).and(mask);
    for (int block = 0; block < count; block += 64) {
      for (int part = 0; part < 16; part += WIDTH) {
        long key0 = stream[0];
        long key1 = stream[1];
        LongVector a0 = EVEN.add((block >> 2) + counter + part);
        LongVector b0 = a0.add(1);
        LongVector a1 = LongVector.broadcast(LONGS, stream[2]);
        LongVector a2 = LongVector.broadcast(LONGS, stream[3]);
        LongVector a3 = LongVector.broadcast(LONGS, streamId);
        LongVector b1 = a1;
        LongVector b2 = a2;
        LongVector b3 = a3;
        for (int round = 0; round < 10; round++) {
          LongVector k0 = LongVector.broadcast(LONGS, key0);
          LongVector k1 = LongVector.broadcast(LONGS, key1);
          LongVector p0 = a0.and(mask).mul(m0);
          LongVector p1 = a2.and(mask).mul(m1);
          LongVector r0 = b0.and(mask).mul(m0);
          LongVector r1 = b2.and(mask).mul(m1);
          a0 = p1.lanewise(VectorOperators.LSHR, 32).lanewise(VectorOperators.XOR, a1)
              .lanewise(VectorOperators.XOR, k0);
          a2 = p0.lanewise(VectorOperators.LSHR, 32).lanewise(VectorOperators.XOR, a3)
              .lanewise(VectorOperators.XOR, k1);
          b0 = r1.lanewise(VectorOperators.LSHR, 32).lanewise(VectorOperators.XOR, b1)
              .lanewise(VectorOperators.XOR, k0);
          b2 = r0.lanewise(VectorOperators.LSHR, 32).lanewise(VectorOperators.XOR, b3)
              .lanewise(VectorOperators.XOR, k1);
          a1 = p1;
          a3 = p0;
          b1 = r1;
          b3 = r0;
          key0 += PhiloxKernels.W0;
          key1 += PhiloxKernels.W1;
        }
        int to = at + block + part;
        a0.reinterpretAsInts().blend(b0.lanewise(VectorOperators.LSHL, 32).reinterpretAsInts(), ODD_LANES)
            .reinterpretAsFloats().intoArray(z, to);
        a1.reinterpretAsInts().blend(b1.lanewise(VectorOperators.LSHL, 32).reinterpretAsInts(), ODD_LANES)
            .reinterpretAsFloats().intoArray(z, to + 16);
        a2.reinterpretAsInts().blend(b2.lanewise(VectorOperators.LSHL, 32).reinterpretAsInts(), ODD_LANES)
            .reinterpretAsFloats().intoArray(z, to + 32);
        a3.reinterpretAsInts().blend(b3.lanewise(VectorOperators.LSHL, 32).reinterpretAsInts(), ODD_LANES)
            .reinterpretAsFloats().intoArray(z, to + 48);
      }
    }
  }

  /**
   * {@link PhiloxKernels#logUniform} in the place of some words of {@link #words}: the 16 from {@code
   * first} on of each 64, and those each {@code step} further on.
   */
  static void logUniforms(int count, float[] z, int at, int first, int step) {
    for (int group = at + first; group < at + count; group += step) {
      for (int i = group; i < group + 16; i += WIDTH) {
        IntVector w = FloatVector.fromArray(FLOATS, z, i).reinterpretAsInts().or(1);
        IntVector zeros = w.lanewise(VectorOperators.LEADING_ZEROS_COUNT);
        IntVector mantissa = w.lanewise(VectorOperators.LSHL, zeros).lanewise(VectorOperators.LSHR, 8);
        IntVector below = mantissa.sub(11863283).lanewise(VectorOperators.ASHR, 31); // −1 below √½
        FloatVector e = (FloatVector) zeros.sub(below).convert(VectorOperators.I2F, 0);
        FloatVector m = (FloatVector) mantissa.add(mantissa.and(below)).convert(VectorOperators.I2F, 0);
        FloatVector x = m.mul(0x1p-24f).sub(1f);
        FloatVector x2 = x.mul(x);
        FloatVector p = x.mul(7.0376836292E-2f).sub(1.1514610310E-1f)
            .mul(x).add(1.1676998740E-1f).mul(x).sub(1.2420140846E-1f)
            .mul(x).add(1.4249322787E-1f).mul(x).sub(1.6668057665E-1f)
            .mul(x).add(2.0000714765E-1f).mul(x).sub(2.4999993993E-1f).mul(x).add(3.3333331174E-1f);
        FloatVector y = x.mul(x2).mul(p).add(e.mul(2.12194440e-4f)).sub(x2.mul(0.5f));
        x.add(y).sub(e.mul(0.693359375f)).intoArray(z, i);
      }
    }
  }

  /** ρ(w) in the place of the first word w of each pair, which are 16 apart. */
  private static void radii(int count, float[] z, int at) {
    for (int pair = at; pair < at + count; pair += 32) {
      for (int i = pair; i < pair + 16; i += WIDTH) {
        IntVector w = FloatVector.fromArray(FLOATS, z, i).reinterpretAsInts().or(1);
        IntVector zeros = w.lanewise(VectorOperators.LEADING_ZEROS_COUNT);
        IntVector mantissa = w.lanewise(VectorOperators.LSHL, zeros).lanewise(VectorOperators.LSHR, 8);
        IntVector below = mantissa.sub(11863283).lanewise(VectorOperators.ASHR, 31); // −1 below √½
        FloatVector e = (FloatVector) zeros.sub(below).convert(VectorOperators.I2F, 0);
        FloatVector m = (FloatVector) mantissa.add(mantissa.and(below)).convert(VectorOperators.I2F, 0);
        FloatVector x = m.mul(0x1p-24f).sub(1f);
        FloatVector x2 = x.mul(x);
        FloatVector p = x.mul(7.0376836292E-2f).sub(1.1514610310E-1f)
            .mul(x).add(1.1676998740E-1f).mul(x).sub(1.2420140846E-1f)
            .mul(x).add(1.4249322787E-1f).mul(x).sub(1.6668057665E-1f)
            .mul(x).add(2.0000714765E-1f).mul(x).sub(2.4999993993E-1f).mul(x).add(3.3333331174E-1f);
        FloatVector y = x.mul(x2).mul(p).add(e.mul(2.12194440e-4f)).sub(x2.mul(0.5f));
        x.add(y).sub(e.mul(0.693359375f)).mul(-2f).sqrt().intoArray(z, i);
      }
    }
  }

  /** Pairs of a radius and a word of the angle become ρ cos θ and ρ sin θ. */
  private static void angles(int count, float[] z, int at) {
    for (int pair = at; pair < at + count; pair += 32) {
      for (int i = pair; i < pair + 16; i += WIDTH) {
        FloatVector rho = FloatVector.fromArray(FLOATS, z, i);
        IntVector angle = FloatVector.fromArray(FLOATS, z, i + 16).reinterpretAsInts();
        IntVector quadrant = angle.add(0x20000000).lanewise(VectorOperators.LSHR, 30);
        FloatVector x = ((FloatVector) angle.sub(quadrant.lanewise(VectorOperators.LSHL, 30))
            .convert(VectorOperators.I2F, 0)).mul(1.4629180792671596e-9f);
        FloatVector x2 = x.mul(x);
        FloatVector s = x2.mul(-1.9515295891E-4f).add(8.3321608736E-3f).mul(x2).sub(1.6666654611E-1f)
            .mul(x2).mul(x).add(x);
        FloatVector c = x2.mul(2.443315711809948E-5f).sub(1.388731625493765E-3f).mul(x2).add(4.166664568298827E-2f)
            .mul(x2).mul(x2).sub(x2.mul(0.5f)).add(1f);
        VectorMask<Float> odd = quadrant.lanewise(VectorOperators.LSHL, 31).lt(0).cast(FLOATS);
        IntVector cosineSign = quadrant.add(1).lanewise(VectorOperators.LSHR, 1).lanewise(VectorOperators.LSHL, 31);
        IntVector sineSign = quadrant.lanewise(VectorOperators.LSHR, 1).lanewise(VectorOperators.LSHL, 31);
        rho.mul(c.blend(s, odd).reinterpretAsInts().lanewise(VectorOperators.XOR, cosineSign).reinterpretAsFloats())
            .intoArray(z, i);
        rho.mul(s.blend(c, odd).reinterpretAsInts().lanewise(VectorOperators.XOR, sineSign).reinterpretAsFloats())
            .intoArray(z, i + 16);
      }
    }
  }
}
