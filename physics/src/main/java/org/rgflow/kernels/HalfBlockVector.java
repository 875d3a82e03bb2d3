package org.rgflow.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows of {@link FieldVector} whose blocks have 8 lanes, the same operations on half as wide vectors. A class of its own
 * since the compiler needs number of lanes and width as constants, and no method takes or returns a vector.
 */
final class HalfBlockVector {
  static final int LANES = 8;
  private static final VectorSpecies<Float> FLOATS =
      FloatVector.SPECIES_PREFERRED.length() > LANES ? FloatVector.SPECIES_256 : FloatVector.SPECIES_PREFERRED;
  private static final int N = FLOATS.length();

  private HalfBlockVector() {}

  /** {@link FieldKernels#kickDrift} on the row that begins at {@code at}. */
  static void kickDriftRow(
      int at, int lx, int up, int down, float[] phi, float[] p, float[] moved,
      float kh, float ku, float kg, float drift) {
    for (int e = at; e < at + LANES; e += N) {
      kickDriftColumn(e, lx, up, down, phi, p, moved, kh, ku, kg, drift);
    }
  }

  /** {@link #kickDriftRow} on two neighbouring rows, which are each other's vertical neighbours. */
  static void kickDriftRows(
      int at, int lx, int width, int above, int below, float[] phi, float[] p, float[] moved,
      float kh, float ku, float kg, float drift) {
    for (int e = at; e < at + LANES; e += N) {
      kickDriftColumns(e, lx, width, above, below, phi, p, moved, kh, ku, kg, drift);
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

  /** {@link #kickDriftColumn} on two neighbouring rows. */
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

  /** {@link FieldKernels#kick} on the row that begins at {@code at}. */
  static void kickRow(int at, int lx, int up, int down, float[] phi, float[] p, float kh, float ku, float kg) {
    for (int e = at; e < at + LANES; e += N) {
      kickColumn(e, lx, up, down, phi, p, kh, ku, kg);
    }
  }

  private static void kickColumn(
      int begin, int lx, int up, int down, float[] phi, float[] p, float kh, float ku, float kg) {
    int last = begin + (lx - 1) * LANES;
    FloatVector left = FloatVector.fromArray(FLOATS, phi, last);
    FloatVector f = FloatVector.fromArray(FLOATS, phi, begin);
    for (int e = begin; e <= last; e += LANES) {
      FloatVector right = FloatVector.fromArray(FLOATS, phi, e < last ? e + LANES : begin);
      FloatVector vertical = FloatVector.fromArray(FLOATS, phi, e + up)
          .add(FloatVector.fromArray(FLOATS, phi, e + down));
      FloatVector.fromArray(FLOATS, p, e)
          .sub(f.mul(f).mul(kg).add(ku).mul(f).sub(left.add(right).add(vertical).mul(kh))).intoArray(p, e);
      left = f;
      f = right;
    }
  }
}
