package org.rgflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.data.ColorImage;
import org.rgflow.data.ImageChoice;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.diffusion.SamplingMethod;
import org.rgflow.diffusion.SamplingOptions;
import org.rgflow.io.Json;
import org.rgflow.model.CheckpointDirectory;
import org.rgflow.model.ModelFile;
import org.rgflow.model.TensorLayout;
import org.rgflow.network.Purpose;
import org.rgflow.quality.ModeMoments;

class TrainerTest {
  private static final Stripes IMAGES = new Stripes(64);

  @TempDir
  private Path folder;

  private static TrainingConfiguration tiny(String... more) {
    List<String> settings = new ArrayList<>(List.of("data.height=8", "data.width=8", "data.flip=never", "diffusion.patch=2",
        "diffusion.steps=100", "network.width=32", "network.multipliers=1", "network.blocks=1", "network.attentionLevels=",
        "optimizer.batchSize=8", "optimizer.steps=6", "optimizer.warmUp=2", "run.logEvery=2", "run.sampleEvery=0",
        "run.checkpointEvery=100"));
    settings.addAll(List.of(more));
    return TrainingConfiguration.preset("fddm-fashion-mnist").with(settings);
  }

  private static Trainer.Outcome train(TrainingConfiguration configuration, Path run, Path resume, int threads, long stop)
      throws IOException {
    try (Device device = new JvmDevice(threads)) {
      return Trainer.train(configuration, IMAGES, run, resume, device, (step, steps, loss) -> step != stop);
    }
  }

  /** Parameters, average and moments of a checkpoint, one after the other. */
  private static float[] state(Path checkpoint) throws IOException {
    try (ModelFile file = ModelFile.open(checkpoint)) {
      TensorLayout layout = TensorLayout.of(
          ImageModel.describedBy(file).network(1, Purpose.INFERENCE).parameters());
      float[] all = new float[4 * layout.length()];
      float[] one = new float[layout.length()];
      for (ModelFile.Part part : ModelFile.Part.values()) {
        file.read(part, layout, one);
        System.arraycopy(one, 0, all, part.ordinal() * one.length, one.length);
      }
      return all;
    }
  }

  /** Everything random is on: dropout, mirroring, hidden labels, first estimates, perturbation; and batches in parts. */
  private static final String[] EVERYTHING = {"data.flip=random", "diffusion.classes=2", "diffusion.classDropout=0.3",
    "diffusion.selfConditioning=0.5", "diffusion.inputPerturbation=0.1", "diffusion.preconditioning=deviation",
    "diffusion.weight=min-snr", "optimizer.accumulation=2", "network.attentionLevels=0"};

  @Test
  void aRunResumedIsTheRunThatWasNeverStopped() throws IOException {
    TrainingConfiguration configuration = tiny(EVERYTHING);
    Trainer.Outcome whole = train(configuration, folder.resolve("whole"), null, 1, -1);
    Trainer.Outcome half = train(configuration, folder.resolve("parts"), null, 1, 3);
    assertThat(half.complete()).isFalse();
    assertThat(half.step()).isEqualTo(3);
    Path latest = new CheckpointDirectory(folder.resolve("parts"), 3).resolve(CheckpointDirectory.LATEST).path();
    assertThat(latest).isEqualTo(half.checkpoint());
    Trainer.Outcome rest = train(Trainer.resumed(latest, List.of()), folder.resolve("parts"), latest, 1, -1);
    assertThat(rest.complete()).isTrue();
    assertThat(state(rest.checkpoint())).isEqualTo(state(whole.checkpoint())).isNotEqualTo(
        Arrays.copyOf(state(half.checkpoint()), state(whole.checkpoint()).length));
    assertThat(Files.readAllBytes(rest.checkpoint())).isEqualTo(Files.readAllBytes(whole.checkpoint()));
    assertThat(steps(folder.resolve("parts"))).containsExactly(2L, 3L, 4L, 6L);
    assertThat(steps(folder.resolve("whole"))).containsExactly(2L, 4L, 6L);
  }

  private static List<Long> steps(Path run) throws IOException {
    List<Long> steps = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("log.jsonl"))) {
      JsonObject json = Json.parseObject(line);
      assertThat(json.keySet()).containsExactly("step", "loss", "learningRate", "gradientNorm", "imagesPerSecond");
      assertThat(json.get("loss").getAsDouble()).isPositive();
      steps.add(json.get("step").getAsLong());
    }
    return steps;
  }

  @Test
  void theNumberOfThreadsChangesNothing() throws IOException {
    TrainingConfiguration configuration = tiny(EVERYTHING);
    Path one = train(configuration, folder.resolve("one"), null, 1, 3).checkpoint();
    Path two = train(configuration, folder.resolve("two"), null, 2, 3).checkpoint();
    assertThat(Files.readAllBytes(two)).isEqualTo(Files.readAllBytes(one));
  }

  /** Parts of a batch are summed in another order: equal but for rounding, which Adam's first steps enlarge. */
  @Test
  void accumulationLeavesTheLossAsItIs() throws IOException {
    double whole = train(tiny("network.dropout=0"), folder.resolve("whole"), null, 1, 2).loss();
    double parts = train(tiny("network.dropout=0", "optimizer.accumulation=4"), folder.resolve("parts"), null, 1, 2).loss();
    assertThat(parts).isCloseTo(whole, org.assertj.core.api.Assertions.withinPercentage(1e-3));
  }

  /** The fourth mode of these pictures never changes, so that the times stretch over 27 units more of log-SNR. */
  @ParameterizedTest
  @CsvSource({"none, uniform", "deviation, uniform", "deviation, velocity"})
  void aSmallSetIsLearnedAndSamplesResembleIt(String preconditioning, String weight) throws IOException {
    TrainingConfiguration configuration = tiny("diffusion.preconditioning=" + preconditioning,
        "diffusion.weight=" + weight, "diffusion.classes=2", "diffusion.schedule=fermi-terminal", "optimizer.steps=800",
        "optimizer.batchSize=16", "optimizer.learningRate=2e-3", "optimizer.averageDecay=0.98", "network.dropout=0",
        "run.sampleEvery=800");
    Trainer.Outcome outcome = train(configuration, folder.resolve("run"), null, 2, -1);
    assertThat(ImageIO.read(folder.resolve("run/samples/step-00000800.png").toFile()).getWidth()).isGreaterThan(32);
    ImageModel model = ImageModel.read(outcome.checkpoint());
    SamplingOptions options = SamplingOptions.deterministic(SamplingMethod.DPM2M, 100, 20)
        .startedFrom(model.statistics().mean(), model.statistics().deviation());
    try (Device device = new JvmDevice(2); ImageSampler sampler = model.open(device, 32, options, 1)) {
      List<ColorImage> samples = sampler.sample(3, 0, 32, image -> image % 2);
      ModeMoments drawn = new ModeMoments(64, 1);
      ModeMoments data = new ModeMoments(64, 1);
      ModeMoments grey = new ModeMoments(64, 1);
      int right = 0;
      for (int i = 0; i < 32; i++) {
        float[] values = samples.get(i).values();
        drawn.add(values, 1);
        data.add(IMAGES.image(i).values(), 1);
        grey.add(filled(i), 1);
        float left = values[4 * 8 + 1] - values[6];
        right += (i % 2 == 0) == (left > 0) ? 1 : 0;
      }
      assertThat(right).as("of the right class").isGreaterThanOrEqualTo(30);
      assertThat(drawn.coefficientDistance(data)).isLessThan(0.1 * grey.coefficientDistance(data));
      assertThat(sampler.sample(3, 17, 1, image -> image % 2).getFirst().values()).isEqualTo(samples.get(17).values());
    }
  }

  private static float[] filled(int i) {
    float[] values = new float[64];
    Arrays.fill(values, i / 32f);
    return values;
  }

  @Test
  void aTrainingThatBreaksDownNamesItsLastGoodCheckpoint() {
    TrainingConfiguration configuration = tiny("optimizer.learningRate=1e30", "optimizer.warmUp=0", "run.checkpointEvery=1");
    assertThatThrownBy(() -> train(configuration, folder.resolve("run"), null, 1, -1))
        .isInstanceOf(DivergedException.class).hasMessageContaining("step-00000001.safetensors").hasMessageNotContaining("\n");
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    assertThatThrownBy(() -> train(tiny("diffusion.classes=3"), folder.resolve("run"), null, 1, -1))
        .hasMessage("diffusion.classes is 3, but the data have 2 classes");
    assertThatThrownBy(() -> train(tiny("data.height=16", "data.width=16"), folder.resolve("run"), null, 1, -1))
        .hasMessageContaining("the configuration wants 1 of 16x16");
    Path checkpoint = train(tiny(), folder.resolve("run"), null, 1, 1).checkpoint();
    assertThatThrownBy(() -> train(tiny(), folder.resolve("run"), null, 1, -1)).hasMessageContaining("holds a training already");
    assertThatThrownBy(() -> Trainer.resumed(checkpoint, List.of("network.width=64")))
        .hasMessageContaining("only optimizer and run settings can be changed");
    assertThat(Trainer.resumed(checkpoint, List.of("optimizer.steps=9")).optimizer().steps()).isEqualTo(9);
  }

  private Trainer.Outcome resume(Path checkpoint, Path run) throws IOException {
    return train(Trainer.resumed(checkpoint, List.of()), run, checkpoint, 1, -1);
  }

  @Test
  void aDamagedLogStopsNoTraining() throws IOException {
    Path run = folder.resolve("run");
    Path checkpoint = train(tiny(), run, null, 1, 2).checkpoint();
    String before = Files.readString(run.resolve("log.jsonl"));
    byte[] junk = "{\"step\":1e9999}\n[[[\n{\"step\":1".getBytes(StandardCharsets.UTF_8);
    junk[0] = (byte) 0xFF; // no UTF-8
    Files.write(run.resolve("log.jsonl"), junk, StandardOpenOption.APPEND);
    try (ModelFile file = ModelFile.open(checkpoint)) {
      assertThat(TrainingSummary.of(file).seconds()).isPositive();
    }
    resume(checkpoint, run);
    assertThat(Files.readString(run.resolve("log.jsonl"))).startsWith(before);
    assertThat(steps(run)).containsExactly(2L, 4L, 6L);
  }

  @Test
  void aDirectoryHasOneTraining() throws IOException {
    Path mine = folder.resolve("mine");
    Path checkpoint = train(tiny(), mine, null, 1, 2).checkpoint();
    Path other = train(tiny("run.seed=9"), folder.resolve("other"), null, 1, 1).checkpoint();
    assertThatThrownBy(() -> resume(other, mine)).hasMessageContaining("holds another training");
    assertThat(checkpoint).exists();
    try (RunLock _ = new RunLock(mine)) {
      assertThatThrownBy(() -> resume(checkpoint, mine)).isInstanceOf(IOException.class)
          .hasMessageContaining("another training is going on in " + mine);
    }
    assertThat(resume(checkpoint, mine).complete()).isTrue();
    assertThat(resume(other, folder.resolve("branch")).complete()).isTrue();
  }

  @Test
  void aTrainingGoesOnWithTheDataThatItBeganWith() throws IOException {
    Path run = folder.resolve("run");
    Path checkpoint = train(tiny(), run, null, 1, 2).checkpoint();
    try (Device device = new JvmDevice(1)) {
      assertThatThrownBy(() -> Trainer.train(Trainer.resumed(checkpoint, List.of()), ImageChoice.evenly(IMAGES, 3), run,
          checkpoint, device, (step, of, loss) -> true)).hasMessageContaining("the pictures are not those of");
    }
    assertThat(resume(checkpoint, run).complete()).isTrue();
  }
}
