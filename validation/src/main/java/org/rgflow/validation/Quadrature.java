package org.rgflow.validation;

import java.util.function.DoubleUnaryOperator;

/** Derivatives and integrals of smooth functions, for identities in the flow time. */
final class Quadrature {
  private static final double[] CENTRAL = {4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280};

  private Quadrature() {}

  /** f'(x) by the eighth-order central difference. */
  static double derivative(DoubleUnaryOperator f, double x, double step) {
    double sum = 0;
    for (int j = 1; j <= CENTRAL.length; j++) {
      sum += CENTRAL[j - 1] * (f.applyAsDouble(x + j * step) - f.applyAsDouble(x - j * step));
    }
    return sum / step;
  }

  /** ∫ f over [a, b] by the double-exponential rule (Takahasi &amp; Mori 1974) with 2·{@code half}+1 points. */
  static double integral(DoubleUnaryOperator f, double a, double b, int half) {
    double reach = 3.2;
    double step = reach / half;
    double sum = 0;
    for (int i = -half; i <= half; i++) {
      double t = i * step;
      double s = 0.5 * Math.PI * Math.sinh(t);
      double weight = 0.5 * Math.PI * Math.cosh(t) / (Math.cosh(s) * Math.cosh(s));
      sum += weight * f.applyAsDouble(0.5 * (a + b) + 0.5 * (b - a) * Math.tanh(s));
    }
    return 0.5 * (b - a) * step * sum;
  }
}
