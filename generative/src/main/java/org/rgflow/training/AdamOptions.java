package org.rgflow.training;

/**
 * Constants of {@link Adam}.
 *
 * @param beta1 β₁, decay of the mean of the gradient, in [0, 1)
 * @param beta2 β₂, decay of the mean of its square, in [0, 1)
 * @param epsilon ε, added to the root of the mean square, positive
 * @param weightDecay λ of the decoupled weight decay (AdamW), 0 for none
 * @param maxNorm longer gradients are shortened to this norm; {@link Double#POSITIVE_INFINITY} for none
 * @param averageDecay d of the parameters' moving average w̄ ← d w̄ + (1−d) w, in [0, 1); in step t = 1, 2, … it is at
 *     most (1+t)/(10+t), as in the moving averages of TensorFlow
 */
public record AdamOptions(
    double beta1, double beta2, double epsilon, double weightDecay, double maxNorm, double averageDecay) {
  /** β = (0.9, 0.999), ε = 1e-8, no weight decay, norm 1, average 0.9999: the published training's. */
  public static final AdamOptions DEFAULTS = new AdamOptions(0.9, 0.999, 1e-8, 0, 1, 0.9999);

  /** @throws IllegalArgumentException if a number is out of its range */
  public AdamOptions {
    requireDecay("beta1", beta1);
    requireDecay("beta2", beta2);
    requireDecay("averageDecay", averageDecay);
    if (!(epsilon >= 1e-30) || !Double.isFinite(epsilon)) {
      throw new IllegalArgumentException("epsilon must be a number of at least 1e-30, not " + epsilon);
    }
    if (!(weightDecay >= 0) || !Double.isFinite(weightDecay)) {
      throw new IllegalArgumentException("weightDecay must be 0 or positive, not " + weightDecay);
    }
    if (!(maxNorm > 0)) {
      throw new IllegalArgumentException("maxNorm must be positive, not " + maxNorm);
    }
  }

  private static void requireDecay(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " must be at least 0 and less than 1, not " + value);
    }
  }
}
