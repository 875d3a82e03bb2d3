package org.rgflow.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/** Gradients in float against central differences of a loss in double. */
final class GradientCheck {
  /** Error of a central difference: h² times a third derivative of order one to a hundred. */
  private static final double H = 1e-4;

  private GradientCheck() {}

  static void randomise(float[] x, long seed, double deviation) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (deviation * random.nextGaussian());
    }
  }

  /** Every parameter away from zero and from its start, so that no gradient is small by symmetry. */
  static void randomise(Parameters parameters, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (ParameterLayout.View view : parameters.views()) {
      boolean one = view.initial() == ParameterLayout.Initial.ONE;
      double deviation = view.shape().size() == 1 ? 0.3 : 1.2 / Math.sqrt(view.size() / view.shape().getLast());
      int end = view.offset() + view.size();
      for (int i = view.offset(); i < end; i++) {
        parameters.values()[i] = (float) ((one ? 1 : 0) + deviation * random.nextGaussian());
      }
    }
  }

  static double[] widen(float[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i];
    }
    return y;
  }

  /** Σ g y. */
  static double product(float[] g, double[] y) {
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += g[i] * y[i];
    }
    return sum;
  }

  static void assertValues(float[] actual, double[] expected, double tolerance) {
    double scale = rms(expected);
    assertThat(actual).hasSize(expected.length);
    for (int i = 0; i < actual.length; i++) {
      assertThat(Math.abs(actual[i] - expected[i])).as("element %d: %s for %s", i, actual[i], expected[i])
          .isLessThanOrEqualTo(tolerance * (scale + Math.abs(expected[i])));
    }
  }

  /**
   * Compares some elements, at most {@code count} of them chosen at random, of a gradient with differences of the loss.
   *
   * @param x where to take it; restored afterwards
   */
  static void assertGradient(String what, ToDoubleFunction<double[]> loss, double[] x, float[] gradient, int begin,
      int end, int count, double tolerance) {
    SplittableRandom random = new SplittableRandom(begin + 31L * end);
    double scale = 0;
    for (int i = begin; i < end; i++) {
      scale += (double) gradient[i] * gradient[i] / (end - begin);
    }
    scale = Math.sqrt(scale);
    for (int k = 0; k < Math.min(count, end - begin); k++) {
      int i = count >= end - begin ? begin + k : random.nextInt(begin, end);
      double kept = x[i];
      x[i] = kept + H;
      double above = loss.applyAsDouble(x);
      x[i] = kept - H;
      double below = loss.applyAsDouble(x);
      x[i] = kept;
      double expected = (above - below) / (2 * H);
      assertThat(Math.abs(gradient[i] - expected)).as("%s[%d]: gradient %s, difference %s", what, i - begin,
          gradient[i], expected).isLessThanOrEqualTo(tolerance * (scale + Math.abs(expected)) + 1e-6);
    }
  }

  private static double rms(double[] x) {
    double sum = 0;
    for (double value : x) {
      sum += value * value;
    }
    return Math.sqrt(sum / x.length);
  }
}
