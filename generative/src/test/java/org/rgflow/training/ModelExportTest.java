package org.rgflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rgflow.data.ColorImage;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.diffusion.SamplingMethod;
import org.rgflow.diffusion.SamplingOptions;
import org.rgflow.io.Json;
import org.rgflow.model.ModelFile;
import org.rgflow.model.Rounding;
import org.rgflow.model.TensorLayout;
import org.rgflow.model.TensorType;
import org.rgflow.network.Purpose;

class ModelExportTest {
  @TempDir
  private Path folder;

  private final ImageModel model = Untrained.model(Untrained.configuration());

  private Path checkpoint() throws IOException {
    Path path = Files.createDirectories(folder.resolve("run/checkpoints")).resolve("step-00000002.safetensors");
    Untrained.checkpoint(model).write(path);
    return path;
  }

  private Rounding export(Path from, String to, TensorType type) throws IOException {
    try (ModelFile file = ModelFile.open(from)) {
      return ModelExport.write(file, folder.resolve(to), type);
    }
  }

  private List<ColorImage> draw(String name) throws IOException {
    SamplingOptions options = SamplingOptions.deterministic(SamplingMethod.DPM2M, 100, 10);
    try (Device device = new JvmDevice(1);
        ImageSampler sampler = ImageModel.read(folder.resolve(name)).open(device, 4, options, 1)) {
      return sampler.sample(1, 0, 4, image -> image % 2);
    }
  }

  @Test
  void halfPrecisionDrawsTheSamePictures() throws IOException {
    Path checkpoint = checkpoint();
    Rounding half = export(checkpoint, "half.safetensors", TensorType.F16);
    Rounding single = export(checkpoint, "single.safetensors", TensorType.F32);
    assertThat(single.relativeError()).isZero();
    // Rounding to 11 bits: at most 2⁻¹¹ of a number, 2⁻¹¹/√3 = 2.8e-4 of it in the mean if numbers lie evenly below a
    // power of two, so somewhat less of the norm.
    assertThat(half.relativeError()).isBetween(1e-4, 2.8e-4);
    assertThat(half.worstError()).isLessThan(0x1p-11);
    List<ColorImage> exact = draw("run/checkpoints/step-00000002.safetensors");
    List<ColorImage> same = draw("single.safetensors");
    List<ColorImage> rounded = draw("half.safetensors");
    for (int i = 0; i < 4; i++) {
      assertThat(same.get(i).values()).isEqualTo(exact.get(i).values());
      for (int at = 0; at < 64; at++) {
        // Half a grey level.
        assertThat(rounded.get(i).values()[at]).isCloseTo(exact.get(i).values()[at], within(0.5f / 255));
      }
      assertThat(rounded.get(i).values()).isNotEqualTo(exact.get(i).values());
    }
  }

  @Test
  void nothingThatOnlyATrainingNeedsIsInTheFile() throws IOException {
    Path checkpoint = checkpoint();
    Files.writeString(folder.resolve("run/log.jsonl"),
        "{\"step\":1,\"imagesPerSecond\":64}\n{\"step\":2,\"imagesPerSecond\":32}\n{\"step\":3,\"imagesPerSecond\":1}\n");
    export(checkpoint, "half.safetensors", TensorType.F16);
    try (ModelFile before = ModelFile.open(checkpoint); ModelFile after = ModelFile.open(folder.resolve("half.safetensors"))) {
      assertThat(after.isCheckpoint()).isFalse();
      assertThat(after.tensors()).hasSize(TensorLayout.of(
          model.network(1, Purpose.INFERENCE).parameters()).slices().size());
      assertThat(after.tensors().values()).allMatch(tensor -> tensor.type() == TensorType.F16);
      assertThat(after.bytes()).isLessThan(before.bytes() / 7);
      assertThat(after.configuration()).isEqualTo(before.configuration());
      assertThat(after.state()).isEqualTo(before.state());
      // Two steps of 128 images, at 64 and 32 a second.
      TrainingSummary summary = TrainingSummary.of(after);
      assertThat(summary).isEqualTo(TrainingSummary.of(before)).isEqualTo(new TrainingSummary(0.375, 2, 6));
    }
    // Exported once more, nothing is lost.
    export(folder.resolve("half.safetensors"), "again.safetensors", TensorType.F16);
    assertThat(Files.readAllBytes(folder.resolve("again.safetensors")))
        .isEqualTo(Files.readAllBytes(folder.resolve("half.safetensors")));
  }

  @Test
  void whatAModelDoesNotKnowItDoesNotSay() throws IOException {
    Path checkpoint = checkpoint();
    Untrained.checkpoint(model).writeModel(folder.resolve("bare.safetensors"), TensorType.F32);
    try (ModelFile file = ModelFile.open(checkpoint); ModelFile bare = ModelFile.open(folder.resolve("bare.safetensors"))) {
      assertThat(TrainingSummary.of(file)).isEqualTo(new TrainingSummary(0.375, 2, Double.NaN));
      assertThat(TrainingSummary.of(bare)).isEqualTo(new TrainingSummary(Double.NaN, 0, Double.NaN));
      assertThat(ModelCard.of(bare, "bare.safetensors", null)).contains("| steps | 2 of 6 |").doesNotContain("loss, mean")
          .doesNotContain("time of the steps").doesNotContain("NaN").doesNotContain("## Quality");
    }
    // A log without the last step, as of a run that was killed, tells no time.
    Files.writeString(folder.resolve("run/log.jsonl"), "{\"step\":1,\"imagesPerSecond\":64}\n");
    try (ModelFile file = ModelFile.open(checkpoint)) {
      assertThat(TrainingSummary.of(file).seconds()).isNaN();
    }
  }

  @Test
  void parametersThatTheTypeCannotHoldAreRefused() throws IOException {
    TensorLayout.Slice slice = TensorLayout.of(model.network(1, Purpose.INFERENCE).parameters())
        .slices().getFirst();
    float kept = model.parameters()[slice.offset()];
    model.parameters()[slice.offset()] = 70_000;
    Path large = checkpoint();
    assertThatIllegalArgumentException().isThrownBy(() -> export(large, "x.safetensors", TensorType.F16))
        .withMessage("tensor " + slice.name() + " holds 70000.0, which F16 cannot; write it as F32");
    assertThat(export(large, "b.safetensors", TensorType.BF16).worstError()).isLessThan(0x1p-8);
    model.parameters()[slice.offset()] = Float.POSITIVE_INFINITY;
    Path broken = checkpoint();
    assertThatIOException().isThrownBy(() -> export(broken, "x.safetensors", TensorType.F32))
        .withMessageContaining("broken down");
    assertThat(folder.resolve("x.safetensors")).doesNotExist();
    model.parameters()[slice.offset()] = kept;
  }

  @Test
  void whatBecomesZeroIsCounted() {
    TensorLayout layout = new TensorLayout(List.of(new TensorLayout.Slice("tiny", List.of(3), 0),
        new TensorLayout.Slice("plain", List.of(2), 3)), 5);
    // The smallest half-precision number is 2⁻²⁴; half of it and less becomes zero, three quarters become one.
    Rounding rounding = Rounding.of(layout, new float[] {0x1p-25f, 0x1.8p-25f, 0, 1, -2}, TensorType.F16);
    assertThat(rounding.lost()).isEqualTo(1);
    assertThat(rounding.worst()).isEqualTo("tiny");
    // Errors 1 and ½ of numbers 1 and 1½, in units of 2⁻²⁵.
    assertThat(rounding.worstError()).isCloseTo(Math.sqrt(1.25 / 3.25), within(1e-12));
    assertThat(rounding.relativeError()).isLessThan(1e-7);
    assertThat(Rounding.of(layout, new float[5], TensorType.F16)).isEqualTo(new Rounding(0, "tiny", 0, 0));
    assertThatIllegalArgumentException().isThrownBy(
        () -> Rounding.of(layout, new float[] {0, 0, 0, 65520, 0}, TensorType.F16)).withMessageContaining("65520");
    assertThat(Rounding.of(layout, new float[] {0, 0, 0, 65519, 0}, TensorType.F16).lost()).isZero();
  }

  @Test
  void theCardShowsAnEvaluation() throws IOException {
    Path checkpoint = checkpoint();
    try (ModelFile file = ModelFile.open(checkpoint)) {
      String card = ModelCard.of(file, "bundled:stripes", Json.parseObject("""
          {"count": 2000, "trainingCount": 60000, "sampler": "dpm", "steps": 25, "guidance": 1.5, "seed": 4,
           "figures": {"a": {"title": "distance", "value": 12.34567, "floor": 0.5}, "b": {"value": null, "floor": 2}},
           "classifier": {"testAccuracy": 0.91234}}
          """));
      assertThat(card).startsWith("# stripes\n")
          .contains("2000 generated pictures (dpm, 25 steps, guidance 1.500, seed 4) against 60000 training pictures")
          .contains("| distance | 12.35 | 0.5000 |").contains("| b | - | 2 |").contains("right on a part of 0.9123 of");
      assertThatIOException().isThrownBy(() -> ModelCard.of(file, "m", Json.parseObject("{\"figures\": 1}")))
          .withMessageContaining("no figures");
    }
  }

  @Test
  void theCommandOfTheCardMakesTheConfigurationAgain() {
    TrainingConfiguration configuration = Untrained.configuration("network.multipliers=1,2", "run.seed=9",
        "optimizer.learningRate=3e-4");
    String command = ModelCard.command(configuration);
    assertThat(command).startsWith("rgflow images train --preset fddm-fashion-mnist --data PATH --out RUN ")
        .contains("--width 32").contains("--seed 9").contains("--set network.multipliers=1,2");
    String settings = command.replace("--width ", "--set network.width=").replace("--seed ", "--set run.seed=")
        .replace("--steps ", "--set optimizer.steps=").replace("--batch-size ", "--set optimizer.batchSize=");
    List<String> assignments = List.of(settings.substring(settings.indexOf(" --set ") + 7).split(" --set "));
    assertThat(TrainingConfiguration.preset("fddm-fashion-mnist").with(assignments)).isEqualTo(configuration);
    assertThat(ModelCard.command(TrainingConfiguration.preset("ddpm-celeba64")))
        .isEqualTo("rgflow images train --preset ddpm-celeba64 --data PATH --out RUN");
  }
}
