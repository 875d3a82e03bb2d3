package org.rgflow.diffusion;

import org.rgflow.data.ColorImage;
import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.frequency.PatchModes;
import org.rgflow.launch.OrnsteinUhlenbeck;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.spectral.ModeSchedule;

/**
 * The forward process of the image model: noise enters an image mode by mode as the scale μ falls. It
 * runs {@link OrnsteinUhlenbeck}, the kernel of the lattice flows, on the modes of all patches, with the
 * transitions of a {@link ModeSchedule}:
 *
 * <pre>  VARIANCE_PRESERVING  x_t = √(ᾱ_t/ᾱ_s) x_s + √(1 − ᾱ_t/ᾱ_s) z      (the diffusion; ᾱ = K)
 *  FIELD                φ_t = (K_t/K_s) φ_s + √(K_t (1 − K_t/K_s)) ξ    (Polchinski's flow)</pre>
 *
 * <p>With the same seed the two are the same path: x = φ/√K. Not safe for concurrent use.
 */
public final class ForwardProcess implements AutoCloseable {
  private final PatchModes patches;
  private final ModeSchedule schedule;
  private final ModeSchedule.Variable variable;
  private final RandomStream stream;
  private final float[] field;
  private final float[] modes;
  private final float[] decay;
  private final float[] noise;
  private final Program load;
  private final Program step;
  private final Program show;
  private final Session session;
  private double scale = Double.POSITIVE_INFINITY;

  /**
   * @param schedule one mode for each mode of a patch
   * @param stream seed and position of the noise
   * @throws IllegalArgumentException if schedule and patches differ in size
   */
  public ForwardProcess(
      Device device, PatchModes patches, ModeSchedule schedule, ModeSchedule.Variable variable, RandomStream stream) {
    int perPatch = patches.side() * patches.side();
    if (schedule.modes() != perPatch) {
      throw new IllegalArgumentException("the schedule has " + schedule.modes() + " modes, a patch " + perPatch);
    }
    this.patches = patches;
    this.schedule = schedule;
    this.variable = variable;
    this.stream = stream;
    field = new float[patches.layout().size()];
    modes = new float[field.length];
    decay = new float[perPatch];
    noise = new float[perPatch];
    load = new Program("image to modes").input(field).addAll(patches.forward(field, modes));
    step = new Program("image diffusion step").input(decay, noise, stream.buffer())
        .add(new OrnsteinUhlenbeck(modes, decay, noise, patches.layout().lanes(), stream.buffer(), Streams.IMAGE));
    show = new Program("modes to image").addAll(patches.inverse(modes, field)).output(field, modes);
    session = device.open(load, step, show);
  }

  /** Starts from a clean image. */
  public void start(ColorImage image) {
    patches.cut(image, field);
    session.run(load);
    scale = Double.POSITIVE_INFINITY;
  }

  /** The scale μ at which the process stands, infinite for the clean image. */
  public double scale() {
    return scale;
  }

  /**
   * Goes on to a lower scale.
   *
   * @throws IllegalArgumentException if it is not lower
   */
  public void advance(double mu) {
    ModeSchedule.Transition transition = schedule.transition(scale, mu, variable);
    System.arraycopy(transition.decayFloats(), 0, decay, 0, decay.length);
    System.arraycopy(transition.noiseFloats(), 0, noise, 0, noise.length);
    session.run(step);
    stream.advance();
    scale = mu;
  }

  /** The image as it is now. */
  public ColorImage image() {
    session.run(show);
    return patches.join(field);
  }

  /** The modes as they are now, grouped by frequency; see {@link PatchModes#grouped}. */
  public float[] grouped() {
    session.run(show);
    return patches.grouped(modes);
  }

  @Override
  public void close() {
    session.close();
  }
}
