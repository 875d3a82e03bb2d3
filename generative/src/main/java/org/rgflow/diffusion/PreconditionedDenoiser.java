package org.rgflow.diffusion;

import java.util.ArrayList;
import java.util.List;
import org.rgflow.device.Launch;
import org.rgflow.launch.ModeAffine;
import org.rgflow.launch.ModeBlend;

/**
 * A denoiser around a network F that sees standardised modes and corrects the Wiener filter (Karras et al.,
 * 2206.00364, with the data's standard deviation σ of each mode): with a = √ᾱ, s = √(1−ᾱ), q = a²σ² + s² and the
 * data's mean m,
 *
 * <pre>  x̂_0 = m + (a σ²/q) (x − a m) + (s σ/√q) F((x − a m)/√q).</pre>
 *
 * F has the interface of a denoiser; its {@code clean} is F's output. Not safe for concurrent use.
 */
public final class PreconditionedDenoiser implements Denoiser {
  private final Denoiser network;
  private final Preconditioning coefficients;

  /**
   * @param network F
   * @param mean m of each mode
   * @param deviation σ of each mode
   * @throws IllegalArgumentException if the numbers of modes differ
   */
  public PreconditionedDenoiser(Denoiser network, NoiseSchedule schedule, double[] mean, double[] deviation) {
    WienerDenoiser.requireModes(network.shape(), schedule);
    this.network = network;
    this.coefficients = new Preconditioning(schedule, mean, deviation, network.shape().images());
  }

  @Override
  public ModeBatch shape() {
    return network.shape();
  }

  /** s σ/√q by image and mode, as last prepared: the derivative of x̂_0 with respect to F. */
  public float[] gain() {
    return coefficients.gain;
  }

  @Override
  public boolean selfConditioned() {
    return network.selfConditioned();
  }

  @Override
  public List<Launch> record(Inputs inputs, float[] clean) {
    ModeBatch shape = network.shape();
    float[] standardised = new float[shape.size()];
    float[] output = new float[shape.size()];
    Preconditioning c = coefficients;
    List<Launch> launches = new ArrayList<>();
    launches.add(new ModeAffine(
        standardised, inputs.noisy(), c.inputScale, c.inputOffset, shape.positions(), shape.images()));
    launches.addAll(network.record(
        new Inputs(standardised, inputs.times(), inputs.labels(), inputs.previous()), output));
    launches.add(new ModeBlend(
        clean, inputs.noisy(), output, c.skip, c.gain, c.offset, shape.positions(), shape.images()));
    return launches;
  }

  @Override
  public List<Object> buffers() {
    List<Object> buffers = new ArrayList<>(network.buffers());
    Preconditioning c = coefficients;
    buffers.addAll(List.of(c.inputScale, c.inputOffset, c.skip, c.gain, c.offset));
    return buffers;
  }

  @Override
  public void prepare(double[] times) {
    coefficients.prepare(times);
    network.prepare(times);
  }
}
