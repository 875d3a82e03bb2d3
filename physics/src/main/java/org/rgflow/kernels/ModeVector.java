package org.rgflow.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link ModeKernels} with the Vector API, on ranges of items; equal bit for bit. */
public final class ModeVector {
  private static final VectorSpecies<Float> FLOATS =
      FloatVector.SPECIES_PREFERRED.length() > 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;
  private static final int WIDTH = FLOATS.length();

  /** {@code MODE_OF[lanes][e] = e / lanes}: the mode of element e, for gathering mode coefficients. */
  private static final int[][] MODE_OF = modeOf();

  private ModeVector() {}

  private static int[][] modeOf() {
    int[][] table = new int[WIDTH][];
    for (int lanes = 1; lanes < WIDTH; lanes++) {
      table[lanes] = new int[lanes + WIDTH];
      for (int e = 0; e < table[lanes].length; e++) {
        table[lanes][e] = e / lanes;
      }
    }
    return table;
  }

  /** {@link ModeKernels#axisTransform} for the output elements {@code begin … end−1}. */
  public static void axisTransform(
      int begin, int end, float[] in, float[] out, float[] matrix, int n, int inner) {
    int item = begin;
    while (item < end) {
      int i = item % inner;
      int k = item / inner % n;
      int at = (item / inner / n) * n * inner + i;
      int stop = Math.min(end, item - i + inner);
      for (; item + WIDTH <= stop; item += WIDTH, at += WIDTH) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int j = 0; j < n; j++) {
          sum = sum.add(FloatVector.fromArray(FLOATS, in, at + j * inner).mul(matrix[k * n + j]));
        }
        sum.intoArray(out, item);
      }
      for (; item < stop; item++) {
        ModeKernels.axisTransform(item, in, out, matrix, n, inner);
      }
    }
  }

  /** {@link ModeKernels#ornsteinUhlenbeck} for the elements {@code begin … end−1}. */
  public static void ornsteinUhlenbeck(
      int begin, int end, float[] x, float[] decay, float[] noise, float[] xi, int lanes) {
    ornsteinUhlenbeck(begin, end, x, decay, noise, xi, 0, lanes);
  }

  /**
   * Elements of one mode. A method of its own: compiled together with the gathering loop of {@link
   * #ornsteinUhlenbeck} while that one is cold, its vectors would now and then stay on the heap.
   */
  private static void ornsteinUhlenbeckMode(
      int begin, int end, float[] x, float decay, float noise, float[] xi, int origin) {
    int item = begin;
    for (; item + WIDTH <= end; item += WIDTH) {
      FloatVector.fromArray(FLOATS, x, item).mul(decay)
          .add(FloatVector.fromArray(FLOATS, xi, item - origin).mul(noise)).intoArray(x, item);
    }
    for (; item < end; item++) {
      x[item] = decay * x[item] + noise * xi[item - origin];
    }
  }

  /** The same with the noise of element {@code origin} at the start of {@code xi}. */
  static void ornsteinUhlenbeck(
      int begin, int end, float[] x, float[] decay, float[] noise, float[] xi, int origin, int lanes) {
    int modes = decay.length;
    int item = begin;
    while (item < end) {
      int mode = item / lanes % modes;
      int lane = item % lanes;
      if (lanes >= WIDTH) {
        int stop = Math.min(end, item - lane + lanes);
        ornsteinUhlenbeckMode(item, stop, x, decay[mode], noise[mode], xi, origin);
        item = stop;
      } else {
        // Through the modes of one block.
        int stop = Math.min(end, item + (modes - mode) * lanes - lane);
        int[] modeOf = MODE_OF[lanes];
        for (; item + WIDTH <= stop; item += WIDTH) {
          FloatVector d;
          FloatVector n;
          if (lanes == 1) {
            d = FloatVector.fromArray(FLOATS, decay, mode);
            n = FloatVector.fromArray(FLOATS, noise, mode);
          } else {
            d = FloatVector.fromArray(FLOATS, decay, mode, modeOf, lane);
            n = FloatVector.fromArray(FLOATS, noise, mode, modeOf, lane);
          }
          FloatVector.fromArray(FLOATS, x, item).mul(d)
              .add(FloatVector.fromArray(FLOATS, xi, item - origin).mul(n)).intoArray(x, item);
          mode += (lane + WIDTH) / lanes;
          lane = (lane + WIDTH) % lanes;
        }
        for (; item < stop; item++) {
          mode = item / lanes % modes;
          x[item] = decay[mode] * x[item] + noise[mode] * xi[item - origin];
        }
      }
    }
  }
}
