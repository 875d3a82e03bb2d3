package org.rgflow.diffusion;

import java.util.ArrayList;
import java.util.List;
import org.rgflow.data.ColorImage;
import org.rgflow.device.Device;
import org.rgflow.frequency.PatchModes;
import org.rgflow.random.RandomStream;
import org.rgflow.spectral.ModeSchedule;

/**
 * One path of the forward process seen in both of its variables: x, in which it is the diffusion of the
 * image model, and φ = √K x, in which it is Polchinski's flow. Both are computed, each with its own
 * transitions of {@link ModeSchedule} and the same noise, and compared.
 */
public final class TwoVariables {
  /**
   * The path at one scale.
   *
   * @param mu μ, infinite for the clean image
   * @param diffused x
   * @param flowed φ
   * @param slowest K of the lowest mode
   * @param fastest K of the highest mode
   * @param difference largest |φ/√K − x| over all modes of all patches
   */
  public record Stage(double mu, ColorImage diffused, ColorImage flowed, double slowest, double fastest,
      double difference) {}

  private TwoVariables() {}

  /**
   * Follows an image, whatever its colour space, to descending scales.
   *
   * @param seed seed of the noise
   * @return the clean image and one stage for each scale
   */
  public static List<Stage> follow(Device device, ColorImage image, FermiSchedule schedule, long seed,
      double... scales) {
    PatchModes patches = new PatchModes(image.colours(), image.height(), image.width(), schedule.side());
    ModeSchedule modes = schedule.modes();
    List<Stage> stages = new ArrayList<>();
    try (ForwardProcess diffusion = new ForwardProcess(
            device, patches, modes, ModeSchedule.Variable.VARIANCE_PRESERVING, new RandomStream(seed));
        ForwardProcess flow = new ForwardProcess(
            device, patches, modes, ModeSchedule.Variable.FIELD, new RandomStream(seed))) {
      diffusion.start(image);
      flow.start(image);
      stages.add(stage(diffusion, flow, modes));
      for (double mu : scales) {
        diffusion.advance(mu);
        flow.advance(mu);
        stages.add(stage(diffusion, flow, modes));
      }
    }
    return stages;
  }

  private static Stage stage(ForwardProcess diffusion, ForwardProcess flow, ModeSchedule modes) {
    double mu = diffusion.scale();
    float[] x = diffusion.grouped();
    float[] phi = flow.grouped();
    int patches = x.length / modes.modes() / diffusion.image().colours();
    double difference = 0;
    for (int i = 0; i < x.length; i++) {
      double root = Math.sqrt(modes.cutoff(i / patches % modes.modes(), mu));
      difference = Math.max(difference, Math.abs(phi[i] / root - x[i]));
    }
    return new Stage(mu, diffusion.image(), flow.image(), modes.cutoff(0, mu), modes.cutoff(modes.modes() - 1, mu),
        difference);
  }
}
