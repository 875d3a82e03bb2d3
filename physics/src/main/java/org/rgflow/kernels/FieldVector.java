package org.rgflow.kernels;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FieldKernels} on the Vector API, over ranges of rows. The arithmetic is the same operation by
 * operation (no fused multiply-add), so the results agree to the last bit with the naive bodies.
 *
 * <p>No method takes or returns a vector: the just-in-time compiler keeps vectors in registers only
 * within what it inlines, and whether it inlines a helper depends on the order in which a program warms
 * up. Hence the repetition of the force.
 */
public final class FieldVector {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int N = FLOATS.length();
  /** Lanes of a full block of replicas; a constant, so that bounds are checked once for a row. */
  private static final int LANES = 16;
  /** Every lane's left and right neighbour, in a ring. */
  private static final VectorShuffle<Float> LEFT = VectorShuffle.iota(FLOATS, N - 1, 1, true);
  private static final VectorShuffle<Float> RIGHT = VectorShuffle.iota(FLOATS, 1, 1, true);
  /** As many floats as doubles fit a full vector. */
  private static final VectorSpecies<Float> HALF =
      VectorSpecies.of(float.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  private static final int D = DOUBLES.length();

  /** A thread's own copy of a group, which no other thread's bounds checks look at while it is written. */
  private static final class Scratch {
    float[] from = new float[0];
    float[] to = from;
    float[] p = from;

    Scratch of(int size) {
      if (from.length < size) {
        from = new float[size];
        to = new float[size];
        p = new float[size];
      }
      return this;
    }
  }

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);
  private static final ThreadLocal<float[]> BEYOND = ThreadLocal.withInitial(() -> new float[FieldKernels.PARTIAL_SUMS]);
  private static final ThreadLocal<double[]> ROW_SUMS =
      ThreadLocal.withInitial(() -> new double[4 * FieldKernels.PARTIAL_SUMS]);

  private FieldVector() {}

  /** Whether blocks of so many lanes have kernels of their own, without elements left over. */
  public static boolean wholeBlocks(int lanes) {
    return lanes == LANES || lanes == HalfBlockVector.LANES;
  }

  /** {@link FieldKernels#kickDrift} on the rows {@code begin <= row < end}. */
  public static void kickDrift(
      int begin, int end, float[] phi, float[] p, float[] moved, float[] stages, int stage,
      float h, float u, float g, int lx, int ly, int lanes) {
    int width = lx * lanes;
    int edge = width - lanes;
    float kick = stages[2 * stage];
    float drift = stages[2 * stage + 1];
    float kh = kick * h;
    float ku = 2f * (kick * u);
    float kg = 4f * (kick * g);
    for (int row = begin; row < end; row++) {
      int at = row * width;
      int y = row % ly;
      int up = y == ly - 1 ? -y * width : width;
      int down = y == 0 ? (ly - 1) * width : -width;
      boolean pair = row + 1 < end && y + 1 < ly;
      int above = y + 2 == ly ? -y * width : 2 * width;
      if (lanes == LANES) {
        for (int e = at; e < at + LANES; e += N) {
          if (pair) {
            kickDriftColumns(e, lx, width, above, down, phi, p, moved, kh, ku, kg, drift);
          } else {
            kickDriftColumn(e, lx, up, down, phi, p, moved, kh, ku, kg, drift);
          }
        }
        row += pair ? 1 : 0;
      } else if (lanes == HalfBlockVector.LANES) {
        if (pair) {
          HalfBlockVector.kickDriftRows(at, lx, width, above, down, phi, p, moved, kh, ku, kg, drift);
        } else {
          HalfBlockVector.kickDriftRow(at, lx, up, down, phi, p, moved, kh, ku, kg, drift);
        }
        row += pair ? 1 : 0;
      } else if (lanes == 1 && width >= N && pair) {
        int pairs = Math.min(end - row, ly - y) / 2;
        kickDriftRows(row, row + 2 * pairs, ly, width, phi, p, moved, kh, ku, kg, drift);
        row += 2 * pairs - 1;
      } else {
        kickDriftScalar(at, at + lanes, edge, lanes, up, down, phi, p, moved, kh, ku, kg, drift);
        if (edge - lanes >= N) {
          kickDriftInterior(at + lanes, at + edge, lanes, up, down, phi, p, moved, kh, ku, kg, drift);
        } else {
          kickDriftScalar(at + lanes, at + edge, -lanes, lanes, up, down, phi, p, moved, kh, ku, kg, drift);
        }
        kickDriftScalar(at + edge, at + width, -lanes, -edge, up, down, phi, p, moved, kh, ku, kg, drift);
      }
    }
  }

  /** One vector of a full block of lanes, carried along x with its left and right neighbours in registers. */
  private static void kickDriftColumn(
      int begin, int lx, int up, int down, float[] phi, float[] p, float[] moved,
      float kh, float ku, float kg, float drift) {
    int last = begin + (lx - 1) * LANES;
    FloatVector first = FloatVector.fromArray(FLOATS, phi, begin);
    FloatVector left = FloatVector.fromArray(FLOATS, phi, last);
    FloatVector f = first;
    for (int e = begin; e < last; e += LANES) {
      FloatVector right = FloatVector.fromArray(FLOATS, phi, e + LANES);
      FloatVector vertical = FloatVector.fromArray(FLOATS, phi, e + up)
          .add(FloatVector.fromArray(FLOATS, phi, e + down));
      FloatVector momentum =
          FloatVector.fromArray(FLOATS, p, e)
              .sub(f.mul(f).mul(kg).add(ku).mul(f).sub(left.add(right).add(vertical).mul(kh)));
      momentum.intoArray(p, e);
      f.add(momentum.mul(drift)).intoArray(moved, e);
      left = f;
      f = right;
    }
    FloatVector vertical =
        FloatVector.fromArray(FLOATS, phi, last + up).add(FloatVector.fromArray(FLOATS, phi, last + down));
    FloatVector momentum =
        FloatVector.fromArray(FLOATS, p, last)
            .sub(f.mul(f).mul(kg).add(ku).mul(f).sub(left.add(first).add(vertical).mul(kh)));
    momentum.intoArray(p, last);
    f.add(momentum.mul(drift)).intoArray(moved, last);
  }

  /** {@link #kickDriftColumn} on two neighbouring rows, which are each other's vertical neighbours. */
  private static void kickDriftColumns(
      int begin, int lx, int width, int above, int below, float[] phi, float[] p, float[] moved,
      float kh, float ku, float kg, float drift) {
    int last = begin + (lx - 1) * LANES;
    FloatVector first0 = FloatVector.fromArray(FLOATS, phi, begin);
    FloatVector first1 = FloatVector.fromArray(FLOATS, phi, begin + width);
    FloatVector left0 = FloatVector.fromArray(FLOATS, phi, last);
    FloatVector left1 = FloatVector.fromArray(FLOATS, phi, last + width);
    FloatVector f0 = first0;
    FloatVector f1 = first1;
    for (int e = begin; e < last; e += LANES) {
      FloatVector right0 = FloatVector.fromArray(FLOATS, phi, e + LANES);
      FloatVector right1 = FloatVector.fromArray(FLOATS, phi, e + width + LANES);
      FloatVector neighbours0 = left0.add(right0).add(f1.add(FloatVector.fromArray(FLOATS, phi, e + below)));
      FloatVector neighbours1 = left1.add(right1).add(FloatVector.fromArray(FLOATS, phi, e + above).add(f0));
      FloatVector momentum0 = FloatVector.fromArray(FLOATS, p, e)
          .sub(f0.mul(f0).mul(kg).add(ku).mul(f0).sub(neighbours0.mul(kh)));
      FloatVector momentum1 = FloatVector.fromArray(FLOATS, p, e + width)
          .sub(f1.mul(f1).mul(kg).add(ku).mul(f1).sub(neighbours1.mul(kh)));
      momentum0.intoArray(p, e);
      momentum1.intoArray(p, e + width);
      f0.add(momentum0.mul(drift)).intoArray(moved, e);
      f1.add(momentum1.mul(drift)).intoArray(moved, e + width);
      left0 = f0;
      left1 = f1;
      f0 = right0;
      f1 = right1;
    }
    FloatVector neighbours0 = left0.add(first0).add(f1.add(FloatVector.fromArray(FLOATS, phi, last + below)));
    FloatVector neighbours1 = left1.add(first1).add(FloatVector.fromArray(FLOATS, phi, last + above).add(f0));
    FloatVector momentum0 = FloatVector.fromArray(FLOATS, p, last)
        .sub(f0.mul(f0).mul(kg).add(ku).mul(f0).sub(neighbours0.mul(kh)));
    FloatVector momentum1 = FloatVector.fromArray(FLOATS, p, last + width)
        .sub(f1.mul(f1).mul(kg).add(ku).mul(f1).sub(neighbours1.mul(kh)));
    momentum0.intoArray(p, last);
    momentum1.intoArray(p, last + width);
    f0.add(momentum0.mul(drift)).intoArray(moved, last);
    f1.add(momentum1.mul(drift)).intoArray(moved, last + width);
  }

  /**
   * At least one full vector of elements away from the row's ends. The last vector may overlap the one
   * before; it starts from the momenta read beforehand and so writes the same values again.
   */
  private static void kickDriftInterior(
      int begin, int end, int lanes, int up, int down, float[] phi, float[] p, float[] moved,
      float kh, float ku, float kg, float drift) {
    FloatVector tail = FloatVector.fromArray(FLOATS, p, end - N);
    int e = begin;
    for (; e <= end - N; e += N) {
      FloatVector f = FloatVector.fromArray(FLOATS, phi, e);
      FloatVector neighbours =
          FloatVector.fromArray(FLOATS, phi, e - lanes).add(FloatVector.fromArray(FLOATS, phi, e + lanes))
              .add(FloatVector.fromArray(FLOATS, phi, e + up).add(FloatVector.fromArray(FLOATS, phi, e + down)));
      FloatVector momentum =
          FloatVector.fromArray(FLOATS, p, e).sub(f.mul(f).mul(kg).add(ku).mul(f).sub(neighbours.mul(kh)));
      momentum.intoArray(p, e);
      f.add(momentum.mul(drift)).intoArray(moved, e);
    }
    if (e < end) {
      e = end - N;
      FloatVector f = FloatVector.fromArray(FLOATS, phi, e);
      FloatVector neighbours =
          FloatVector.fromArray(FLOATS, phi, e - lanes).add(FloatVector.fromArray(FLOATS, phi, e + lanes))
              .add(FloatVector.fromArray(FLOATS, phi, e + up).add(FloatVector.fromArray(FLOATS, phi, e + down)));
      FloatVector momentum = tail.sub(f.mul(f).mul(kg).add(ku).mul(f).sub(neighbours.mul(kh)));
      momentum.intoArray(p, e);
      f.add(momentum.mul(drift)).intoArray(moved, e);
    }
  }

  /**
   * Pairs of neighbouring rows of a single field, from row {@code begin} on and not beyond a field's end. The first
   * and the last vector of a row find what lies across the row's ends by a rotation of their own lanes and one
   * element. The last may overlap the one before; it starts from the momenta read beforehand and so writes the same
   * values again.
   */
  private static void kickDriftRows(
      int begin, int end, int ly, int width, float[] phi, float[] p, float[] moved,
      float kh, float ku, float kg, float drift) {
    int y = begin % ly;
    for (int row = begin; row < end; row += 2, y += 2) {
      int below = y == 0 ? (ly - 1) * width : -width;
      int above = y + 2 == ly ? -y * width : 2 * width;
      int first = row * width;
      int last = first + width - N;
      int edge = first + width - 1;
      FloatVector tail0 = FloatVector.fromArray(FLOATS, p, last);
      FloatVector tail1 = FloatVector.fromArray(FLOATS, p, last + width);
      if (first < last) {
        int e = first;
        FloatVector f0 = FloatVector.fromArray(FLOATS, phi, e);
        FloatVector f1 = FloatVector.fromArray(FLOATS, phi, e + width);
        FloatVector neighbours0 =
            f0.rearrange(LEFT).withLane(0, phi[edge]).add(FloatVector.fromArray(FLOATS, phi, e + 1))
                .add(f1.add(FloatVector.fromArray(FLOATS, phi, e + below)));
        FloatVector neighbours1 =
            f1.rearrange(LEFT).withLane(0, phi[edge + width]).add(FloatVector.fromArray(FLOATS, phi, e + 1 + width))
                .add(FloatVector.fromArray(FLOATS, phi, e + above).add(f0));
        FloatVector momentum0 = FloatVector.fromArray(FLOATS, p, e)
            .sub(f0.mul(f0).mul(kg).add(ku).mul(f0).sub(neighbours0.mul(kh)));
        FloatVector momentum1 = FloatVector.fromArray(FLOATS, p, e + width)
            .sub(f1.mul(f1).mul(kg).add(ku).mul(f1).sub(neighbours1.mul(kh)));
        momentum0.intoArray(p, e);
        momentum1.intoArray(p, e + width);
        f0.add(momentum0.mul(drift)).intoArray(moved, e);
        f1.add(momentum1.mul(drift)).intoArray(moved, e + width);
      }
      for (int e = first + N; e < last; e += N) {
        FloatVector f0 = FloatVector.fromArray(FLOATS, phi, e);
        FloatVector f1 = FloatVector.fromArray(FLOATS, phi, e + width);
        FloatVector neighbours0 =
            FloatVector.fromArray(FLOATS, phi, e - 1).add(FloatVector.fromArray(FLOATS, phi, e + 1))
                .add(f1.add(FloatVector.fromArray(FLOATS, phi, e + below)));
        FloatVector neighbours1 =
            FloatVector.fromArray(FLOATS, phi, e - 1 + width)
                .add(FloatVector.fromArray(FLOATS, phi, e + 1 + width))
                .add(FloatVector.fromArray(FLOATS, phi, e + above).add(f0));
        FloatVector momentum0 = FloatVector.fromArray(FLOATS, p, e)
            .sub(f0.mul(f0).mul(kg).add(ku).mul(f0).sub(neighbours0.mul(kh)));
        FloatVector momentum1 = FloatVector.fromArray(FLOATS, p, e + width)
            .sub(f1.mul(f1).mul(kg).add(ku).mul(f1).sub(neighbours1.mul(kh)));
        momentum0.intoArray(p, e);
        momentum1.intoArray(p, e + width);
        f0.add(momentum0.mul(drift)).intoArray(moved, e);
        f1.add(momentum1.mul(drift)).intoArray(moved, e + width);
      }
      int e = last;
      int before = first < last ? last - 1 : edge;
      FloatVector f0 = FloatVector.fromArray(FLOATS, phi, e);
      FloatVector f1 = FloatVector.fromArray(FLOATS, phi, e + width);
      FloatVector neighbours0 =
          f0.rearrange(LEFT).withLane(0, phi[before]).add(f0.rearrange(RIGHT).withLane(N - 1, phi[first]))
              .add(f1.add(FloatVector.fromArray(FLOATS, phi, e + below)));
      FloatVector neighbours1 =
          f1.rearrange(LEFT).withLane(0, phi[before + width])
              .add(f1.rearrange(RIGHT).withLane(N - 1, phi[first + width]))
              .add(FloatVector.fromArray(FLOATS, phi, e + above).add(f0));
      FloatVector momentum0 = tail0
          .sub(f0.mul(f0).mul(kg).add(ku).mul(f0).sub(neighbours0.mul(kh)));
      FloatVector momentum1 = tail1
          .sub(f1.mul(f1).mul(kg).add(ku).mul(f1).sub(neighbours1.mul(kh)));
      momentum0.intoArray(p, e);
      momentum1.intoArray(p, e + width);
      f0.add(momentum0.mul(drift)).intoArray(moved, e);
      f1.add(momentum1.mul(drift)).intoArray(moved, e + width);
    }
  }

  /**
   * Consecutive {@link #kickDrift}s of {@linkplain #wholeBlocks whole blocks} of lanes, the first from {@code phi} to {@code moved}, the next from
   * there to {@code other} and so on by turns, and a {@link #kick} if there is one: all of them on one group of
   * {@code ly} rows after the other, on a copy. The buffers are left as the launches would leave them.
   *
   * @param begin first row of a group
   * @param end behind the last row of a group
   * @param stage stage of the first
   * @param drifts number of {@code kickDrift}s, at least 1
   * @param kick whether a {@code kick} follows
   */
  public static void leapfrog(
      int begin, int end, float[] phi, float[] p, float[] moved, float[] other, float[] stages, int stage, int drifts,
      boolean kick, float h, float u, float g, int lx, int ly, int lanes) {
    int size = lx * ly * lanes;
    Scratch scratch = SCRATCH.get().of(CacheLines.MARGIN + size);
    float[] momenta = scratch.p;
    for (int row = begin; row < end; row += ly) {
      int at = row * lx * lanes;
      float[] from = scratch.from;
      float[] to = scratch.to;
      System.arraycopy(phi, at, from, CacheLines.MARGIN, size);
      System.arraycopy(p, at, momenta, CacheLines.MARGIN, size);
      for (int s = stage; s < stage + drifts; s++) {
        kickDriftGroup(from, momenta, to, stages, s, h, u, g, lx, ly, lanes);
        float[] last = from;
        from = to;
        to = last;
      }
      if (kick) {
        kickGroup(from, momenta, stages, stage + drifts, h, u, g, lx, ly, lanes);
      }
      System.arraycopy(momenta, CacheLines.MARGIN, p, at, size);
      System.arraycopy(from, CacheLines.MARGIN, drifts % 2 == 0 ? other : moved, at, size);
      if (drifts > 1) {
        System.arraycopy(to, CacheLines.MARGIN, drifts % 2 == 0 ? moved : other, at, size);
      }
    }
  }

  private static void kickDriftGroup(
      float[] phi, float[] p, float[] moved, float[] stages, int stage, float h, float u, float g, int lx, int ly,
      int lanes) {
    int width = lx * lanes;
    float kick = stages[2 * stage];
    float drift = stages[2 * stage + 1];
    float kh = kick * h;
    float ku = 2f * (kick * u);
    float kg = 4f * (kick * g);
    for (int y = 0; y < ly; y += 2) {
      int at = CacheLines.MARGIN + y * width;
      int down = y == 0 ? (ly - 1) * width : -width;
      int up = y == ly - 1 ? -y * width : width;
      int above = y + 2 == ly ? -y * width : 2 * width;
      if (lanes == HalfBlockVector.LANES) {
        if (y + 1 < ly) {
          HalfBlockVector.kickDriftRows(at, lx, width, above, down, phi, p, moved, kh, ku, kg, drift);
        } else {
          HalfBlockVector.kickDriftRow(at, lx, up, down, phi, p, moved, kh, ku, kg, drift);
        }
        continue;
      }
      for (int e = at; e < at + LANES; e += N) {
        if (y + 1 < ly) {
          kickDriftColumns(e, lx, width, above, down, phi, p, moved, kh, ku, kg, drift);
        } else {
          kickDriftColumn(e, lx, up, down, phi, p, moved, kh, ku, kg, drift);
        }
      }
    }
  }

  private static void kickGroup(
      float[] phi, float[] p, float[] stages, int stage, float h, float u, float g, int lx, int ly, int lanes) {
    int width = lx * lanes;
    float kick = stages[2 * stage];
    float kh = kick * h;
    float ku = 2f * (kick * u);
    float kg = 4f * (kick * g);
    for (int y = 0; y < ly; y++) {
      int up = y == ly - 1 ? -y * width : width;
      int down = y == 0 ? (ly - 1) * width : -width;
      if (lanes == HalfBlockVector.LANES) {
        HalfBlockVector.kickRow(CacheLines.MARGIN + y * width, lx, up, down, phi, p, kh, ku, kg);
      } else {
        kickRow(CacheLines.MARGIN + y * width, width, up, down, LANES, phi, p, kh, ku, kg);
      }
    }
  }

  private static void kickDriftElement(
      int e, int left, int right, int up, int down, float[] phi, float[] p, float[] moved,
      float kh, float ku, float kg, float drift) {
    float f = phi[e];
    float neighbours = (phi[e + left] + phi[e + right]) + (phi[e + up] + phi[e + down]);
    float momentum = p[e] - (f * (ku + kg * (f * f)) - kh * neighbours);
    p[e] = momentum;
    moved[e] = f + drift * momentum;
  }

  private static void kickDriftScalar(
      int begin, int end, int left, int right, int up, int down, float[] phi, float[] p, float[] moved,
      float kh, float ku, float kg, float drift) {
    for (int e = begin; e < end; e++) {
      kickDriftElement(e, left, right, up, down, phi, p, moved, kh, ku, kg, drift);
    }
  }

  /** {@link FieldKernels#kick} on the rows {@code begin <= row < end}. */
  public static void kick(
      int begin, int end, float[] phi, float[] p, float[] stages, int stage,
      float h, float u, float g, int lx, int ly, int lanes) {
    int width = lx * lanes;
    int edge = width - lanes;
    float kick = stages[2 * stage];
    float kh = kick * h;
    float ku = 2f * (kick * u);
    float kg = 4f * (kick * g);
    for (int row = begin; row < end; row++) {
      int at = row * width;
      int y = row % ly;
      int up = y == ly - 1 ? -y * width : width;
      int down = y == 0 ? (ly - 1) * width : -width;
      int first = at + lanes;
      int last = at + edge;
      if (lanes % N == 0) {
        kickRow(at, width, up, down, lanes, phi, p, kh, ku, kg);
      } else if (lanes == HalfBlockVector.LANES) {
        HalfBlockVector.kickRow(at, lx, up, down, phi, p, kh, ku, kg);
      } else {
        kickScalar(at, first, edge, lanes, up, down, phi, p, kh, ku, kg);
        if (last - first >= N) {
          kickInterior(first, last, lanes, up, down, phi, p, kh, ku, kg);
        } else {
          kickScalar(first, last, -lanes, lanes, up, down, phi, p, kh, ku, kg);
        }
        kickScalar(last, at + width, -lanes, -edge, up, down, phi, p, kh, ku, kg);
      }
    }
  }

  /** At least one full vector away from the row's ends; the last may overlap, as in {@link #kickDriftInterior}. */
  private static void kickInterior(
      int begin, int end, int lanes, int up, int down, float[] phi, float[] p, float kh, float ku, float kg) {
    FloatVector tail = FloatVector.fromArray(FLOATS, p, end - N);
    int e = begin;
    for (; e <= end - N; e += N) {
      FloatVector f = FloatVector.fromArray(FLOATS, phi, e);
      FloatVector neighbours =
          FloatVector.fromArray(FLOATS, phi, e - lanes).add(FloatVector.fromArray(FLOATS, phi, e + lanes))
              .add(FloatVector.fromArray(FLOATS, phi, e + up).add(FloatVector.fromArray(FLOATS, phi, e + down)));
      FloatVector.fromArray(FLOATS, p, e).sub(f.mul(f).mul(kg).add(ku).mul(f).sub(neighbours.mul(kh))).intoArray(p, e);
    }
    if (e < end) {
      e = end - N;
      FloatVector f = FloatVector.fromArray(FLOATS, phi, e);
      FloatVector neighbours =
          FloatVector.fromArray(FLOATS, phi, e - lanes).add(FloatVector.fromArray(FLOATS, phi, e + lanes))
              .add(FloatVector.fromArray(FLOATS, phi, e + up).add(FloatVector.fromArray(FLOATS, phi, e + down)));
      tail.sub(f.mul(f).mul(kg).add(ku).mul(f).sub(neighbours.mul(kh))).intoArray(p, e);
    }
  }

  private static void kickScalar(
      int begin, int end, int left, int right, int up, int down, float[] phi, float[] p,
      float kh, float ku, float kg) {
    for (int e = begin; e < end; e++) {
      float f = phi[e];
      float neighbours = (phi[e + left] + phi[e + right]) + (phi[e + up] + phi[e + down]);
      p[e] = p[e] - (f * (ku + kg * (f * f)) - kh * neighbours);
    }
  }

  /** A row whose lanes are whole vectors. */
  private static void kickRow(
      int at, int width, int up, int down, int lanes, float[] phi, float[] p, float kh, float ku, float kg) {
    int edge = width - lanes;
    kickSpan(at, at + lanes, edge, lanes, up, down, phi, p, kh, ku, kg);
    kickSpan(at + lanes, at + edge, -lanes, lanes, up, down, phi, p, kh, ku, kg);
    kickSpan(at + edge, at + width, -lanes, -edge, up, down, phi, p, kh, ku, kg);
  }

  /** Whole vectors of elements whose four neighbours lie at fixed distances. */
  private static void kickSpan(
      int begin, int end, int left, int right, int up, int down, float[] phi, float[] p,
      float kh, float ku, float kg) {
    for (int e = begin; e < end; e += N) {
      FloatVector f = FloatVector.fromArray(FLOATS, phi, e);
      FloatVector neighbours =
          FloatVector.fromArray(FLOATS, phi, e + left).add(FloatVector.fromArray(FLOATS, phi, e + right))
              .add(FloatVector.fromArray(FLOATS, phi, e + up).add(FloatVector.fromArray(FLOATS, phi, e + down)));
      FloatVector.fromArray(FLOATS, p, e).sub(f.mul(f).mul(kg).add(ku).mul(f).sub(neighbours.mul(kh))).intoArray(p, e);
    }
  }

  /** {@link FieldKernels#addScaled} on the elements {@code begin <= element < end}. */
  public static void addScaled(int begin, int end, float[] phi, float[] x, float[] moved, float[] scale, int at) {
    float s = scale[at];
    int e = begin;
    for (; e <= end - N; e += N) {
      FloatVector.fromArray(FLOATS, phi, e).add(FloatVector.fromArray(FLOATS, x, e).mul(s)).intoArray(moved, e);
    }
    for (; e < end; e++) {
      moved[e] = phi[e] + s * x[e];
    }
  }

  /**
   * {@link FieldKernels#hamiltonian} on the rows {@code begin <= row < end}.
   *
   * @param partial scratch of {@value FieldKernels#PARTIAL_SUMS} doubles per row
   */
  public static void hamiltonian(
      int begin, int end, float[] phi, float[] p, double[] partial, double[] sums,
      float h, float u, float g, int lx, int ly, int lanes) {
    int width = lx * lanes;
    int edge = width - lanes;
    boolean columns = FieldKernels.PARTIAL_SUMS % lanes == 0;
    int inside = edge & -FieldKernels.PARTIAL_SUMS;
    int whole = width & -FieldKernels.PARTIAL_SUMS;
    boolean copied = inside < whole && lanes < FieldKernels.PARTIAL_SUMS;
    float[] beyond = BEYOND.get();
    for (int row = begin; row < end; row++) {
      int at = row * width;
      int y = row % ly;
      int up = y == ly - 1 ? -y * width : width;
      if (!columns) {
        for (int lane = 0; lane < lanes; lane++) {
          sums[row * lanes + lane] = hamiltonianLane(at + lane, at + edge, lanes, up, phi, p, h, u, g);
        }
        continue;
      }
      int scratch = row * FieldKernels.PARTIAL_SUMS;
      Arrays.fill(partial, scratch, scratch + FieldKernels.PARTIAL_SUMS, 0);
      if (copied) {
        copyBeyond(phi, at, inside, edge, lanes, beyond);
      }
      // One call for all: inlined more than once, the method exceeds the compiler's limit and vectors are allocated.
      for (int span = 0; span < 2; span++) {
        int from = span == 0 ? 0 : inside;
        int to = span == 0 ? inside : whole;
        for (int column = 0; column < FieldKernels.PARTIAL_SUMS && from < to; column += 2 * D) {
          hamiltonianColumns(at + from + column, at + to, span == 1 && copied ? beyond : phi,
              span == 0 ? lanes : copied ? -at - from : -edge, up, phi, p, partial, scratch + column, h, u, g);
        }
      }
      for (int e = at + whole; e < at + width; e++) {
        partial[scratch + (e - at) % FieldKernels.PARTIAL_SUMS] +=
            hamiltonianTerm(e, e < at + edge ? lanes : -edge, up, phi, p, h, u, g);
      }
      for (int lane = 0; lane < lanes; lane++) {
        double total = 0;
        for (int k = lane; k < FieldKernels.PARTIAL_SUMS; k += lanes) {
          total += partial[scratch + k];
        }
        sums[row * lanes + lane] = total;
      }
    }
  }

  /** The right neighbours of the columns, from {@code inside} on, in which the row from {@code at} on ends. */
  private static void copyBeyond(float[] phi, int at, int inside, int edge, int lanes, float[] beyond) {
    System.arraycopy(phi, at + inside + lanes, beyond, 0, edge - inside);
    System.arraycopy(phi, at, beyond, edge - inside, lanes);
  }

  private static double hamiltonianLane(
      int first, int edge, int lanes, int up, float[] phi, float[] p, float h, float u, float g) {
    double sum = 0;
    int e = first;
    for (; e < edge; e += lanes) {
      sum += hamiltonianTerm(e, lanes, up, phi, p, h, u, g);
    }
    return sum + hamiltonianTerm(e, first - e, up, phi, p, h, u, g);
  }

  private static float hamiltonianTerm(
      int e, int right, int up, float[] phi, float[] p, float h, float u, float g) {
    float f = phi[e];
    float f2 = f * f;
    return f2 * (u + g * f2) - h * (f * (phi[e + right] + phi[e + up])) + 0.5f * (p[e] * p[e]);
  }

  /**
   * Adds to two times as many of the partial sums as doubles fit a vector, each over a column of a row. The right
   * neighbour of element e is {@code right[e + shift]}. Half vectors of floats, so that each widens to one full vector
   * of doubles.
   */
  private static void hamiltonianColumns(
      int begin, int end, float[] right, int shift, int up, float[] phi, float[] p, double[] partial, int sums,
      float h, float u, float g) {
    DoubleVector sum0 = DoubleVector.fromArray(DOUBLES, partial, sums);
    DoubleVector sum1 = DoubleVector.fromArray(DOUBLES, partial, sums + D);
    for (int e = begin; e < end; e += FieldKernels.PARTIAL_SUMS) {
      FloatVector f0 = FloatVector.fromArray(HALF, phi, e);
      FloatVector f1 = FloatVector.fromArray(HALF, phi, e + D);
      FloatVector forward0 =
          FloatVector.fromArray(HALF, right, e + shift).add(FloatVector.fromArray(HALF, phi, e + up));
      FloatVector forward1 =
          FloatVector.fromArray(HALF, right, e + D + shift).add(FloatVector.fromArray(HALF, phi, e + D + up));
      FloatVector q0 = FloatVector.fromArray(HALF, p, e);
      FloatVector q1 = FloatVector.fromArray(HALF, p, e + D);
      FloatVector square0 = f0.mul(f0);
      FloatVector square1 = f1.mul(f1);
      sum0 = sum0.add((DoubleVector) square0.mul(square0.mul(g).add(u)).sub(f0.mul(forward0).mul(h))
          .add(q0.mul(q0).mul(0.5f)).convertShape(VectorOperators.F2D, DOUBLES, 0));
      sum1 = sum1.add((DoubleVector) square1.mul(square1.mul(g).add(u)).sub(f1.mul(forward1).mul(h))
          .add(q1.mul(q1).mul(0.5f)).convertShape(VectorOperators.F2D, DOUBLES, 0));
    }
    sum0.intoArray(partial, sums);
    sum1.intoArray(partial, sums + D);
  }

  /** {@link FieldKernels#rowSums} on the rows {@code begin <= row < end}. */
  public static void rowSums(int begin, int end, float[] phi, double[] sums, int lx, int ly, int lanes) {
    int width = lx * lanes;
    int edge = width - lanes;
    int inside = edge & -FieldKernels.PARTIAL_SUMS;
    int whole = width & -FieldKernels.PARTIAL_SUMS;
    if (FieldKernels.PARTIAL_SUMS % lanes != 0) {
      for (int item = begin * lanes; item < end * lanes; item++) {
        FieldKernels.rowSums(item, phi, sums, lx, ly, lanes);
      }
      return;
    }
    float[] beyond = BEYOND.get();
    double[] partial = ROW_SUMS.get();
    for (int row = begin; row < end; row++) {
      int at = row * width;
      int y = row % ly;
      int up = y == ly - 1 ? -y * width : width;
      if (lanes == FieldKernels.PARTIAL_SUMS) {
        for (int lane = 0; lane < lanes; lane += D) {
          rowSums(row, lane, up, phi, sums, lx, lanes);
        }
        continue;
      }
      Arrays.fill(partial, 0);
      if (inside < whole) {
        copyBeyond(phi, at, inside, edge, lanes, beyond);
      }
      for (int span = 0; span < 2; span++) {
        int from = span == 0 ? 0 : inside;
        int to = span == 0 ? inside : whole;
        for (int column = 0; column < FieldKernels.PARTIAL_SUMS && from < to; column += D) {
          rowSumColumns(at + from + column, at + to, span == 0 ? phi : beyond, span == 0 ? lanes : -at - from, up, phi,
              partial, column);
        }
      }
      for (int e = at + whole; e < at + width; e++) {
        double f = phi[e];
        double dx = phi[e + (e < at + edge ? lanes : -edge)] - f;
        double dy = phi[e + up] - f;
        double f2 = f * f;
        int k = (e - at) % FieldKernels.PARTIAL_SUMS;
        partial[k] += f;
        partial[k + FieldKernels.PARTIAL_SUMS] += f2;
        partial[k + 2 * FieldKernels.PARTIAL_SUMS] += f2 * f2;
        partial[k + 3 * FieldKernels.PARTIAL_SUMS] += dx * dx + dy * dy;
      }
      for (int lane = 0; lane < lanes; lane++) {
        double s1 = 0;
        double s2 = 0;
        double s4 = 0;
        double gradient = 0;
        for (int k = lane; k < FieldKernels.PARTIAL_SUMS; k += lanes) {
          s1 += partial[k];
          s2 += partial[k + FieldKernels.PARTIAL_SUMS];
          s4 += partial[k + 2 * FieldKernels.PARTIAL_SUMS];
          gradient += partial[k + 3 * FieldKernels.PARTIAL_SUMS];
        }
        int item = 4 * (row * lanes + lane);
        sums[item] = s1;
        sums[item + 1] = s2;
        sums[item + 2] = s4;
        sums[item + 3] = gradient;
      }
    }
  }

  /** Lanes of a row that has one partial sum for each, so that a site is its right neighbour's left one. */
  private static void rowSums(int row, int lane, int up, float[] phi, double[] sums, int lx, int lanes) {
    int first = row * lx * lanes + lane;
    int last = first + (lx - 1) * lanes;
    DoubleVector s1 = DoubleVector.zero(DOUBLES);
    DoubleVector s2 = s1;
    DoubleVector s4 = s1;
    DoubleVector gradient = s1;
    DoubleVector f = (DoubleVector) FloatVector.fromArray(HALF, phi, first)
        .convertShape(VectorOperators.F2D, DOUBLES, 0);
    for (int at = first; at <= last; at += lanes) {
      int next = at == last ? first : at + lanes;
      DoubleVector right =
          (DoubleVector) FloatVector.fromArray(HALF, phi, next).convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector dx = right.sub(f);
      DoubleVector above =
          (DoubleVector) FloatVector.fromArray(HALF, phi, at + up).convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector dy = above.sub(f);
      DoubleVector f2 = f.mul(f);
      s1 = s1.add(f);
      s2 = s2.add(f2);
      s4 = s4.add(f2.mul(f2));
      gradient = gradient.add(dx.mul(dx).add(dy.mul(dy)));
      f = right;
    }
    for (int k = 0; k < D; k++) {
      int item = 4 * (row * lanes + lane + k);
      sums[item] = s1.lane(k);
      sums[item + 1] = s2.lane(k);
      sums[item + 2] = s4.lane(k);
      sums[item + 3] = gradient.lane(k);
    }
  }

  /** As {@link #hamiltonianColumns}, for as many columns as doubles fit a vector. */
  private static void rowSumColumns(
      int begin, int end, float[] right, int shift, int up, float[] phi, double[] partial, int column) {
    DoubleVector s1 = DoubleVector.fromArray(DOUBLES, partial, column);
    DoubleVector s2 = DoubleVector.fromArray(DOUBLES, partial, column + FieldKernels.PARTIAL_SUMS);
    DoubleVector s4 = DoubleVector.fromArray(DOUBLES, partial, column + 2 * FieldKernels.PARTIAL_SUMS);
    DoubleVector gradient = DoubleVector.fromArray(DOUBLES, partial, column + 3 * FieldKernels.PARTIAL_SUMS);
    for (int e = begin; e < end; e += FieldKernels.PARTIAL_SUMS) {
      DoubleVector f = (DoubleVector) FloatVector.fromArray(HALF, phi, e)
          .convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector dx = ((DoubleVector) FloatVector.fromArray(HALF, right, e + shift)
          .convertShape(VectorOperators.F2D, DOUBLES, 0)).sub(f);
      DoubleVector dy = ((DoubleVector) FloatVector.fromArray(HALF, phi, e + up)
          .convertShape(VectorOperators.F2D, DOUBLES, 0)).sub(f);
      DoubleVector f2 = f.mul(f);
      s1 = s1.add(f);
      s2 = s2.add(f2);
      s4 = s4.add(f2.mul(f2));
      gradient = gradient.add(dx.mul(dx).add(dy.mul(dy)));
    }
    s1.intoArray(partial, column);
    s2.intoArray(partial, column + FieldKernels.PARTIAL_SUMS);
    s4.intoArray(partial, column + 2 * FieldKernels.PARTIAL_SUMS);
    gradient.intoArray(partial, column + 3 * FieldKernels.PARTIAL_SUMS);
  }

  /** {@link FieldKernels#columnSums} on the items {@code begin <= item < end}. */
  public static void columnSums(int begin, int end, float[] phi, double[] sums, int lx, int ly, int lanes) {
    int width = lx * lanes;
    int item = begin;
    while (item < end) {
      int block = item / width;
      int blockEnd = Math.min(end, (block + 1) * width);
      int base = block * (ly - 1) * width;
      for (; item <= blockEnd - D; item += D) {
        DoubleVector sum = DoubleVector.zero(DOUBLES);
        for (int y = 0; y < ly; y++) {
          int at = base + item + y * width;
          sum = sum.add(
              (DoubleVector) FloatVector.fromArray(HALF, phi, at).convertShape(VectorOperators.F2D, DOUBLES, 0));
        }
        sum.intoArray(sums, item);
      }
      for (; item < blockEnd; item++) {
        FieldKernels.columnSums(item, phi, sums, lx, ly, lanes);
      }
    }
  }
}
