package org.rgflow.diffusion;

/**
 * Weights of the squared error of x̂_0, mode by mode.
 *
 * <p>Min-SNR (Hang et al., 2303.09556): w = min(SNR, γ), γ = 5, which is the weight of the noise's error, capped. With
 * data of standard deviation σ_k the ratio is SNR = ᾱ σ_k²/(1−ᾱ), and the error is measured in units of σ_k², so that
 * w_k = min(SNR, γ)/σ_k²; with σ_k = 1 the published form.
 */
public final class LossWeights {
  private LossWeights() {}

  /**
   * min(SNR, γ)/σ² of every mode at one time step.
   *
   * @param deviation σ of each mode, positive
   * @param cap γ &gt; 0
   * @param weights written, from {@code at} on
   */
  public static void minimumSnr(
      NoiseSchedule schedule, double[] deviation, double cap, double t, float[] weights, int at) {
    if (!(cap > 0)) {
      throw new IllegalArgumentException("the cap on the signal-to-noise ratio must be positive, not " + cap);
    }
    for (int k = 0; k < schedule.modes(); k++) {
      double variance = deviation[k] * deviation[k];
      weights[at + k] = (float) Math.min(Math.exp(schedule.logSnr(k, t)), cap / variance);
    }
  }
}
