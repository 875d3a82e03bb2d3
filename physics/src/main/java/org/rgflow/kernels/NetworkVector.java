package org.rgflow.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link NetworkKernels} with the Vector API, on ranges of items. Dropout, enlargement and what only copies and adds
 * are equal bit for bit; sums and exponentials agree to about 1e-6 relative.
 */
public final class NetworkVector {
  private static final VectorSpecies<Float> FLOATS =
      FloatVector.SPECIES_PREFERRED.length() > 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Double> DOUBLES = FLOATS.withLanes(double.class);
  private static final VectorSpecies<Float> HALVES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));
  private static final int WIDTH = FLOATS.length();
  private static final int HALF = DOUBLES.length();
  private static final int CHUNK = 1024;
  private static final ThreadLocal<float[]> SCRATCH = ThreadLocal.withInitial(() -> new float[CHUNK]);

  private NetworkVector() {}

  /** {@link NetworkKernels#softmax} of the rows {@code begin … end−1}. */
  public static void softmax(int begin, int end, float[] x, int length) {
    for (int row = begin; row < end; row++) {
      softmaxRow(x, row * length, (row + 1) * length);
    }
  }

  private static void softmaxRow(float[] x, int start, int stop) {
    float most = x[start];
    for (int i = start + 1; i < stop; i++) {
      most = Math.max(most, x[i]);
    }
    double sum = 0;
    int i = start;
    for (; i + WIDTH <= stop; i += WIDTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i).sub(most).max(-87f);
      FloatVector n = v.mul(1.44269504f).add(12582912f);
      IntVector bits = n.reinterpretAsInts();
      n = n.sub(12582912f);
      FloatVector r = v.sub(n.mul(0.693359375f)).add(n.mul(2.12194440e-4f));
      FloatVector e = r.mul(1.9875691500E-4f).add(1.3981999507E-3f).mul(r).add(8.3334519073E-3f).mul(r)
          .add(4.1665795894E-2f).mul(r).add(1.6666665459E-1f).mul(r).add(5.0000001201E-1f).mul(r).mul(r).add(r).add(1f);
      e.reinterpretAsInts().add(bits.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats().intoArray(x, i);
    }
    for (; i < stop; i++) {
      x[i] = (float) Math.exp(x[i] - most);
    }
    for (int j = start; j < stop; j++) {
      sum += x[j];
    }
    float inverse = (float) (1.0 / sum);
    for (int j = start; j < stop; j++) {
      x[j] *= inverse;
    }
  }

  /** {@link NetworkKernels#softmaxGradient} of the rows {@code begin … end−1}. */
  public static void softmaxGradient(int begin, int end, float[] y, float[] dy, int length) {
    for (int row = begin; row < end; row++) {
      NetworkKernels.softmaxGradient(row, y, dy, length);
    }
  }

  /** {@link NetworkKernels#silu} of the elements {@code begin … end−1}; the exponential as in {@link NormVector}. */
  public static void silu(int begin, int end, float[] x, float[] y) {
    for (int i = begin; i < end; i += WIDTH) {
      VectorMask<Float> mask = FLOATS.indexInRange(i, end);
      FloatVector u = FloatVector.fromArray(FLOATS, x, i, mask);
      FloatVector v = u.neg().max(-87f).min(87f);
      FloatVector n = v.mul(1.44269504f).add(12582912f);
      IntVector bits = n.reinterpretAsInts();
      n = n.sub(12582912f);
      FloatVector r = v.sub(n.mul(0.693359375f)).add(n.mul(2.12194440e-4f));
      FloatVector e = r.mul(1.9875691500E-4f).add(1.3981999507E-3f).mul(r).add(8.3334519073E-3f).mul(r)
          .add(4.1665795894E-2f).mul(r).add(1.6666665459E-1f).mul(r).add(5.0000001201E-1f).mul(r).mul(r).add(r).add(1f);
      e = e.reinterpretAsInts().add(bits.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
      u.div(e.add(1f)).intoArray(y, i, mask);
    }
  }

  /** {@link NetworkKernels#siluGradient} of the elements {@code begin … end−1}. */
  public static void siluGradient(int begin, int end, float[] x, float[] dy, float[] dx, float beta) {
    for (int i = begin; i < end; i += WIDTH) {
      VectorMask<Float> mask = FLOATS.indexInRange(i, end);
      FloatVector u = FloatVector.fromArray(FLOATS, x, i, mask);
      FloatVector v = u.neg().max(-87f).min(87f);
      FloatVector n = v.mul(1.44269504f).add(12582912f);
      IntVector bits = n.reinterpretAsInts();
      n = n.sub(12582912f);
      FloatVector r = v.sub(n.mul(0.693359375f)).add(n.mul(2.12194440e-4f));
      FloatVector e = r.mul(1.9875691500E-4f).add(1.3981999507E-3f).mul(r).add(8.3334519073E-3f).mul(r)
          .add(4.1665795894E-2f).mul(r).add(1.6666665459E-1f).mul(r).add(5.0000001201E-1f).mul(r).mul(r).add(r).add(1f);
      e = e.reinterpretAsInts().add(bits.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
      FloatVector s = FloatVector.broadcast(FLOATS, 1f).div(e.add(1f));
      FloatVector g = FloatVector.fromArray(FLOATS, dy, i, mask)
          .mul(s.mul(u.mul(FloatVector.broadcast(FLOATS, 1f).sub(s)).add(1f)));
      if (beta != 0f) {
        g = g.add(FloatVector.fromArray(FLOATS, dx, i, mask).mul(beta));
      }
      g.intoArray(dx, i, mask);
    }
  }

  /** {@link NetworkKernels#positionSums} of the samples {@code begin … end−1}. */
  public static void positionSums(int begin, int end, float[] x, float[] sums, int positions, int channels) {
    for (int sample = begin; sample < end; sample++) {
      int start = sample * positions * channels;
      int c = 0;
      for (; c + HALF <= channels; c += HALF) {
        DoubleVector sum = DoubleVector.zero(DOUBLES);
        for (int p = 0; p < positions; p++) {
          sum = sum.add((DoubleVector) FloatVector.fromArray(HALVES, x, start + p * channels + c)
              .convertShape(VectorOperators.F2D, DOUBLES, 0));
        }
        ((FloatVector) sum.convertShape(VectorOperators.D2F, HALVES, 0)).intoArray(sums, sample * channels + c);
      }
      for (; c < channels; c++) {
        NetworkKernels.positionSums(sample * channels + c, x, sums, positions, channels);
      }
    }
  }

  /** {@link NetworkKernels#rowSums} of the channels {@code begin … end−1}. */
  public static void rowSums(
      int begin, int end, float[] x, float[] gradient, float beta, int rows, int channels, int offset) {
    int c = begin;
    for (; c + HALF <= end; c += HALF) {
      DoubleVector sum = DoubleVector.zero(DOUBLES);
      for (int row = 0; row < rows; row++) {
        sum = sum.add((DoubleVector) FloatVector.fromArray(HALVES, x, row * channels + c)
            .convertShape(VectorOperators.F2D, DOUBLES, 0));
      }
      if (beta != 0f) {
        sum = sum.add(((DoubleVector) FloatVector.fromArray(HALVES, gradient, offset + c)
            .convertShape(VectorOperators.F2D, DOUBLES, 0)).mul(beta));
      }
      ((FloatVector) sum.convertShape(VectorOperators.D2F, HALVES, 0)).intoArray(gradient, offset + c);
    }
    for (; c < end; c++) {
      NetworkKernels.rowSums(c, x, gradient, beta, rows, channels, offset);
    }
  }

  /** {@link NetworkKernels#dropout} of the elements {@code begin … end−1}. */
  public static void dropout(int begin, int end, float[] x, int threshold, int[] stream, int streamId) {
    int inner = Math.min(end, begin + 63 & -64);
    int last = Math.max(inner, end & -64);
    for (int e = begin; e < inner; e++) {
      NetworkKernels.dropout(e, x, threshold, stream, streamId);
    }
    float[] words = SCRATCH.get();
    float keep = 0x1p24f / (0x1p24f - (float) threshold);
    for (int at = inner; at < last; at += CHUNK) {
      int count = Math.min(CHUNK, last - at);
      PhiloxVector.words(at >> 2, count, words, 0, stream, streamId);
      drop(words, count, x, at, threshold, keep);
    }
    for (int e = last; e < end; e++) {
      NetworkKernels.dropout(e, x, threshold, stream, streamId);
    }
  }

  private static void drop(float[] words, int count, float[] x, int at, int threshold, float keep) {
    for (int i = 0; i < count; i += WIDTH) {
      IntVector bits = FloatVector.fromArray(FLOATS, words, i).reinterpretAsInts().lanewise(VectorOperators.LSHR, 8);
      VectorMask<Float> kept = bits.compare(VectorOperators.GE, threshold).cast(FLOATS);
      FloatVector.zero(FLOATS).blend(FloatVector.fromArray(FLOATS, x, at + i).mul(keep), kept).intoArray(x, at + i);
    }
  }

  /** {@link NetworkKernels#upsample} of the rows (sample, row, column) {@code begin … end−1} of y. */
  public static void upsample(int begin, int end, float[] x, float[] y, int side, int channels) {
    for (int item = begin; item < end; item++) {
      int column = item % (2 * side);
      int row = item / (2 * side) % (2 * side);
      int sample = item / (4 * side * side);
      System.arraycopy(x, ((sample * side + row / 2) * side + column / 2) * channels, y, item * channels, channels);
    }
  }

  /** {@link NetworkKernels#upsampleGradient} of the rows (sample, row, column) {@code begin … end−1} of dx. */
  public static void upsampleGradient(int begin, int end, float[] dy, float[] dx, float beta, int side, int channels) {
    for (int item = begin; item < end; item++) {
      int column = item % side;
      int row = item / side % side;
      int sample = item / (side * side);
      int at = ((sample * 2 * side + 2 * row) * 2 * side + 2 * column) * channels;
      int below = at + 2 * side * channels;
      for (int c = 0; c < channels; c++) {
        float g = (dy[at + c] + dy[at + channels + c]) + (dy[below + c] + dy[below + channels + c]);
        if (beta != 0f) {
          g += beta * dx[item * channels + c];
        }
        dx[item * channels + c] = g;
      }
    }
  }
}
