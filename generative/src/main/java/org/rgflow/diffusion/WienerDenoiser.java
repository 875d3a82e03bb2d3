package org.rgflow.diffusion;

import java.util.List;
import org.rgflow.device.Launch;
import org.rgflow.launch.ModeAffine;

/**
 * The best denoiser that looks at every mode alone and linearly, exact for Gaussian data: Wiener's filter
 *
 * <pre>  x̂_0 = m + (a σ²/q) (x − a m),   q = a²σ² + s²,  a = √ᾱ,  s = √(1−ᾱ).</pre>
 *
 * A sampler with it draws Gaussian images of the data's mean and power spectrum: what a network has to
 * beat, and what samplers are tested with. Not safe for concurrent use.
 */
public final class WienerDenoiser implements Denoiser {
  private final ModeBatch shape;
  private final Preconditioning coefficients;

  /**
   * @param mean m of each mode
   * @param deviation σ of each mode
   * @throws IllegalArgumentException if the numbers of modes differ
   */
  public WienerDenoiser(ModeBatch shape, NoiseSchedule schedule, double[] mean, double[] deviation) {
    requireModes(shape, schedule);
    this.shape = shape;
    this.coefficients = new Preconditioning(schedule, mean, deviation, shape.images());
  }

  static void requireModes(ModeBatch shape, NoiseSchedule schedule) {
    if (shape.channels() != schedule.modes()) {
      throw new IllegalArgumentException(
          "the schedule has " + schedule.modes() + " modes, the images " + shape.channels() + " channels");
    }
  }

  @Override
  public ModeBatch shape() {
    return shape;
  }

  @Override
  public List<Launch> record(Inputs inputs, float[] clean) {
    return List.of(new ModeAffine(
        clean, inputs.noisy(), coefficients.skip, coefficients.offset, shape.positions(), shape.images()));
  }

  @Override
  public List<Object> buffers() {
    return List.of(coefficients.skip, coefficients.offset);
  }

  @Override
  public void prepare(double[] times) {
    coefficients.prepare(times);
  }
}
