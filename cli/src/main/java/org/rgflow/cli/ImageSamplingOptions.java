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
  private static final List<String> SAMPLERS = List.of("sde", "dpm", "dpm3", "heun", "ddim", "ancestral");
  private static final String DEFAULT = "sde";
  /** Without noise of its own. */
  private static final String DETERMINISTIC = "dpm";

  private static final int MAX_GUIDANCE = 1000;

  @Option(names = "--steps", paramLabel = "N", defaultValue = "25", description = "Steps. Default: ${DEFAULT-VALUE}.")
  private int steps;

  @Option(names = "--sampler", paramLabel = "NAME", completionCandidates = Samplers.class,
      description = "One of ${COMPLETION-CANDIDATES}. sde is DPM-Solver++ with noise in every step and dpm without;"
          + " ddim adds as much as --eta says, ancestral all of it, dpm3 and heun none. Default: " + DEFAULT + ".")
  private String chosenSampler;

  private String usualSampler = DEFAULT;

  @Option(names = "--eta", paramLabel = "E",
      description = "Noise of sde and ddim: 0 none, 1 all. Default: 1 for sde, 0 for ddim.")
  private Double eta;

  @Option(names = "--guidance", paramLabel = "W", defaultValue = "1",
      description = "Strength of classifier-free guidance, for a model trained with labels. Default: 1, none.")
  private double guidance;

  @Option(names = "--seed", paramLabel = "N",
      description = "Seed of all random numbers. Default: a new one, which is printed.")
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

  /** Takes the sampler without noise unless another was chosen. */
  void preferDeterministic() {
    usualSampler = DETERMINISTIC;
  }

  String sampler() {
    return chosenSampler != null ? chosenSampler : usualSampler;
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
    if (eta != null && !(eta >= 0 && eta <= 1)) {
      throw new IllegalArgumentException("--eta " + eta + ": must be between 0, no noise, and 1, all of it");
    }
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
    String sampler = sampler();
    if (!SAMPLERS.contains(sampler)) {
      throw new IllegalArgumentException(NearestName.message("sampler", sampler, SAMPLERS));
    }
    if (eta != null && !sampler.equals("ddim") && !sampler.equals("sde")) {
      throw new IllegalArgumentException("--eta belongs to --sampler sde and ddim, not " + sampler);
    }
    return switch (sampler) {
      case "ancestral" -> SamplingOptions.ancestral(model.configuration().diffusion().steps(), steps);
      case "ddim" -> model.sampling(SamplingMethod.DDIM, eta == null ? 0 : eta, steps);
      case "heun" -> model.sampling(SamplingMethod.HEUN, 0, steps);
      case "dpm3" -> model.sampling(SamplingMethod.DPM3M, 0, steps);
      case "dpm" -> model.sampling(SamplingMethod.DPM2M, 0, steps);
      default -> model.sampling(SamplingMethod.DPM2M, eta == null ? 1 : eta, steps);
    };
  }
}
