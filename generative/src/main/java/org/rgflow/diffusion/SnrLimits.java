package org.rgflow.diffusion;

/**
 * The modes that noise reaches first and last: smallest and largest log-SNR_k = ln(ᾱ_k σ_k²/(1 − ᾱ_k)) at a time. At
 * the first time step modes below 0 are never seen by the model; at the last one modes above, say, −4 still show the
 * picture from which a sampler starts.
 *
 * @param time time step t
 * @param lowest smallest log-SNR
 * @param lowestMode mode that has it
 * @param highest largest log-SNR
 * @param highestMode mode that has it
 */
public record SnrLimits(double time, double lowest, int lowestMode, double highest, int highestMode) {
  /**
   * Of a schedule at a time.
   *
   * @param deviation σ_k, the data's standard deviation of each mode
   * @throws IllegalArgumentException if there are not as many as the schedule has modes
   */
  public static SnrLimits of(NoiseSchedule schedule, double[] deviation, double time) {
    if (deviation.length != schedule.modes()) {
      throw new IllegalArgumentException(deviation.length + " standard deviations for " + schedule.modes() + " modes");
    }
    int lowest = 0;
    int highest = 0;
    double[] logSnr = new double[deviation.length];
    for (int k = 0; k < logSnr.length; k++) {
      logSnr[k] = schedule.logSnr(k, time) + 2 * Math.log(deviation[k]);
      lowest = logSnr[k] < logSnr[lowest] ? k : lowest;
      highest = logSnr[k] > logSnr[highest] ? k : highest;
    }
    return new SnrLimits(time, logSnr[lowest], lowest, logSnr[highest], highest);
  }
}
