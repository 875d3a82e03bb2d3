package org.rgflow.diffusion;

/**
 * Coefficients that standardise every mode for the network and skip around it: with a = √ᾱ, s = √(1−ᾱ), data of mean
 * m and standard deviation σ per mode, and q = a²σ² + s², the variance of x_t,
 *
 * <pre>  x̂_0 = m + (a σ²/q) (x − a m) + (s σ/√q) F((x − a m)/√q)</pre>
 *
 * The first two terms are the Wiener filter, the best linear denoiser, so that F = 0 is already a good beginning;
 * F has inputs and targets of unit variance. Karras et al. (2206.00364, table 1) with σ_data of each mode.
 */
final class Preconditioning {
  private final NoiseSchedule schedule;
  private final double[] mean;
  private final double[] deviation;
  /** By image and mode: factors and offsets of the network's input, of x and of F. */
  final float[] inputScale;
  final float[] inputOffset;
  final float[] skip;
  final float[] gain;
  final float[] offset;

  Preconditioning(NoiseSchedule schedule, double[] mean, double[] deviation, int images) {
    int modes = schedule.modes();
    if (mean.length != modes || deviation.length != modes) {
      throw new IllegalArgumentException("the schedule has " + modes + " modes, the statistics " + mean.length
          + " means and "
          + deviation.length + " deviations");
    }
    for (int k = 0; k < modes; k++) {
      if (!Double.isFinite(mean[k]) || !(deviation[k] >= 0) || Double.isInfinite(deviation[k])) {
        throw new IllegalArgumentException(
            "mode " + k + " has mean " + mean[k] + " and standard deviation " + deviation[k] + "; both must be finite");
      }
    }
    this.schedule = schedule;
    this.mean = mean.clone();
    this.deviation = deviation.clone();
    inputScale = new float[images * modes];
    inputOffset = new float[inputScale.length];
    skip = new float[inputScale.length];
    gain = new float[inputScale.length];
    offset = new float[inputScale.length];
  }

  void prepare(double[] times) {
    int modes = schedule.modes();
    for (int image = 0; image < times.length; image++) {
      if (image > 0 && times[image] == times[image - 1]) {
        copy(inputScale, image, modes);
        copy(inputOffset, image, modes);
        copy(skip, image, modes);
        copy(gain, image, modes);
        copy(offset, image, modes);
        continue;
      }
      for (int k = 0; k < modes; k++) {
        double logSignal = schedule.logSignal(k, times[image]);
        double a = Math.exp(0.5 * logSignal);
        double noise = -Math.expm1(logSignal);
        double sigma = deviation[k];
        double q = a * a * sigma * sigma + noise;
        double keep = a * sigma * sigma / q;
        int at = image * modes + k;
        inputScale[at] = (float) (1 / Math.sqrt(q));
        inputOffset[at] = (float) (-a * mean[k] / Math.sqrt(q));
        skip[at] = (float) keep;
        gain[at] = (float) (Math.sqrt(noise) * sigma / Math.sqrt(q));
        offset[at] = (float) (mean[k] * noise / q); // m (1 − a keep) without a difference
      }
    }
  }

  private static void copy(float[] table, int image, int modes) {
    System.arraycopy(table, (image - 1) * modes, table, image * modes, modes);
  }

}
