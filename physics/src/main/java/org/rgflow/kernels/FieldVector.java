package org.rgflow.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FieldKernels} on the Vector API, over ranges of rows. The arithmetic is the same operation by
 * operation (no fused multiply-add), so the results agree to the last bit with the naive bodies.
 */
public final class FieldVector {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int N = FLOATS.length();
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  private static final int D = DOUBLES.length();

  private FieldVector() {}

  /** {@link FieldKernels#kickDrift} on the rows {@code begin <= row < end}. */
  public static void kickDrift(
      int begin, int end, float[] phi, float[] p, float[] moved, float[] stages, int stage,
      float h, float u, float g, int lx, int ly, int lanes) {
    int width = lx * lanes;
    int edge = width - lanes;
    float kick = stages[2 * stage];
    float drift = stages[2 * stage + 1];
    for (int row = begin; row < end; row++) {
      int at = row * width;
      int y = row % ly;
      int up = y == ly - 1 ? -y * width : width;
      int down = y == 0 ? (ly - 1) * width : -width;
      kickDriftSpan(at, at + lanes, edge, lanes, up, down, phi, p, moved, kick, drift, h, u, g);
      kickDriftSpan(at + lanes, at + edge, -lanes, lanes, up, down, phi, p, moved, kick, drift, h, u, g);
      kickDriftSpan(at + edge, at + width, -lanes, -edge, up, down, phi, p, moved, kick, drift, h, u, g);
    }
  }

  /** Elements whose four neighbours lie at fixed distances. */
  private static void kickDriftSpan(
      int begin, int end, int left, int right, int up, int down, float[] phi, float[] p, float[] moved,
      float kick, float drift, float h, float u, float g) {
    float u2 = 2f * u;
    float g4 = 4f * g;
    int e = begin;
    for (; e <= end - N; e += N) {
      FloatVector f = FloatVector.fromArray(FLOATS, phi, e);
      FloatVector neighbours =
          FloatVector.fromArray(FLOATS, phi, e + left).add(FloatVector.fromArray(FLOATS, phi, e + right))
              .add(FloatVector.fromArray(FLOATS, phi, e + up).add(FloatVector.fromArray(FLOATS, phi, e + down)));
      FloatVector force = f.mul(f).mul(g4).add(u2).mul(f).sub(neighbours.mul(h));
      FloatVector momentum = FloatVector.fromArray(FLOATS, p, e).sub(force.mul(kick));
      momentum.intoArray(p, e);
      f.add(momentum.mul(drift)).intoArray(moved, e);
    }
    if (e < end) {
      VectorMask<Float> mask = FLOATS.indexInRange(e, end);
      FloatVector f = FloatVector.fromArray(FLOATS, phi, e, mask);
      FloatVector neighbours = neighbours(phi, e, left, right, up, down, mask);
      FloatVector force = f.mul(f).mul(g4).add(u2).mul(f).sub(neighbours.mul(h));
      FloatVector momentum = FloatVector.fromArray(FLOATS, p, e, mask).sub(force.mul(kick));
      momentum.intoArray(p, e, mask);
      f.add(momentum.mul(drift)).intoArray(moved, e, mask);
    }
  }

  private static FloatVector neighbours(
      float[] phi, int e, int left, int right, int up, int down, VectorMask<Float> mask) {
    return FloatVector.fromArray(FLOATS, phi, e + left, mask).add(FloatVector.fromArray(FLOATS, phi, e + right, mask))
        .add(FloatVector.fromArray(FLOATS, phi, e + up, mask).add(FloatVector.fromArray(FLOATS, phi, e + down, mask)));
  }

  /** {@link FieldKernels#kick} on the rows {@code begin <= row < end}. */
  public static void kick(
      int begin, int end, float[] phi, float[] p, float[] stages, int stage,
      float h, float u, float g, int lx, int ly, int lanes) {
    int width = lx * lanes;
    int edge = width - lanes;
    float kick = stages[2 * stage];
    for (int row = begin; row < end; row++) {
      int at = row * width;
      int y = row % ly;
      int up = y == ly - 1 ? -y * width : width;
      int down = y == 0 ? (ly - 1) * width : -width;
      kickSpan(at, at + lanes, edge, lanes, up, down, phi, p, kick, h, u, g);
      kickSpan(at + lanes, at + edge, -lanes, lanes, up, down, phi, p, kick, h, u, g);
      kickSpan(at + edge, at + width, -lanes, -edge, up, down, phi, p, kick, h, u, g);
    }
  }

  private static void kickSpan(
      int begin, int end, int left, int right, int up, int down, float[] phi, float[] p,
      float kick, float h, float u, float g) {
    float u2 = 2f * u;
    float g4 = 4f * g;
    int e = begin;
    for (; e <= end - N; e += N) {
      FloatVector f = FloatVector.fromArray(FLOATS, phi, e);
      FloatVector neighbours =
          FloatVector.fromArray(FLOATS, phi, e + left).add(FloatVector.fromArray(FLOATS, phi, e + right))
              .add(FloatVector.fromArray(FLOATS, phi, e + up).add(FloatVector.fromArray(FLOATS, phi, e + down)));
      FloatVector force = f.mul(f).mul(g4).add(u2).mul(f).sub(neighbours.mul(h));
      FloatVector.fromArray(FLOATS, p, e).sub(force.mul(kick)).intoArray(p, e);
    }
    if (e < end) {
      VectorMask<Float> mask = FLOATS.indexInRange(e, end);
      FloatVector f = FloatVector.fromArray(FLOATS, phi, e, mask);
      FloatVector force =
          f.mul(f).mul(g4).add(u2).mul(f).sub(neighbours(phi, e, left, right, up, down, mask).mul(h));
      FloatVector.fromArray(FLOATS, p, e, mask).sub(force.mul(kick)).intoArray(p, e, mask);
    }
  }

  /** {@link FieldKernels#addScaled} on the elements {@code begin <= element < end}. */
  public static void addScaled(int begin, int end, float[] phi, float[] x, float[] moved, float[] scale, int at) {
    float s = scale[at];
    for (int e = begin; e < end; e += N) {
      VectorMask<Float> mask = FLOATS.indexInRange(e, end);
      FloatVector.fromArray(FLOATS, phi, e, mask).add(FloatVector.fromArray(FLOATS, x, e, mask).mul(s))
          .intoArray(moved, e, mask);
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
    if (FieldKernels.PARTIAL_SUMS % lanes != 0) {
      for (int item = begin * lanes; item < end * lanes; item++) {
        FieldKernels.hamiltonian(item, phi, p, sums, h, u, g, lx, ly, lanes);
      }
      return;
    }
    int edge = width - lanes;
    int full = edge / N * N;
    boolean wholeEdge = lanes % N == 0;
    for (int row = begin; row < end; row++) {
      int at = row * width;
      int y = row % ly;
      int up = y == ly - 1 ? -y * width : width;
      int scratch = row * FieldKernels.PARTIAL_SUMS;
      for (int k = 0; k < FieldKernels.PARTIAL_SUMS; k++) {
        partial[scratch + k] = 0;
      }
      hamiltonianSpan(at, at + full, at, lanes, up, phi, p, partial, scratch, h, u, g);
      if (wholeEdge) {
        hamiltonianSpan(at + edge, at + width, at, -edge, up, phi, p, partial, scratch, h, u, g);
      } else {
        for (int j = full; j < width; j++) {
          partial[scratch + j % FieldKernels.PARTIAL_SUMS] +=
              FieldKernels.hamiltonianTerm(at + j, phi, p, h, u, g, lx, ly, lanes);
        }
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

  private static void hamiltonianSpan(
      int begin, int end, int at, int right, int up, float[] phi, float[] p, double[] partial, int scratch,
      float h, float u, float g) {
    for (int e = begin; e < end; e += N) {
      FloatVector f = FloatVector.fromArray(FLOATS, phi, e);
      FloatVector forward =
          FloatVector.fromArray(FLOATS, phi, e + right).add(FloatVector.fromArray(FLOATS, phi, e + up));
      FloatVector q = FloatVector.fromArray(FLOATS, p, e);
      accumulate(term(f, forward, q, h, u, g), partial, scratch + (e - at) % FieldKernels.PARTIAL_SUMS);
    }
  }

  private static FloatVector term(FloatVector f, FloatVector forward, FloatVector q, float h, float u, float g) {
    FloatVector f2 = f.mul(f);
    return f2.mul(f2.mul(g).add(u)).sub(f.mul(forward).mul(h)).add(q.mul(q).mul(0.5f));
  }

  private static void accumulate(FloatVector term, double[] partial, int at) {
    for (int part = 0; part < N / D; part++) {
      DoubleVector.fromArray(DOUBLES, partial, at + part * D)
          .add((DoubleVector) term.convertShape(VectorOperators.F2D, DOUBLES, part))
          .intoArray(partial, at + part * D);
    }
  }
}
