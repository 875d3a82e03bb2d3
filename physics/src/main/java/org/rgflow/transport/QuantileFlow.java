package org.rgflow.transport;

import java.util.function.DoubleUnaryOperator;

/**
 * Minimising movements (Jordan, Kinderlehrer &amp; Otto 1998) for one mode of any density. On the line
 * optimal transport is monotone rearrangement, so in terms of the quantile function X(u), 0 &lt; u &lt; 1,
 *
 * <pre>
 *   W₂²(P, P') = ∫ (X − X')² du / M,      KL(P‖e^(−U)) = ∫ [U(X) − ln X_u] du,
 * </pre>
 *
 * and one step of size h is the minimiser of KL + W₂²/(2h). The quantile function is carried by
 * n particles at the levels u_i = (i+½)/n, each gap contributing −ln(n(X_{i+1} − X_i))/n; the minimum is
 * found by Newton's method with a tridiagonal Hessian, damped so that particles never cross. The
 * particles stand for the mass between u_0 and u_{n−1}; what lies outside (1/n) is carried by the end
 * particles.
 *
 * <p>For h below M⁻¹/max(−U″) the problem is strictly convex. The class reports how far W₂ and KL have
 * gone, so that an energy inequality can be checked step by step.
 */
public final class QuantileFlow {
  private static final int MAX_ITERATIONS = 200;

  private final DoubleUnaryOperator force;
  private final DoubleUnaryOperator curvature;
  private final DoubleUnaryOperator potential;
  private final double mobility;
  private final double[] position;

  /**
   * @param quantiles X(u_i), strictly increasing; cloned
   * @param potential U, Q ∝ e^(−U)
   * @param force U'
   * @param curvature U″
   * @param mobility M &gt; 0
   * @throws IllegalArgumentException if the quantiles do not increase or M is not positive
   */
  public QuantileFlow(
      double[] quantiles, DoubleUnaryOperator potential, DoubleUnaryOperator force, DoubleUnaryOperator curvature,
      double mobility) {
    if (quantiles.length < 3) {
      throw new IllegalArgumentException("at least three quantiles are needed, not " + quantiles.length);
    }
    for (int i = 1; i < quantiles.length; i++) {
      if (!(quantiles[i] > quantiles[i - 1])) {
        throw new IllegalArgumentException("quantiles must increase strictly; number " + i + " does not");
      }
    }
    if (!(mobility > 0)) {
      throw new IllegalArgumentException("the mobility must be > 0, not " + mobility);
    }
    this.position = quantiles.clone();
    this.potential = potential;
    this.force = force;
    this.curvature = curvature;
    this.mobility = mobility;
  }

  /** The quantiles X(u_i) at u_i = (i+½)/n, a copy. */
  public double[] quantiles() {
    return position.clone();
  }

  /** (1/n) Σ U(X_i) − (1/n) Σ ln(n(X_{i+1} − X_i)): KL(P‖Q) up to Q's normalisation and the discretisation. */
  public double energy() {
    int n = position.length;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += potential.applyAsDouble(position[i]);
      if (i > 0) {
        sum -= Math.log(n * (position[i] - position[i - 1]));
      }
    }
    return sum / n;
  }

  /** (1/n) Σ X^p. */
  public double moment(int power) {
    double sum = 0;
    for (double x : position) {
      sum += Math.pow(x, power);
    }
    return sum / position.length;
  }

  /**
   * One minimising movement.
   *
   * @param step h &gt; 0
   * @return W₂²/M of the step
   * @throws IllegalArgumentException if h is not positive
   * @throws ArithmeticException if the minimisation does not converge
   */
  public double step(double step) {
    if (!(step > 0)) {
      throw new IllegalArgumentException("the step of a minimising movement must be > 0, not " + step);
    }
    int n = position.length;
    double stiffness = 1 / (step * mobility);
    double[] start = position.clone();
    double[] gradient = new double[n];
    double[] diagonal = new double[n];
    double[] upper = new double[n];
    for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
      // Gradient and Hessian of n·(KL + W²/2h).
      for (int i = 0; i < n; i++) {
        gradient[i] = force.applyAsDouble(position[i]) + stiffness * (position[i] - start[i]);
        diagonal[i] = curvature.applyAsDouble(position[i]) + stiffness;
        upper[i] = 0;
      }
      for (int i = 1; i < n; i++) {
        double inverse = 1 / (position[i] - position[i - 1]);
        gradient[i - 1] += inverse;
        gradient[i] -= inverse;
        diagonal[i - 1] += inverse * inverse;
        diagonal[i] += inverse * inverse;
        upper[i - 1] = -inverse * inverse;
      }
      double decrement = solve(diagonal, upper, gradient);
      // Newton steps of a self-concordant barrier: damp outside the quadratic region, keep the order.
      double scale = decrement > 0.25 ? 1 / (1 + Math.sqrt(decrement)) : 1;
      for (int i = 1; i < n; i++) {
        double gap = position[i] - position[i - 1];
        double closing = gradient[i] - gradient[i - 1];
        if (closing > 0) {
          scale = Math.min(scale, 0.9 * gap / closing);
        }
      }
      for (int i = 0; i < n; i++) {
        position[i] -= scale * gradient[i];
      }
      if (decrement < 1e-22 * n) {
        double distance = 0;
        for (int i = 0; i < n; i++) {
          distance += (position[i] - start[i]) * (position[i] - start[i]);
        }
        return distance / (n * mobility);
      }
    }
    throw new ArithmeticException("the minimising movement did not converge; the step h = " + step + " is too large");
  }

  /** Solves the symmetric tridiagonal system in place (result in {@code right}); returns right·H⁻¹·right. */
  private static double solve(double[] diagonal, double[] upper, double[] right) {
    int n = right.length;
    double[] original = right.clone();
    for (int i = 1; i < n; i++) {
      double factor = upper[i - 1] / diagonal[i - 1];
      diagonal[i] -= factor * upper[i - 1];
      right[i] -= factor * right[i - 1];
    }
    right[n - 1] /= diagonal[n - 1];
    double decrement = right[n - 1] * original[n - 1];
    for (int i = n - 2; i >= 0; i--) {
      right[i] = (right[i] - upper[i] * right[i + 1]) / diagonal[i];
      decrement += right[i] * original[i];
    }
    return decrement;
  }
}
