package org.rgflow.flow;

/**
 * The interaction of one mode, S_int(φ) = a φ² + b φ⁴, on top of a reference Gaussian φ²/(2C₀).
 *
 * @param quadratic a, of either sign when b &gt; 0
 * @param quartic b ≥ 0
 */
public record Interaction1D(double quadratic, double quartic) {
  /** @throws IllegalArgumentException if a number is not finite or b &lt; 0 */
  public Interaction1D {
    if (!Double.isFinite(quadratic) || !Double.isFinite(quartic) || quartic < 0) {
      throw new IllegalArgumentException(
          "interaction " + quadratic + " φ² + " + quartic + " φ⁴: both must be finite and the second not negative");
    }
  }

  /** S_int(φ). */
  public double value(double phi) {
    double square = phi * phi;
    return square * (quadratic + quartic * square);
  }

  /** S_int'(φ). */
  public double derivative(double phi) {
    return phi * (2 * quadratic + 4 * quartic * phi * phi);
  }

  /** S_int''(φ). */
  public double secondDerivative(double phi) {
    return 2 * quadratic + 12 * quartic * phi * phi;
  }

  /** The smallest value of S_int; −∞ if there is none. */
  double minimum() {
    return quadratic >= 0 ? 0 : -quadratic * quadratic / (4 * quartic);
  }
}
