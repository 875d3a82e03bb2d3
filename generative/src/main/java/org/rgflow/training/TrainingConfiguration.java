package org.rgflow.training;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rgflow.data.Batches;
import org.rgflow.data.Crop;
import org.rgflow.data.PatchTiling;
import org.rgflow.diffusion.NoiseSchedules;
import org.rgflow.io.OneLine;
import org.rgflow.network.UNetConfiguration;
import org.rgflow.text.NearestName;

/**
 * Everything that determines a training, but for the pictures themselves: immutable, checked as a whole,
 * and kept in every checkpoint as JSON, from which it comes back equal.
 *
 * @param preset name of the preset that it began as
 */
public record TrainingConfiguration(
    String preset, DataSettings data, DiffusionSettings diffusion, NetworkSettings network,
    OptimizerSettings optimizer, RunSettings run) {
  private static final Map<String, TrainingConfiguration> PRESETS = presets();

  /** @throws IllegalArgumentException if the parts do not fit together */
  public TrainingConfiguration {
    if (!preset.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new IllegalArgumentException("preset is a name of letters, digits, dots and hyphens, not '"
          + OneLine.of(preset.substring(0, Math.min(64, preset.length()))) + "'");
    }
    if (diffusion.space() == DiffusionSettings.Space.FREQUENCY) {
      PatchTiling.require(data.height(), data.width(), diffusion.patch());
    }
    if (data.height() != data.width()) {
      throw new IllegalArgumentException("the network wants square pictures, not " + data.width() + "x"
          + data.height());
    }
    unet(data, diffusion, network);
  }

  /** The network of this configuration. */
  public UNetConfiguration unet() {
    return unet(data, diffusion, network);
  }

  private static UNetConfiguration unet(DataSettings data, DiffusionSettings diffusion, NetworkSettings network) {
    int channels = data.colours() * diffusion.patch() * diffusion.patch();
    return new UNetConfiguration(diffusion.selfConditioning() > 0 ? 2 * channels : channels, channels,
        data.height() / diffusion.patch(), network.width(), network.multipliers(), network.blocks(),
        Set.copyOf(network.attentionLevels()), network.dropout(),
        diffusion.space() == DiffusionSettings.Space.PIXEL ? UNetConfiguration.Resolution.HALVING
            : UNetConfiguration.Resolution.CONSTANT);
  }

  /** The names that {@link #preset} knows. */
  public static Set<String> presetNames() {
    return Collections.unmodifiableSet(PRESETS.keySet());
  }

  /**
   * The configuration of a name: {@code fddm-…} as published (2402.17090), {@code ddpm-…} in the same framework
   * (2006.11239), {@code rgflow-…} with a combination of what goes beyond; see docs/ablation.md.
   *
   * @throws IllegalArgumentException if there is none, with the nearest one
   */
  public static TrainingConfiguration preset(String name) {
    TrainingConfiguration found = PRESETS.get(name);
    if (found == null) {
      throw new IllegalArgumentException(NearestName.message("preset", name, PRESETS.keySet()));
    }
    return found;
  }

  /**
   * With some settings replaced, all at once; see {@link Settings#with(Record, List)}.
   *
   * @throws IllegalArgumentException if a name is unknown or the result is impossible
   */
  public TrainingConfiguration with(List<String> assignments) {
    return Settings.with(this, assignments);
  }

  /** The whole tree. */
  public JsonObject toJson() {
    return Settings.toJson(this);
  }

  /**
   * From the JSON in a checkpoint.
   *
   * @throws IOException if it is that of a model of lattice fields, or a name is unknown or a value impossible; one
   *     line
   */
  public static TrainingConfiguration ofJson(JsonObject json) throws IOException {
    if (json.has("model")) {
      throw new IOException("that is a model of lattice fields; 'rgflow phi4 generate' draws from it");
    }
    try {
      return Settings.withJson(PRESETS.values().iterator().next(), json);
    } catch (IllegalArgumentException e) {
      throw new IOException("impossible configuration: " + e.getMessage(), e);
    }
  }

  private static Map<String, TrainingConfiguration> presets() {
    Map<String, TrainingConfiguration> presets = new LinkedHashMap<>();
    frequency(presets, "fddm-fashion-mnist", 1, 28, 7);
    frequency(presets, "fddm-celeba64-p4", 3, 64, 4);
    frequency(presets, "fddm-celeba64-p8", 3, 64, 8);
    pixels(presets, "ddpm-celeba64", 3, 64, List.of(1, 2, 2, 2));
    pixels(presets, "ddpm-fashion-mnist", 1, 28, List.of(1, 2, 2));
    beyond(presets, "rgflow-fashion-mnist", "fddm-fashion-mnist", "diffusion.patch=4", "diffusion.classes=10",
        "network.width=64", "network.multipliers=1,2,2", "network.dropout=0", "data.flip=never",
        "optimizer.learningRate=1e-3", "optimizer.warmUp=300", "optimizer.steps=6000", "optimizer.batchSize=64",
        "optimizer.averageDecay=0.999", "run.sampleEvery=500", "run.checkpointEvery=500");
    beyond(presets, "rgflow-celeba64", "fddm-celeba64-p4");
    return presets;
  }

  /** Preconditioned by the data's deviations, weighted as the velocity, white noise: see docs/ablation.md. */
  private static void beyond(
      Map<String, TrainingConfiguration> presets, String name, String base, String... settings) {
    List<String> changes = new ArrayList<>(List.of("preset=" + name, "diffusion.schedule=cosine",
        "diffusion.preconditioning=deviation", "diffusion.weight=velocity", "diffusion.maxSnr=1000"));
    changes.addAll(List.of(settings));
    presets.put(name, presets.get(base).with(changes));
  }

  private static void frequency(
      Map<String, TrainingConfiguration> presets, String name, int colours, int side, int patch) {
    add(presets, name, colours, side, published(DiffusionSettings.Space.FREQUENCY, patch, "fermi"),
        UNetConfiguration.frequency(colours, side, patch));
  }

  private static void pixels(
      Map<String, TrainingConfiguration> presets, String name, int colours, int side, List<Integer> multipliers) {
    add(presets, name, colours, side, published(DiffusionSettings.Space.PIXEL, 1, "linear"),
        UNetConfiguration.pixels(colours, side, multipliers));
  }

  private static DiffusionSettings published(DiffusionSettings.Space space, int patch, String schedule) {
    NoiseSchedules.FermiShape shape = NoiseSchedules.FermiShape.DEFAULT;
    return new DiffusionSettings(space, patch, schedule, 1000, shape.temperature(), shape.high(), shape.low(),
        DiffusionSettings.Preconditioning.NONE, DiffusionSettings.Weight.UNIFORM, 5, 0, 0, 0, 0.1);
  }

  private static void add(Map<String, TrainingConfiguration> presets, String name, int colours, int side,
      DiffusionSettings diffusion, UNetConfiguration unet) {
    AdamOptions adam = AdamOptions.DEFAULTS;
    presets.put(name, new TrainingConfiguration(name,
        new DataSettings(colours, side, side, Crop.PAPER, Batches.Flip.RANDOM, 100), diffusion,
        new NetworkSettings(unet.width(), unet.multipliers(), unet.blocks(),
            unet.attentionLevels().stream().sorted().toList(), unet.dropout()),
        new OptimizerSettings(2e-4, 5000, 800_000, 128, 1, adam.beta1(), adam.beta2(), adam.epsilon(),
            adam.weightDecay(), adam.maxNorm(), adam.averageDecay()),
        new RunSettings(1, 100, 5000, 5000, 3)));
  }
}
