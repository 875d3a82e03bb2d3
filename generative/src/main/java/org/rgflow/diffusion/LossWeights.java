package org.rgflow.diffusion;

/**
 * Weights of the squared error of x̂_0, mode by mode.
 *
 * <p>Min-SNR (Hang et al., 2303.09556): w = min(SNR, γ), γ = 5, which is the weight of the noise's error, capped. With
 * data of standard deviation σ_k the ratio is SNR = ᾱ σ_k²/(1−ᾱ), and the error is measured in units of σ_k², so that
 * w_k = min(SNR, γ)/σ_k²; with σ_k = 1 the published form.
 *
 * <p>Velocity (Salimans &amp; Ho, 2202.00512): w = SNR + 1, the weight of the error of v = a z − s x_0, here capped as
 * well: w_k = min(SNR + 1, γ)/σ_k². For a network preconditioned by σ_k that is, below the cap, the plain squared error
 * of its own output (Karras et al., 2206.00364). Unlike Min-SNR it does not neglect the noisiest times, where classes
 * and outlines are decided.
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
    capped(schedule, deviation, 0, cap, t, weights, at);
  }

  /**
   * min(SNR + 1, γ)/σ² of every mode at one time step.
   *
   * @param deviation σ of each mode, positive
   * @param cap γ &gt; 0
   * @param weights written, from {@code at} on
   */
  public static void velocity(
      NoiseSchedule schedule, double[] deviation, double cap, double t, float[] weights, int at) {
    capped(schedule, deviation, 1, cap, t, weights, at);
  }

  private static void capped(
      NoiseSchedule schedule, double[] deviation, double offset, double cap, double t, float[] weights, int at) {
    if (!(cap > 0)) {
      throw new IllegalArgumentException("the cap on the signal-to-noise ratio must be positive, not " + cap);
    }
    for (int k = 0; k < schedule.modes(); k++) {
      double variance = deviation[k] * deviation[k];
      weights[at + k] = (float) Math.min(Math.exp(schedule.logSnr(k, t)) + offset / variance, cap / variance);
    }
  }
}
