package org.rgflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.rgflow.io.NpyArray;

/** Trainings and samplers as processes that are interrupted and killed. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class ImagesProcessTest {
  private static final int STEPS = 60;

  @TempDir
  private Path folder;

  @BeforeEach
  void drawPictures() throws IOException {
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    for (int i = 0; i < 12; i++) {
      BufferedImage picture = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
      for (int at = 0; at < 64; at++) {
        picture.getRaster().setSample(at % 8, at / 8, 0, at % 8 < 4 ? 20 : 120 + 10 * i);
      }
      ImageIO.write(picture, "png", pictures.resolve(i + ".png").toFile());
    }
  }

  /** A network of 4 MB, so that a checkpoint of 16 MB after every step takes a good part of the time. */
  private String[] training(Path run, int steps) {
    List<String> all = new ArrayList<>(List.of("images", "train", "--preset", "fddm-fashion-mnist", "--data",
        folder.resolve("pictures").toString(), "--out", run.toString(), "--batch-size", "8", "--width", "96", "--steps",
        Integer.toString(steps), "--seed", "5", "--quiet"));
    for (String set : new String[] {"data.height=8", "data.width=8", "diffusion.patch=2", "diffusion.steps=50",
      "network.multipliers=1", "network.blocks=1", "network.attentionLevels=", "run.sampleEvery=7", "run.logEvery=5",
      "run.checkpointEvery=1"}) {
      all.addAll(List.of("--set", set));
    }
    return all.toArray(String[]::new);
  }

  private String[] resuming(Path run) {
    return new String[] {"images", "train", "--data", folder.resolve("pictures").toString(), "--out", run.toString(),
      "--resume", "latest", "--quiet"};
  }

  private static List<String> names(Path directory, String pattern) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).filter(name -> name.matches(pattern)).sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Looks often, for what is there for some milliseconds only. */
  private static void await(Process process, BooleanSupplier condition) throws InterruptedException {
    long began = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(process.isAlive()).isTrue();
      assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(90));
      Thread.onSpinWait();
    }
  }

  @Test
  void aTrainingThatWasKilledAndInterruptedIsTheOneThatWasNot() throws Exception {
    Path whole = folder.resolve("whole");
    assertThat(Console.run(training(whole, STEPS)).status()).isZero();
    Path run = folder.resolve("run");
    Path checkpoints = run.resolve("checkpoints");
    RgflowProcess rgflow = new RgflowProcess(folder);

    // Killed in the middle of a checkpoint.
    Process killed = rgflow.of(training(run, STEPS)).start();
    await(killed, () -> !names(checkpoints, "step-.*").isEmpty() && !names(checkpoints, "\\.step.*tmp").isEmpty());
    killed.destroyForcibly().waitFor();
    List<String> sound = names(checkpoints, "step-\\d+\\.safetensors");
    assertThat(sound).isNotEmpty().doesNotContain("step-%08d.safetensors".formatted(STEPS));
    // Should the kill have come a moment too late, there is such a leftover all the same.
    Files.write(checkpoints.resolve("." + sound.getLast() + ".1-1.tmp"), new byte[100]);

    // Interrupted in the middle of a step.
    Process interrupted = rgflow.of(resuming(run)).start();
    await(interrupted, () -> !names(checkpoints, "step-\\d+\\.safetensors").getLast().equals(sound.getLast()));
    assertThat(names(checkpoints, "\\.step.*\\.1-1\\.tmp")).isEmpty();
    interrupted.destroy();
    assertThat(RgflowProcess.end(interrupted)).isEqualTo(2);
    assertThat(rgflow.errors()).hasSizeBetween(1, 2); // on a slow machine it says that the step is waited for
    assertThat(rgflow.errors().getLast())
        .matches("rgflow: interrupted; \\d+ of 60 steps kept in .*step-000000\\d\\d.safetensors; resume with --resume latest");
    assertThat(names(checkpoints, ".*tmp")).isEmpty();
    assertThat(checkpoints.resolve("step-%08d.safetensors".formatted(STEPS))).doesNotExist();

    assertThat(Console.run(resuming(run)).err()).isEmpty();
    for (String name : List.of("checkpoints/step-%08d.safetensors".formatted(STEPS), "samples/step-00000056.png")) {
      assertThat(Files.readAllBytes(run.resolve(name))).as(name).isEqualTo(Files.readAllBytes(whole.resolve(name)));
    }
  }

  @Test
  @Tag("heavy")
  void anInterruptKeepsThePicturesThatAreDrawn() throws Exception {
    Path run = folder.resolve("run");
    assertThat(Console.run(training(run, 2)).status()).isZero();
    RgflowProcess rgflow = new RgflowProcess(folder);
    Path many = folder.resolve("many.npz");
    Process process = rgflow.of("images", "sample", "--model", run.toString(), "--count", "1000000", "--steps", "2", "--seed",
        "9", "--batch-size", "4", "--quiet", "--out", many.toString()).start();
    Thread.sleep(10_000); // enough for the first batch on a busy machine
    process.destroy();
    assertThat(RgflowProcess.end(process)).isEqualTo(2);
    assertThat(rgflow.errors()).hasSize(1);
    assertThat(rgflow.errors().getFirst())
        .matches("rgflow: interrupted; \\d+ of 1000000 pictures of seed 9 kept in .*many.npz");
    try (ZipFile zip = new ZipFile(many.toFile()); InputStream in = zip.getInputStream(zip.getEntry("images.npy"))) {
      assertThat(NpyArray.read(in).shape()).endsWith(8, 8, 1);
    }
  }
}
