package org.rgflow.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.rgflow.device.Device;
import org.rgflow.diffusion.SamplingMethod;
import org.rgflow.diffusion.SamplingOptions;
import org.rgflow.text.NearestName;
import org.rgflow.training.ImageModel;
import org.rgflow.training.ImageSampler;
import picocli.CommandLine.Option;

/** How pictures are drawn from a model. */
final class ImageSamplingOptions {
  private static final List<String> SAMPLERS = List.of("dpm", "dpm3", "heun", "ddim", "ancestral");

  private static final int MAX_GUIDANCE = 1000;

  @Option(names = "--steps", paramLabel = "N", defaultValue = "25", description = "Steps. Default: ${DEFAULT-VALUE}.")
  private int steps;

  @Option(names = "--sampler", paramLabel = "NAME", defaultValue = "dpm", completionCandidates = Samplers.class,
      description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private String sampler;

  @Option(names = "--eta", paramLabel = "E", description = "Noise of ddim: 0 none (the default), 1 as ancestral.")
  private Double eta;

  @Option(names = "--guidance", paramLabel = "W", defaultValue = "1",
      description = "Strength of classifier-free guidance, for a model trained with labels. Default: 1, none.")
  private double guidance;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of all random numbers. Default: a new one, which is printed.")
  private Long seed;

  @Option(names = "--batch-size", paramLabel = "N", defaultValue = "16",
      description = "Pictures that are drawn at once; they do not depend on it. Default: ${DEFAULT-VALUE}.")
  private int batchSize;

  /** Names of the samplers. */
  static final class Samplers extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Samplers() {
      super(SAMPLERS);
    }
  }

  String sampler() {
    return sampler;
  }

  int steps() {
    return steps;
  }

  double guidance() {
    return guidance;
  }

  /** Checks what can be checked before the model is read. */
  void check() {
    Outputs.positive("--batch-size", batchSize);
    if (!(Math.abs(guidance) <= MAX_GUIDANCE)) {
      throw new IllegalArgumentException("--guidance " + guidance + ": must be a number up to " + MAX_GUIDANCE
          + "; 1 is none, 2 to 5 are usual");
    }
  }

  /** Whether a seed was given. */
  boolean seeded() {
    return seed != null;
  }

  /** The seed that was given, or a new one. */
  long seedOrNew() {
    return seed != null ? seed : ThreadLocalRandom.current().nextLong(1L << 40);
  }

  /** Makes a model ready to draw so many pictures in all. */
  ImageSampler open(ImageModel model, Device device, int count) {
    return model.open(device, Math.min(batchSize, count), options(model), guidance);
  }

  /** @throws IllegalArgumentException if the options do not fit together or the model */
  SamplingOptions options(ImageModel model) {
    if (!SAMPLERS.contains(sampler)) {
      throw new IllegalArgumentException(NearestName.message("sampler", sampler, SAMPLERS));
    }
    if (eta != null && !sampler.equals("ddim")) {
      throw new IllegalArgumentException("--eta belongs to --sampler ddim, not " + sampler);
    }
    int schedule = model.configuration().diffusion().steps();
    SamplingOptions options = switch (sampler) {
      case "ancestral" -> SamplingOptions.ancestral(schedule, steps);
      case "ddim" -> new SamplingOptions(
          SamplingMethod.DDIM, eta == null ? 0 : eta, SamplingOptions.rounded(schedule, steps), null, null);
      case "heun" -> SamplingOptions.deterministic(SamplingMethod.HEUN, schedule, steps);
      case "dpm3" -> SamplingOptions.deterministic(SamplingMethod.DPM3M, schedule, steps);
      default -> SamplingOptions.deterministic(SamplingMethod.DPM2M, schedule, steps);
    };
    // The published sampler starts from white noise, which is not quite what the data are at the last step.
    return sampler.equals("ancestral") ? options
        : options.startedFrom(model.statistics().mean(), model.statistics().deviation());
  }
}
