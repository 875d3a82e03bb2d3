package org.rgflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.data.Batches;
import org.rgflow.io.Json;
import org.rgflow.network.UNetConfiguration;

class TrainingConfigurationTest {
  static Set<String> presets() {
    return TrainingConfiguration.presetNames();
  }

  @ParameterizedTest
  @MethodSource("presets")
  void comesBackEqualFromItsText(String name) throws IOException {
    TrainingConfiguration configuration = TrainingConfiguration.preset(name).with(
        List.of("run.seed=-9223372036854775807", "optimizer.learningRate=0.1", "data.crop=face"));
    TrainingConfiguration back = TrainingConfiguration.ofJson(Json.parseObject(Json.text(configuration.toJson())));
    assertThat(back).isEqualTo(configuration);
    assertThat(back).isNotEqualTo(TrainingConfiguration.preset(name));
    assertThat(back.preset()).isEqualTo(name);
  }

  static Set<String> published() {
    return UNetConfiguration.presetNames();
  }

  @ParameterizedTest
  @MethodSource("published")
  void hasThePublishedNetwork(String name) {
    assertThat(TrainingConfiguration.preset(name).unet()).isEqualTo(UNetConfiguration.preset(name));
  }

  /** Less than 6 million parameters take less than 12 MB in half precision. */
  @Test
  void theSmallModelIsSmall() {
    TrainingConfiguration preset = TrainingConfiguration.preset("rgflow-fashion-mnist");
    assertThat(preset.unet().parameters(preset.diffusion().classes())).isBetween(4_000_000L, 6_000_000L);
    assertThat(TrainingConfiguration.preset("rgflow-celeba64").unet()).isEqualTo(UNetConfiguration.preset("fddm-celeba64-p4"));
  }

  @Test
  void hasThePublishedTraining() {
    TrainingConfiguration preset = TrainingConfiguration.preset("fddm-celeba64-p8");
    assertThat(preset.optimizer().rate()).isEqualTo(new LearningRate(2e-4, 5000, 800_000));
    assertThat(preset.optimizer().adam()).isEqualTo(AdamOptions.DEFAULTS);
    assertThat(preset.optimizer().batchSize()).isEqualTo(128);
    assertThat(preset.diffusion().schedule()).isEqualTo("fermi");
    assertThat(preset.data().flip()).isEqualTo(Batches.Flip.RANDOM);
  }

  @Test
  void replacesSingleValues() {
    TrainingConfiguration changed = TrainingConfiguration.preset("fddm-fashion-mnist").with(List.of(
        "network.width = 64", "network.multipliers=1,2", "network.attentionLevels=", "diffusion.patch=4",
        "data.flip=never", "diffusion.weight=min-snr", "optimizer.maxNorm=0", "diffusion.selfConditioning=0.5"));
    assertThat(changed.network()).isEqualTo(new NetworkSettings(64, List.of(1, 2), 2, List.of(), 0.1));
    assertThat(changed.diffusion().weight()).isEqualTo(DiffusionSettings.Weight.MIN_SNR);
    assertThat(changed.data().flip()).isEqualTo(Batches.Flip.NEVER);
    assertThat(changed.optimizer().adam().maxNorm()).isInfinite();
    assertThat(changed.unet().side()).isEqualTo(7);
    assertThat(changed.unet().inputChannels()).isEqualTo(32);
    assertThat(changed.unet().outputChannels()).isEqualTo(16);
    assertThat(TrainingConfiguration.preset("fddm-fashion-mnist").network().width()).isEqualTo(192);
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "optimizer.learningrate=1 | did you mean 'optimizer.learningRate'?",
      "learningRate=1 | did you mean 'optimizer.learningRate'?",
      "optimiser.steps=1 | did you mean 'optimizer.steps'?",
      "optimizer=1 | unknown setting 'optimizer'",
      "qwertyuiop=1 | known: preset, data.colours",
      "optimizer.steps | not of the form name=value",
      "=3 | not of the form name=value",
      "optimizer.steps=1.5 | optimizer.steps is a whole number, not '1.5'",
      "optimizer.steps=99999999999999999999 | optimizer.steps is a whole number",
      "network.width=1,2 | network.width is one value, not 2",
      "network.multipliers=1,,2 | network.multipliers is a whole number, not ''",
      "network.multipliers=1,x | network.multipliers is a whole number, not 'x'",
      "network.dropout=NaN | network.dropout is a number, not 'NaN'",
      "network.width=33 | choose a multiple of 32",
      "data.crop=papr | unknown data.crop 'papr'; did you mean 'paper'?",
      "diffusion.schedule=cosin | did you mean 'cosine'?",
      "diffusion.patch=8 | use pictures of 24x24 or 32x32, or patches of 2x2, 4x4, 7x7",
      "diffusion.patch=1 | diffusion: patch must be 1 in pixel space",
      "data.width=56 | square pictures, not 56x28",
      "optimizer.accumulation=3 | optimizer: a batch of 128 pictures cannot be computed in 3 equal parts",
      "optimizer.beta2=1 | optimizer: beta2 must be",
      "run.keepCheckpoints=0 | at least 1"})
  void saysInOneLineWhatIsWrong(String sample) {
    String assignment = sample.substring(0, sample.indexOf(" | "));
    assertThatThrownBy(() -> TrainingConfiguration.preset("fddm-fashion-mnist").with(List.of(assignment)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sample.substring(sample.indexOf(" | ") + 3)).message().doesNotContain("\n");
  }

  @Test
  void refusesAModelOfLatticeFields() {
    JsonObject json = new JsonObject();
    json.addProperty("model", "score");
    assertThatThrownBy(() -> TrainingConfiguration.ofJson(json)).isInstanceOf(IOException.class)
        .hasMessage("that is a model of lattice fields; 'rgflow phi4 generate' draws from it");
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "{\"optimizer\": 3} | optimizer is a group of settings",
      "{\"optimizer\": {\"steps\": {}}} | optimizer.steps is a value, not a group",
      "{\"optimizer\": {\"steps\": null}} | optimizer.steps is a value, not null",
      "{\"optimizer\": {\"step\": 3}} | did you mean 'optimizer.steps'?",
      "{\"network\": {\"multipliers\": [1, [2]]}} | network.multipliers is a value",
      "{\"network\": {\"width\": 1e9}} | network.width is a whole number",
      "{\"version\": 2} | unknown setting 'version'"})
  void refusesForeignJson(String sample) throws IOException {
    JsonObject json = Json.parseObject(sample.substring(0, sample.indexOf(" | ")));
    assertThatThrownBy(() -> TrainingConfiguration.ofJson(json)).isInstanceOf(IOException.class)
        .hasMessageStartingWith("impossible configuration: ")
        .hasMessageContaining(sample.substring(sample.indexOf(" | ") + 3)).message().doesNotContain("\n");
  }

  @Test
  void namesThePresets() {
    assertThatThrownBy(() -> TrainingConfiguration.preset("fddm-fashion-mnits"))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("did you mean 'fddm-fashion-mnist'?");
    assertThat(Settings.paths(TrainingConfiguration.preset("ddpm-celeba64"))).hasSizeGreaterThan(30)
        .contains("run.seed", "preset").doesNotHaveDuplicates();
  }
}
