package org.rgflow.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.io.NpyArray;

class ImagesCommandsTest {
  @TempDir
  private Path folder;

  /** Eight pictures of 8×8, dark on the left and bright on the right. */
  @BeforeEach
  void drawPictures() throws IOException {
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    for (int i = 0; i < 8; i++) {
      BufferedImage picture = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
      for (int at = 0; at < 64; at++) {
        int level = at % 8 < 4 ? 20 : 180 + 8 * i;
        picture.getRaster().setSample(at % 8, at / 8, 0, level);
      }
      ImageIO.write(picture, "png", pictures.resolve(i + ".png").toFile());
    }
  }

  private Console train(String run, String... more) {
    List<String> all = new ArrayList<>(List.of("images", "train", "--preset", "fddm-fashion-mnist", "--data",
        folder.resolve("pictures").toString(), "--out", folder.resolve(run).toString(), "--batch-size", "8", "--width", "64",
        "--seed", "5", "--quiet"));
    for (String set : new String[] {"data.height=8", "data.width=8", "data.flip=never", "diffusion.patch=2",
      "diffusion.steps=50", "network.multipliers=1", "network.blocks=1", "network.attentionLevels=", "optimizer.warmUp=0",
      "diffusion.schedule=cosine", "optimizer.learningRate=2e-3", "optimizer.averageDecay=0.9", "run.sampleEvery=0"}) {
      all.addAll(List.of("--set", set));
    }
    all.addAll(List.of(more));
    return Console.run(all.toArray(String[]::new));
  }

  private Console sample(String out, String... more) {
    List<String> all = new ArrayList<>(List.of("images", "sample", "--model",
        folder.resolve("run/checkpoints/step-00000100.safetensors").toString(), "--count", "6", "--steps", "10", "--seed", "2",
        "--quiet", "--out", folder.resolve(out).toString()));
    all.addAll(List.of(more));
    return Console.run(all.toArray(String[]::new));
  }

  @Test
  void trainsAndDrawsPicturesLikeTheData() throws IOException {
    Console trained = train("run", "--steps", "100", "--format", "json");
    assertThat(trained.err()).isEmpty();
    assertThat(trained.status()).isZero();
    JsonObject json = trained.json();
    assertThat(json.keySet()).containsExactly("step", "loss", "imagesPerSecond", "checkpoint", "device");
    assertThat(json.get("step").getAsLong()).isEqualTo(100);
    assertThat(Files.readString(folder.resolve("run/configuration.json"))).contains("\"patch\": 2");

    Console drawn = sample("s.npz", "--format", "json");
    assertThat(drawn.err()).isEmpty();
    assertThat(drawn.status()).isZero();
    assertThat(drawn.json().keySet()).contains("count", "seed", "seconds", "picturesPerSecond", "out");
    byte[] bytes;
    try (ZipFile zip = new ZipFile(folder.resolve("s.npz").toFile());
        InputStream in = zip.getInputStream(zip.getEntry("images.npy"))) {
      NpyArray images = NpyArray.read(in);
      assertThat(images.shape()).containsExactly(6, 8, 8, 1);
      bytes = images.bytes();
    }
    double left = 0;
    double right = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (i % 8 < 4) {
        left += (bytes[i] & 255) / 192.0;
      } else {
        right += (bytes[i] & 255) / 192.0;
      }
    }
    assertThat(left).isCloseTo(20, within(25.0));
    assertThat(right).isCloseTo(208, within(25.0));

    assertThat(sample("s.png").status()).isZero();
    assertThat(ImageIO.read(folder.resolve("s.png").toFile()).getWidth()).isEqualTo(2 + 3 * (16 + 2));
    assertThat(sample("ancestral", "--sampler", "ancestral", "--batch-size", "4").status()).isZero();
    try (var files = Files.list(folder.resolve("ancestral"))) {
      assertThat(files.map(path -> path.getFileName().toString()).sorted()).hasSize(6).startsWith("000000.png");
    }
    Console classes = sample("t.png", "--class", "trouser");
    assertThat(classes.status()).isEqualTo(2);
    assertThat(classes.err()).isEqualTo("rgflow: --class needs a model that was trained with labels, and this one was not\n");
    assertThat(sample("t.png", "--sampler", "dmp").err()).contains("did you mean 'dpm'?").hasLineCount(1);
    assertThat(sample("t.png", "--sampler", "dpm", "--eta", "1").err()).contains("--eta belongs to --sampler sde and ddim")
        .hasLineCount(1);
    assertThat(sample("t.png", "--guidance", "2").err()).contains("guidance needs a model").hasLineCount(1);
  }

  private Console evaluate(String... more) {
    List<String> all = new ArrayList<>(List.of("images", "evaluate", "--data", folder.resolve("many").toString(), "--cache",
        folder.resolve("cache").toString(), "--quiet"));
    all.addAll(List.of(more));
    return Console.run(all.toArray(String[]::new));
  }

  @Test
  void judgesAModelAndPictures() throws IOException {
    Path many = Files.createDirectory(folder.resolve("many"));
    for (int i = 0; i < 24; i++) {
      Files.copy(folder.resolve("pictures").resolve(i % 8 + ".png"), many.resolve(i + ".png"));
    }
    assertThat(train("run", "--steps", "100").status()).isZero();
    String model = folder.resolve("run").toString();
    String[] drawing = {"--model", model, "--count", "6", "--steps", "5", "--seed", "2"};
    List<String> arguments = new ArrayList<>(List.of(drawing));
    arguments.addAll(List.of("--format", "json", "--neighbours", folder.resolve("n.png").toString(), "--spectrum",
        folder.resolve("p.png").toString()));
    Console judged = evaluate(arguments.toArray(String[]::new));
    assertThat(judged.err()).isEmpty();
    assertThat(judged.status()).isZero();
    JsonObject json = judged.json();
    assertThat(json.keySet()).contains("model", "seed", "sampler", "steps", "guidance", "data", "count", "trainingCount",
        "testCount", "testOrigin", "figures", "spectrumBands", "spectrum", "device", "seconds");
    assertThat(json.get("trainingCount").getAsInt()).isEqualTo(18);
    assertThat(json.get("testOrigin").getAsString()).isEqualTo("set-aside");
    assertThat(json.getAsJsonObject("figures").keySet()).containsExactly(
        "dctFrechet", "dctPatchFrechet", "spectrumDistance", "pixelPrecision", "pixelRecall", "nearestTraining");
    // Six columns of 16 pixels.
    assertThat(ImageIO.read(folder.resolve("n.png").toFile()).getWidth()).isEqualTo(4 + 6 * (16 + 4));
    assertThat(ImageIO.read(folder.resolve("p.png").toFile()).getWidth()).isGreaterThan(500);

    // The same pictures from a folder give the same figures.
    Console drawn = Console.run("images", "sample", "--model", model, "--count", "6", "--steps", "5", "--seed", "2", "--quiet",
        "--out", folder.resolve("drawn").toString());
    assertThat(drawn.status()).isZero();
    JsonObject again = evaluate("--samples", folder.resolve("drawn").toString(), "--format", "json", "--threads", "1").json();
    assertThat(again.get("figures")).isEqualTo(json.get("figures"));
    assertThat(evaluate(drawing).out()).contains("recall, pixels").contains("set aside").contains("power at wave number 2 to 3")
        .contains("no figures of a classifier: the data have no labels");

    for (String[] wrong : new String[][] {
      {"--model", model, "--count", "20"}, {"--model", model, "--samples", "x"}, {},
      {"--samples", folder.resolve("drawn").toString(), "--count", "7"}, {"--model", model, "--crop", "papr"},
      {"--samples", folder.resolve("run").toString()}, {"--samples", "x", "--inception", "missing.onnx"}
    }) {
      Console refused = evaluate(wrong);
      assertThat(refused.status()).isEqualTo(2);
      assertThat(refused.err()).startsWith("rgflow: ").hasLineCount(1).containsAnyOf("use --count 12", "do not go together",
          "is missing", "fewer than --count 7", "did you mean 'paper'?", "there is no picture in", "cannot read missing.onnx: there is no such file");
    }
    Path network = Files.write(folder.resolve("i.onnx"), new byte[] {1, 2});
    // A cache that cannot be read costs a warning, not the result.
    try (var entries = Files.list(folder.resolve("cache"))) {
      Files.write(entries.filter(entry -> entry.getFileName().toString().startsWith("spectral")).findFirst().orElseThrow(),
          new byte[] {1, 2});
    }
    Console damaged = evaluate("--samples", folder.resolve("drawn").toString(), "--format", "json");
    assertThat(damaged.json().get("figures")).isEqualTo(json.get("figures"));
    assertThat(damaged.err()).startsWith("rgflow: warning: statistics are computed anew: ").hasLineCount(1);
    // The standard build says how to get the library, a build with it that this is no network.
    assertThat(evaluate("--samples", folder.resolve("drawn").toString(), "--inception", network.toString()).err())
        .hasLineCount(1).containsAnyOf("mvn -Ponnx", "cannot use the network");
  }

  @Test
  void resumesWithTheLastCheckpointAndItsConfiguration() throws IOException {
    assertThat(train("run", "--steps", "4", "--set", "run.checkpointEvery=2").status()).isZero();
    Files.delete(folder.resolve("run/checkpoints/step-00000004.safetensors"));
    byte[] before = Files.readAllBytes(folder.resolve("run/checkpoints/step-00000002.safetensors"));
    Console resumed = Console.run("images", "train", "--data", folder.resolve("pictures").toString(), "--out",
        folder.resolve("run").toString(), "--resume", "latest", "--quiet");
    assertThat(resumed.err()).isEmpty();
    assertThat(resumed.status()).isZero();
    assertThat(folder.resolve("run/checkpoints/step-00000004.safetensors")).exists();
    assertThat(Files.readAllBytes(folder.resolve("run/checkpoints/step-00000002.safetensors"))).isEqualTo(before);
    assertThat(train("run").err()).contains("holds a training already").hasLineCount(1);
    Console diverged = train("bad", "--steps", "9", "--set", "optimizer.learningRate=1e30");
    assertThat(diverged.status()).isEqualTo(2);
    assertThat(diverged.err()).contains("broke down at step").hasLineCount(1);
  }

  @Test
  void theDryRunHasTheConfigurationAndTheCounts() throws IOException {
    JsonObject json = train("run", "--dry-run", "--format", "json").json();
    assertThat(json.keySet()).containsExactly("configuration", "parameters", "multiplyAccumulatesPerImage", "bytes", "samplingBytes");
    assertThat(json.getAsJsonObject("configuration").getAsJsonObject("network").get("width").getAsInt()).isEqualTo(64);
    assertThat(train("run", "--dry-run").out()).contains("diffusion.schedule               cosine").contains("parameters");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  /** The folders that the XDG specification, Apple and Microsoft name. */
  @Test
  void cachesAreWhereTheSystemKeepsThem() {
    Path home = folder;
    assertThat(CacheOptions.caches("Linux", home, null, null)).isEqualTo(home.resolve(".cache"));
    assertThat(CacheOptions.caches("Linux", home, folder.resolve("x").toString(), null)).isEqualTo(folder.resolve("x"));
    assertThat(CacheOptions.caches("Linux", home, "relative", null)).isEqualTo(home.resolve(".cache"));
    assertThat(CacheOptions.caches("Mac OS X", home, null, null)).isEqualTo(home.resolve("Library/Caches"));
    assertThat(CacheOptions.caches("Windows 11", home, null, folder.resolve("y").toString())).isEqualTo(folder.resolve("y"));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "images | what to do is missing: train, sample, evaluate, inspect",
    "images train --preset fddm-fashion-mnst | unknown preset 'fddm-fashion-mnst'; did you mean 'fddm-fashion-mnist'?",
    "images train | --data is missing",
    "images train --data missing.zip | --out is missing",
    "images train --data missing.zip --out run | missing.zip",
    "images train --data missing.zip --out run --width 33 | choose a multiple of 32",
    "images train --data missing.zip --out run --set learningRate=1 | did you mean 'optimizer.learningRate'?",
    "images train --data missing.zip --resume latest | --resume goes on with the run in --out",
    "images train --data missing.zip --out missing --resume latest | there is no checkpoint in missing",
    "images sample --model missing.safetensors --out s.png | missing.safetensors",
    "images sample --model bundled:nothing --out s.png | nothing",
    "images sample --model fashion-mnist --out s.png | there is no such file; the model that comes with the program is bundled:",
    "images sample --model bundled:fashion-mnist --outt s.png | unknown option '--outt'; did you mean '--out'?",
    "images train --data missing.zip --out run --preset rgflow-fashion-mnist --width 32 --batch-size 10000000 | needs",
    "images sample --out s.png | --model is missing: a checkpoint, an exported model",
    "images sample --model missing.safetensors --out s.png --count 0 | --count 0: must be at least 1"
  })
  void badInputIsOneLineAndExitCodeTwo(String arguments, String message) {
    Console console = Console.run(arguments.strip().split(" +"));
    assertThat(console.err()).contains(message).startsWith("rgflow: ").hasLineCount(1);
    assertThat(console.err()).doesNotContain("Exception");
    assertThat(console.status()).isEqualTo(2);
  }
}
