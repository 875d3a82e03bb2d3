package org.rgflow.diffusion;

import org.rgflow.data.ColorImage;
import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.launch.OrnsteinUhlenbeck;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.spectral.ModeSchedule;

/**
 * Takes one image along a noise schedule, step by step: x_t = √(ᾱ_t/ᾱ_s) x_s + √(1 − ᾱ_t/ᾱ_s) z by {@link
 * OrnsteinUhlenbeck}, the kernel of the lattice flows. Other than {@link ForwardProcess}, in which all colours share
 * one regulator, it takes any {@link NoiseSchedule}. Not safe for concurrent use.
 */
public final class ForwardPath implements AutoCloseable {
  private final PixelSpace space;
  private final NoiseSchedule schedule;
  private final RandomStream stream;
  private final float[] pixels;
  private final float[] modes;
  private final float[] decay;
  private final float[] noise;
  private final Program load;
  private final Program step;
  private final Session session;
  private double scale = Double.POSITIVE_INFINITY;

  /**
   * @param space of one image
   * @param stream seed and position of the noise; each step takes one position
   * @throws IllegalArgumentException if schedule and space differ in their modes, or the space holds more images
   */
  public ForwardPath(Device device, PixelSpace space, NoiseSchedule schedule, RandomStream stream) {
    ModeBatch batch = space.batch();
    if (batch.images() != 1 || batch.channels() != schedule.modes()) {
      throw new IllegalArgumentException("a path is that of one image with " + schedule.modes() + " modes, not of "
          + batch.images() + " with " + batch.channels());
    }
    this.space = space;
    this.schedule = schedule;
    this.stream = stream;
    pixels = new float[batch.size()];
    modes = new float[batch.size()];
    decay = new float[batch.channels()];
    noise = new float[batch.channels()];
    load = new Program("image to modes").input(pixels).addAll(space.forward(pixels, modes)).output(modes);
    step = new Program("forward step").input(decay, noise, stream.buffer())
        .add(new OrnsteinUhlenbeck(modes, decay, noise, batch.positions(), stream.buffer(), Streams.IMAGE))
        .output(modes);
    session = device.open(load, step);
  }

  /** Starts from a clean picture, grey or RGB in [0, 1]. */
  public void start(ColorImage picture) {
    space.encode(picture, pixels, 0);
    session.run(load);
    scale = Double.POSITIVE_INFINITY;
  }

  /**
   * Goes on to a later time step.
   *
   * @param time from 0 to T−1
   * @throws IllegalArgumentException if it lies outside or is not later
   */
  public void advance(double time) {
    double mu = schedule.mu(time);
    ModeSchedule.Transition transition =
        schedule.flow().transition(scale, mu, ModeSchedule.Variable.VARIANCE_PRESERVING);
    System.arraycopy(transition.decayFloats(), 0, decay, 0, decay.length);
    System.arraycopy(transition.noiseFloats(), 0, noise, 0, noise.length);
    session.run(step);
    stream.advance();
    scale = mu;
  }

  /** The modes as they are now, {@code [channel][position]}; the path's own buffer. */
  public float[] modes() {
    return modes;
  }

  /** The image as it is now, grey or RGB around [0, 1]. */
  public ColorImage image() {
    return space.visible(modes, 0);
  }

  @Override
  public void close() {
    session.close();
  }
}
