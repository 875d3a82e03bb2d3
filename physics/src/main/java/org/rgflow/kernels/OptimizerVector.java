package org.rgflow.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link OptimizerKernels} on the Vector API, over ranges of elements or chunks. The arithmetic is the
 * same operation by operation, so the results agree to the last bit with the naive bodies.
 */
public final class OptimizerVector {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int N = FLOATS.length();
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  private static final int D = DOUBLES.length();
  /** As many floats as doubles fit a full vector. */
  private static final VectorSpecies<Float> HALF =
      VectorSpecies.of(float.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

  private OptimizerVector() {}

  /** {@link OptimizerKernels#squares} on the chunks {@code begin <= chunk < end}. */
  public static void squares(int begin, int end, float[] gradient, double[] partial) {
    int whole = gradient.length / OptimizerKernels.CHUNK;
    for (int chunk = begin; chunk < end; chunk++) {
      if (chunk < whole && OptimizerKernels.SUMS % (2 * D) == 0) {
        partial[chunk] = squares(chunk * OptimizerKernels.CHUNK, gradient);
      } else {
        OptimizerKernels.squares(chunk, gradient, partial);
      }
    }
  }

  private static double squares(int begin, float[] gradient) {
    int end = begin + OptimizerKernels.CHUNK;
    double total = 0;
    for (int k = 0; k < OptimizerKernels.SUMS; k += 2 * D) {
      DoubleVector low = DoubleVector.zero(DOUBLES);
      DoubleVector high = DoubleVector.zero(DOUBLES);
      for (int e = begin + k; e < end; e += OptimizerKernels.SUMS) {
        DoubleVector g0 =
            (DoubleVector) FloatVector.fromArray(HALF, gradient, e).convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector g1 =
            (DoubleVector) FloatVector.fromArray(HALF, gradient, e + D).convertShape(VectorOperators.F2D, DOUBLES, 0);
        low = low.add(g0.mul(g0));
        high = high.add(g1.mul(g1));
      }
      for (int lane = 0; lane < D; lane++) {
        total += low.lane(lane);
      }
      for (int lane = 0; lane < D; lane++) {
        total += high.lane(lane);
      }
    }
    return total;
  }

  /** {@link OptimizerKernels#adam} on the elements {@code begin <= e < end}. */
  public static void adam(
      int begin, int end, float[] parameters, float[] gradient, float[] first, float[] second, float[] rates,
      float[] clip) {
    float factor = clip[0];
    if (factor < 0f) {
      return;
    }
    float beta1 = rates[OptimizerKernels.BETA1];
    float rest1 = rates[OptimizerKernels.ONE_MINUS_BETA1];
    float beta2 = rates[OptimizerKernels.BETA2];
    float rest2 = rates[OptimizerKernels.ONE_MINUS_BETA2];
    float step = rates[OptimizerKernels.LEARNING_RATE] * rates[OptimizerKernels.CORRECTION1];
    float correction = rates[OptimizerKernels.CORRECTION2];
    float epsilon = rates[OptimizerKernels.EPSILON];
    float decay = rates[OptimizerKernels.DECAY];
    int e = begin;
    for (; e <= end - N; e += N) {
      FloatVector g = FloatVector.fromArray(FLOATS, gradient, e).mul(factor);
      FloatVector m = FloatVector.fromArray(FLOATS, first, e).mul(beta1).add(g.mul(rest1));
      FloatVector v = FloatVector.fromArray(FLOATS, second, e).mul(beta2).add(g.mul(g).mul(rest2));
      m.intoArray(first, e);
      v.intoArray(second, e);
      FloatVector denominator = v.lanewise(VectorOperators.SQRT).mul(correction).add(epsilon);
      FloatVector.fromArray(FLOATS, parameters, e).mul(decay).sub(m.mul(step).div(denominator))
          .intoArray(parameters, e);
    }
    for (; e < end; e++) {
      OptimizerKernels.adam(e, parameters, gradient, first, second, rates, clip);
    }
  }

  /** {@link OptimizerKernels#average} on the elements {@code begin <= e < end}. */
  public static void average(int begin, int end, float[] parameters, float[] average, float[] rates, float[] clip) {
    if (clip[0] < 0f) {
      return;
    }
    float rate = rates[OptimizerKernels.AVERAGE];
    int e = begin;
    for (; e <= end - N; e += N) {
      FloatVector before = FloatVector.fromArray(FLOATS, average, e);
      before.add(FloatVector.fromArray(FLOATS, parameters, e).sub(before).mul(rate)).intoArray(average, e);
    }
    for (; e < end; e++) {
      OptimizerKernels.average(e, parameters, average, rates, clip);
    }
  }

  /** {@link OptimizerKernels#accumulate} on the elements {@code begin <= e < end}. */
  public static void accumulate(int begin, int end, float[] gradient, float[] sum, float weight) {
    int e = begin;
    for (; e <= end - N; e += N) {
      FloatVector.fromArray(FLOATS, sum, e).add(FloatVector.fromArray(FLOATS, gradient, e).mul(weight))
          .intoArray(sum, e);
    }
    for (; e < end; e++) {
      OptimizerKernels.accumulate(e, gradient, sum, weight);
    }
  }
}
