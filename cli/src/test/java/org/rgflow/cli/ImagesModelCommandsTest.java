package org.rgflow.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.io.NpyArray;

/** What is done with a model once it is trained. The model is a small one of two classes: bright left, bright above. */
class ImagesModelCommandsTest {
  @TempDir
  private static Path data;

  @TempDir
  private Path folder;

  @BeforeAll
  static void train() throws IOException {
    for (int i = 0; i < 16; i++) {
      BufferedImage picture = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
      for (int at = 0; at < 64; at++) {
        picture.getRaster().setSample(at % 8, at / 8, 0, (i % 2 == 0 ? at % 8 : at / 8) < 4 ? 180 + 4 * i : 20);
      }
      Path file = data.resolve("pictures").resolve(i % 2 == 0 ? "left" : "above").resolve(i + ".png");
      Files.createDirectories(file.getParent());
      ImageIO.write(picture, "png", file.toFile());
    }
    List<String> all = new ArrayList<>(List.of("images", "train", "--preset", "fddm-fashion-mnist", "--data",
        data.resolve("pictures").toString(), "--out", run(), "--batch-size", "16", "--width", "32", "--steps", "60",
        "--quiet"));
    for (String set : new String[] {"data.height=8", "data.width=8", "data.flip=never", "diffusion.patch=2",
      "diffusion.steps=50", "diffusion.classes=2", "network.multipliers=1", "network.blocks=1", "network.attentionLevels=",
      "optimizer.warmUp=0", "optimizer.learningRate=2e-3", "optimizer.averageDecay=0.9", "run.sampleEvery=0",
      "run.logEvery=20"}) {
      all.addAll(List.of("--set", set));
    }
    Console trained = Console.run(all.toArray(String[]::new));
    assertThat(trained.err()).isEmpty();
  }

  private static String run() {
    return data.resolve("run").toString();
  }

  private Console images(String command, String... more) {
    return Console.run(Stream.concat(Stream.of("images", command), Stream.of(more)).toArray(String[]::new));
  }

  private Console sample(String out, String... more) {
    return images("sample", Stream.concat(Stream.of("--steps", "8", "--quiet", "--out", folder.resolve(out).toString()),
        Stream.of(more)).toArray(String[]::new));
  }

  private byte[] array(String out, String... more) throws IOException {
    Console console = sample(out, more);
    assertThat(console.err()).isEmpty();
    try (ZipFile zip = new ZipFile(folder.resolve(out).toFile());
        InputStream in = zip.getInputStream(zip.getEntry("images.npy"))) {
      return NpyArray.read(in).bytes();
    }
  }

  private BufferedImage picture(String out) throws IOException {
    return ImageIO.read(folder.resolve(out).toFile());
  }

  @Test
  void anExportedModelDrawsTheSamePicturesInAnEighthOfTheSpace() throws IOException {
    Path model = folder.resolve("m.safetensors");
    Path card = folder.resolve("m.md");
    Console exported = images("export", "--model", run(), "--out", model.toString(), "--card", card.toString(), "--format",
        "json");
    assertThat(exported.err()).isEmpty();
    JsonObject json = exported.json();
    assertThat(json.keySet()).containsExactly("out", "bytes", "originalBytes", "precision", "step", "relativeError",
        "worstError", "worstTensor", "becameZero", "card");
    assertThat(json.get("bytes").getAsLong()).isEqualTo(Files.size(model)).isLessThan(json.get("originalBytes").getAsLong() / 4);
    assertThat(json.get("step").getAsLong()).isEqualTo(60);
    assertThat(Files.readString(card)).contains("# m\n").contains("--model m.safetensors").contains("| steps | 60 of 60 |")
        .contains("| images seen | 960 |").contains("Classes: above, left.").contains("--width 32 ")
        .contains("time of the steps").contains("loss, mean of the last 60 steps");

    byte[] exact = array("exact.npz", "--model", run(), "--count", "6", "--seed", "3");
    byte[] half = array("half.npz", "--model", model.toString(), "--count", "6", "--seed", "3");
    assertThat(half).hasSameSizeAs(exact);
    for (int i = 0; i < exact.length; i++) {
      assertThat(Math.abs((half[i] & 255) - (exact[i] & 255))).isLessThanOrEqualTo(1);
    }

    Path evaluation = folder.resolve("e.json");
    Console evaluated = images("evaluate", "--samples", folder.resolve("exact.npz").toString(), "--data",
        data.resolve("pictures").toString(), "--quiet", "--format", "json", "--cache", folder.resolve("cache").toString());
    assertThat(evaluated.status()).as(evaluated.err()).isZero();
    Files.writeString(evaluation, evaluated.out());
    assertThat(images("export", "--model", run(), "--out", model.toString(), "--card", card.toString(), "--evaluation",
        evaluation.toString(), "--overwrite").err()).isEmpty();
    assertThat(Files.readString(card)).contains("## Quality").contains("6 generated pictures against")
        .containsPattern("\\| distance to the nearest training picture \\| \\d").doesNotContain("| nearestTraining |");

    byte[] before = Files.readAllBytes(model);
    Console again = images("export", "--model", run(), "--out", model.toString());
    assertThat(again.status()).isEqualTo(2);
    assertThat(again.err()).contains("exists already").contains("--overwrite").hasLineCount(1);
    assertThat(Files.readAllBytes(model)).isEqualTo(before);
    assertThat(images("export", "--model", run(), "--out", model.toString(), "--overwrite", "--precision", "single").out())
        .contains("single precision, 60 steps").contains("by 0.0 of their norm");
    assertThat(Files.size(model)).isGreaterThan(before.length);
  }

  @Test
  void aRunKeepsItsCheckpoints() throws IOException {
    Path copy = folder.resolve("run");
    Path checkpoint = Path.of("checkpoints/step-00000060.safetensors");
    Files.createDirectories(copy.resolve("checkpoints"));
    Files.copy(Path.of(run()).resolve(checkpoint), copy.resolve(checkpoint));
    byte[] before = Files.readAllBytes(copy.resolve(checkpoint));
    Console itself =
        images("export", "--model", copy.toString(), "--out", copy.resolve(checkpoint).toString(), "--overwrite");
    assertThat(itself.status()).isEqualTo(2);
    assertThat(itself.err()).contains("is the model itself; choose another name").hasLineCount(1);
    assertThat(Files.readAllBytes(copy.resolve(checkpoint))).isEqualTo(before);
    Path later = copy.resolve("checkpoints/step-00000099.safetensors");
    Console among = images("export", "--model", copy.toString(), "--out", later.toString());
    assertThat(among.status()).isEqualTo(2);
    assertThat(among.err()).contains("is where a training keeps its checkpoints; choose another name").hasLineCount(1);
    assertThat(later).doesNotExist();

    assertThat(images("export", "--model", copy.toString(), "--out", folder.resolve("m.safetensors").toString()).err())
        .isEmpty();
    Files.move(folder.resolve("m.safetensors"), later);
    Console drawn = sample("s.png", "--model", copy.toString(), "--count", "1", "--seed", "1");
    assertThat(drawn.status()).isZero();
    assertThat(drawn.err()).isEqualTo("rgflow: passed over: " + later + " is an exported model, not a checkpoint\n");
  }

  @Test
  void diffuseSaysAtOnceWhatItCannotDraw() {
    Console more = images("diffuse", "--data", data.resolve("pictures").toString(), "--size", "8", "--count", "17", "--out",
        folder.resolve("d.png").toString());
    assertThat(more.status()).isEqualTo(2);
    assertThat(more.err()).contains("--count 17: ").contains("pictures holds 16 pictures").hasLineCount(1);
    Console large = images("diffuse", "--data", data.resolve("pictures").toString(), "--size", "4096", "--patch", "4096",
        "--count", "8", "--out", folder.resolve("d.png").toString());
    assertThat(large.status()).isEqualTo(2);
    assertThat(large.err()).contains("pixels is too large").hasLineCount(1);
    assertThat(large.out()).isEmpty();
    assertThat(folder.resolve("d.png")).doesNotExist();
  }

  /** A program that brings a model along: the same jars with one more folder before them. */
  @Test
  void aBundledModelIsDrawnFromByItsName() throws Exception {
    Path bundle = Files.createDirectories(folder.resolve("more/org/rgflow/model/bundled"));
    Files.writeString(bundle.resolve("index"), "stripes\n");
    assertThat(images("export", "--model", run(), "--out", bundle.resolve("stripes.safetensors").toString()).status()).isZero();
    byte[] expected = array("file.npz", "--model", bundle.resolve("stripes.safetensors").toString(), "--count", "3", "--seed", "5");
    assertThat(bundledSample("bundled:stripes", "--out", folder.resolve("bundled.npz").toString(), "--count", "3", "--seed", "5",
        "--steps", "8")).contains("3 pictures, seed 5");
    assertThat(Files.readAllBytes(folder.resolve("bundled.npz"))).isEqualTo(Files.readAllBytes(folder.resolve("file.npz")));
    assertThat(expected).hasSize(3 * 64);
    assertThat(bundledSample("bundled:stipes", "--out", folder.resolve("x.npz").toString()))
        .contains("rgflow: unknown bundled model 'stipes'; did you mean 'stripes'? (known: stripes)");
    assertThat(bundledSample("", "--out", folder.resolve("x.npz").toString())).contains("bundled:stripes");
  }

  private String bundledSample(String model, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("images", "sample"));
    arguments.addAll(model.isEmpty() ? List.of() : List.of("--model", model));
    arguments.addAll(List.of(more));
    RgflowProcess.end(new RgflowProcess(folder)
        .of(folder.resolve("more") + File.pathSeparator + System.getProperty("java.class.path"), arguments)
        .redirectErrorStream(true).start());
    return new RgflowProcess(folder).out();
  }

  @Test
  void aPictureDoesNotDependOnTheBatch() throws IOException {
    byte[] together = array("a.npz", "--model", run(), "--count", "5", "--seed", "3", "--guidance", "2");
    assertThat(array("b.npz", "--model", run(), "--count", "5", "--seed", "3", "--guidance", "2", "--batch-size", "2",
        "--threads", "1")).isEqualTo(together);
    assertThat(array("c.npz", "--model", run(), "--count", "2", "--seed", "3", "--guidance", "2"))
        .isEqualTo(Arrays.copyOf(together, 128));
    assertThat(images("sample", "--model", run(), "--steps", "51", "--out", folder.resolve("x.npz").toString()).err())
        .contains("a schedule of 50 steps cannot be sampled in 51").hasLineCount(1);
    assertThat(array("d.npz", "--model", run(), "--count", "5", "--seed", "4", "--guidance", "2")).isNotEqualTo(together);
  }

  @Test
  void picturesBetweenTwoSeedsBeginAndEndWithTheirs() throws IOException {
    byte[] first = array("a.npz", "--model", run(), "--count", "1", "--seed", "11", "--class", "left", "--sampler", "dpm");
    byte[] last = array("b.npz", "--model", run(), "--count", "1", "--seed", "-7", "--class", "left", "--sampler", "dpm");
    byte[] way = array("w.npz", "--model", run(), "--interpolate", "11,-7", "--class", "left", "--count", "5", "--batch-size", "2");
    assertThat(way).hasSize(5 * 64);
    assertThat(Arrays.copyOf(way, 64)).isEqualTo(first);
    assertThat(Arrays.copyOfRange(way, 4 * 64, 5 * 64)).isEqualTo(last);
    Console grid = sample("w.png", "--model", run(), "--interpolate", "11,-7", "--rows", "2", "--count", "3", "--format", "json");
    assertThat(grid.json().get("count").getAsInt()).isEqualTo(6);
    assertThat(grid.json().getAsJsonArray("interpolate").get(1).getAsLong()).isEqualTo(-7);
    assertThat(picture("w.png").getWidth()).isEqualTo(2 + 3 * 18);
    assertThat(picture("w.png").getHeight()).isEqualTo(2 + 2 * 18);
  }

  @Test
  void onlyWhatTheMaskMarksIsPainted() throws IOException {
    Path known = data.resolve("pictures/left/4.png");
    byte[] byRectangle = array("r.npz", "--model", run(), "--inpaint", known.toString(), "--mask", "0,4,8,4", "--count", "2",
        "--seed", "1");
    for (int i = 0; i < 128; i++) {
      if (i % 64 < 32) {
        assertThat(byRectangle[i] & 255).isEqualTo(i % 8 < 4 ? 196 : 20);
      }
    }
    assertThat(Arrays.copyOfRange(byRectangle, 32, 64)).isNotEqualTo(Arrays.copyOfRange(byRectangle, 96, 128));
    BufferedImage mask = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
    for (int at = 32; at < 64; at++) {
      mask.getRaster().setSample(at % 8, at / 8, 0, 255);
    }
    ImageIO.write(mask, "png", folder.resolve("mask.png").toFile());
    assertThat(array("m.npz", "--model", run(), "--inpaint", known.toString(), "--mask", folder.resolve("mask.png").toString(),
        "--count", "2", "--seed", "1")).isEqualTo(byRectangle);
    ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY), "png", folder.resolve("black.png").toFile());
    assertThat(sample("x.npz", "--model", run(), "--inpaint", known.toString(), "--mask", folder.resolve("black.png").toString())
        .err()).contains("marks nothing to paint").hasLineCount(1);
    assertThat(sample("x.npz", "--model", run(), "--inpaint", known.toString(), "--mask", "4,4,5,4").err())
        .contains("leaves the model's pictures of 8x8").hasLineCount(1);
  }

  @Test
  void theTrajectoryShowsPicturesAndModes() throws IOException {
    Console drawn = sample("s.png", "--model", run(), "--count", "3", "--trajectory", folder.resolve("t.png").toString());
    assertThat(drawn.err()).isEmpty();
    assertThat(drawn.out()).contains("s.png, ").contains("t.png");
    // Eight stages of 8 pixels, twelvefold; x_t, x_0 and the modes of both, each with a label of 7 pixels.
    assertThat(picture("t.png").getWidth()).isEqualTo(2 + 8 * (8 * 12 + 2));
    assertThat(picture("t.png").getHeight()).isEqualTo(2 + 4 * ((8 + 7) * 12 + 2));
  }

  @Test
  void foldersOfOtherPicturesAreLeftAlone() throws IOException {
    assertThat(sample("many", "--model", run(), "--count", "5").status()).isZero();
    assertThat(sample("many", "--model", run(), "--count", "5").status()).isZero();
    Console fewer = sample("many", "--model", run(), "--count", "4");
    assertThat(fewer.status()).isEqualTo(2);
    assertThat(fewer.err()).contains("000004.png").contains("choose another").hasLineCount(1);
  }

  @Test
  void inspectTellsWhatTheFileHolds() throws IOException {
    JsonObject json = images("inspect", "--model", run(), "--format", "json").json();
    assertThat(json.keySet()).containsExactly("model", "kind", "bytes", "parameters", "multiplyAccumulatesPerImage", "step",
        "images", "seed", "seconds", "loss", "lossSteps", "lossHistory", "classes", "configuration", "schedule", "statistics",
        "tensors");
    assertThat(json.get("kind").getAsString()).isEqualTo("checkpoint");
    assertThat(json.getAsJsonArray("lossHistory")).hasSize(60);
    assertThat(json.getAsJsonArray("classes").toString()).isEqualTo("[\"above\",\"left\"]");
    JsonArray tensors = json.getAsJsonArray("tensors");
    long parameters = 0;
    for (var tensor : tensors) {
      JsonObject entry = tensor.getAsJsonObject();
      if (entry.get("name").getAsString().startsWith("ema.")) {
        long elements = 1;
        for (var extent : entry.getAsJsonArray("shape")) {
          elements *= extent.getAsInt();
        }
        parameters += elements;
      }
    }
    assertThat(json.get("parameters").getAsLong()).isEqualTo(parameters);
    assertThat(json.getAsJsonObject("statistics").getAsJsonArray("deviation")).hasSize(4);
    Console text = images("inspect", "--model", run());
    assertThat(text.err()).isEmpty();
    assertThat(text.out()).contains("step 60 of 60, 960 images seen").contains("network.width                    32")
        .contains("up to step 60").containsPattern("ema\\.\\S+ +F32 +").doesNotContain("adam.");
    images("export", "--model", run(), "--out", folder.resolve("m.safetensors").toString());
    assertThat(images("inspect", "--model", folder.resolve("m.safetensors").toString()).out())
        .contains("exported model of").contains("F16").contains("mean of the last 60 steps");
  }

  @Test
  void diffuseDrawsEverySchedule() throws IOException {
    Path picture = data.resolve("pictures/left/4.png");
    Console drawn = images("diffuse", "--image", picture.toString(), "--size", "8", "--patch", "2", "--frames", "4", "--schedule",
        "fermi,equal-snr", "--out", folder.resolve("d.png").toString(), "--format", "json");
    assertThat(drawn.err()).isEmpty();
    JsonArray schedules = drawn.json().getAsJsonArray("schedules");
    assertThat(schedules).hasSize(2);
    JsonArray times = schedules.get(1).getAsJsonObject().getAsJsonArray("times");
    assertThat(times).hasSize(4);
    JsonArray logSnr = times.get(3).getAsJsonObject().getAsJsonArray("logSnr");
    assertThat(logSnr).hasSize(4);
    assertThat(logSnr.get(0).getAsDouble() - logSnr.get(3).getAsDouble()).isBetween(-1e-9, 1e-9);
    // Sevenfold, then doubled: five columns; for each schedule the picture, its modes and the signal.
    assertThat(picture("d.png").getWidth()).isEqualTo(4 + 5 * (56 * 2 + 4));
    assertThat(picture("d.png").getHeight()).isEqualTo(4 + 6 * ((56 + 7) * 2 + 4));
    assertThat(images("diffuse", "--grey", "--frames", "2", "--out", folder.resolve("f.png").toString()).out())
        .contains("1 of 1 pictures of 64x64, patches of 4x4").contains(" of 16");
    assertThat(images("diffuse", "--data", data.resolve("pictures").toString(), "--size", "8", "--count", "2", "--out",
        folder.resolve("e.png").toString()).out()).contains("2 of 16 pictures of 8x8, patches of 4x4").contains(" of 48");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "--class lft | unknown class 'lft'; did you mean 'left'? (known: above, left)",
    "--interpolate 1 | --interpolate takes two seeds",
    "--interpolate 1,2 --seed 3 | --seed does not go with --interpolate",
    "--interpolate 1,x | 'x' is not a whole number in range",
    "--interpolate 1,2 --sampler ancestral | --interpolate needs a sampler without noise",
    "--interpolate 1,2 --count 1 | --interpolate needs at least 2 pictures",
    "--rows 2 | --rows belongs to --interpolate",
    "--rows 0 | --rows 0: must be at least 1",
    "--mask 0,0,1,1 | --mask belongs to --inpaint",
    "--inpaint x.png | --inpaint needs --mask",
    "--inpaint missing.png --mask 0,0,1,1 | cannot read missing.png: there is no such file",
    "--trajectory t.jpg | --trajectory t.jpg: pictures are written as .png",
    "--guidance x | 'x' is not a number"
  })
  void badWishesAreOneLine(String arguments, String message) {
    Console console = sample("s.png", Stream.concat(Stream.of("--model", run()), Arrays.stream(arguments.split(" +")))
        .toArray(String[]::new));
    assertThat(console.err()).contains(message).startsWith("rgflow: ").hasLineCount(1).doesNotContain("Exception");
    assertThat(console.status()).isEqualTo(2);
    assertThat(folder.resolve("s.png")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "inspect | --model is missing",
    "inspect --model missing | cannot read missing: there is no such file",
    "export --model missing --out m.safetensors | cannot read missing",
    "export --model missing --out m.bin | must end in .safetensors",
    "export --model missing --out m.safetensors --card m.txt | --card m.txt: the name must end in .md",
    "export --model missing --out m.safetensors --evaluation e.json | --evaluation belongs to --card, which is missing",
    "export --model missing --out m.safetensors --card m.md --evaluation e.json | e.json: no such file or folder",
    "export --model missing --out m.safetensors --card m.md --evaluation pom.xml | cannot read pom.xml: not valid JSON",
    "export --model missing --out m.safetensors --card m.md --evaluation ../docs/images/flow.png | not valid JSON",
    "export --model missing --out m.safetensors --precision hlf | unknown precision 'hlf'; did you mean 'half'?",
    "diffuse | missing required option: '--out=FILE.png'",
    "diffuse --size 0 --out d.png | pictures have 1 to 4096 pixels a side, not 0x0",
    "diffuse --size 62 --out d.png | patches of 4x4 do not tile pictures of 62x62; use pictures of 60x60 or 64x64",
    "diffuse --image a.png --data b --out d.png | --image and --data do not go together",
    "diffuse --image missing.png --out d.png | cannot read missing.png: there is no such file",
    "diffuse --image missing.png --out d.jpg | --out d.jpg: pictures are written as .png",
    "diffuse --image missing.png --schedule fermi,cosin --out d.png | unknown schedule 'cosin'; did you mean 'cosine'?",
    "diffuse --schedule , --out d.png | --schedule names none; the schedules are fermi",
    "diffuse --count 2 --out d.png | --count belongs to --data, which is missing",
    "diffuse --image missing.png --frames 1 --out d.png | --frames 1: must be 2 to 64",
    "diffuse --image missing.png --steps 3 --out d.png | --steps 3: must be at least --frames",
    "sample --model missing --out s.jpeg | pictures are written as .png, .npz or into a folder"
  })
  void badCommandLinesAreOneLine(String arguments, String message) {
    Console console = Console.run(("images " + arguments).split(" +"));
    assertThat(console.err()).contains(message).startsWith("rgflow: ").hasLineCount(1).doesNotContain("Exception");
    assertThat(console.status()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "--count 2000000000 --out a | needs",
    "--count 5000000 --out a.png | draw fewer images, or write them as .npz or into a folder",
    "--steps 51 --out a.png | a schedule of 50 steps cannot be sampled in 51",
    "--guidance NaN --out a.png | --guidance NaN: must be a number",
    "--guidance 1e30 --out a.png | up to 1000",
    "--eta 1.5 --out a.png | --eta 1.5: must be between 0, no noise, and 1",
    "--eta NaN --out a.png | --eta NaN: must be between 0",
    "--out a.png --trajectory ./a.png | --out and --trajectory are one file",
    "--batch-size 1000000 --count 5000000 --out a.npz | a batch of 1000000 needs",
    "--out a.npz.gz | pictures are written as .png, .npz or into a folder",
    "--inpaint 0.png --mask 1,2,3 --out a.png | a rectangle is X,Y,W,H",
    "--inpaint 0.png --mask mask.png --out a.png | --mask mask.png has 5x5 pixels; it must have the size of the picture, 8x8",
    "--out '' | the name of a file or folder is empty"
  })
  void impossibleOptionsOfSample(String arguments, String message) throws IOException {
    ImageIO.write(new BufferedImage(5, 5, BufferedImage.TYPE_BYTE_GRAY), "png", folder.resolve("mask.png").toFile());
    List<String> all = new ArrayList<>(List.of("images", "sample", "--model", run(), "--quiet"));
    for (String argument : arguments.strip().split(" +")) {
      boolean file = argument.matches("a[.a-z]*|mask.png|./a.png");
      all.add(argument.equals("''") ? "" : argument.equals("0.png") ? data.resolve("pictures/left/0.png").toString()
          : file ? folder.resolve(argument).toString() : argument);
    }
    Console console = Console.run(all.toArray(String[]::new));
    assertThat(console.err().replace(folder + "/", "")).contains(message).startsWith("rgflow: ").hasLineCount(1)
        .doesNotContain("internal error").doesNotContain("out of memory");
    assertThat(console.status()).isEqualTo(2);
  }

  /** What is neither file nor folder, or the wrong one of the two, is said at once and not waited for. */
  @ParameterizedTest
  @EnabledOnOs({OS.LINUX, OS.MAC})
  @CsvSource(delimiter = '|', value = {
    "images train --data PIPE --out NEW",
    "images train --data IDX --out NEW",
    "images train --data PICTURES --out RUN --resume PIPE",
    "images train --data PICTURES --out RUN --resume PICTURES",
    "images sample --model PIPE --out NEW.png",
    "images sample --model PICTURES --out NEW.png",
    "images sample --model RUN --inpaint PIPE --mask 0,0,4,4 --out NEW.png",
    "images sample --model RUN --inpaint PICTURES --mask 0,0,4,4 --out NEW.png",
    "images sample --model RUN --inpaint PICTURE --mask PIPE --out NEW.png",
    "images sample --model RUN --inpaint PICTURE --mask PICTURES --out NEW.png",
    "images evaluate --model RUN --data PIPE",
    "images evaluate --samples PIPE --data PICTURES",
    "images evaluate --samples NPZ --data PICTURES",
    "images evaluate --model RUN --data PICTURES --inception PIPE",
    "images diffuse --image PIPE --out NEW.png",
    "images diffuse --image PICTURES --out NEW.png",
    "images diffuse --data PIPE --out NEW.png",
    "images inspect --model PIPE",
    "images export --model PIPE --out NEW.safetensors",
    "images export --model RUN --out NEW.safetensors --card NEW.md --evaluation PIPE",
    "images export --model RUN --out NEW.safetensors --card NEW.md --evaluation PICTURES",
    "phi4 flow --in PIPE --scales 1",
    "phi4 flow --in NPZ --scales 1"
  })
  void pipesAndFoldersAreNotWaitedFor(String arguments) throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Path idx = Files.createDirectory(folder.resolve("idx"));
    for (String name : List.of("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte")) {
      assertThat(new ProcessBuilder("mkfifo", idx.resolve(name).toString()).start().waitFor()).isZero();
    }
    Files.createDirectory(folder.resolve("folder.npz"));
    String[] all = Stream.of(arguments.split(" ")).map(word -> switch (word) {
      case "PIPE" -> pipe.toString();
      case "IDX" -> idx.toString();
      case "NPZ" -> folder.resolve("folder.npz").toString();
      case "PICTURES" -> data.resolve("pictures").toString();
      case "PICTURE" -> data.resolve("pictures/left/0.png").toString();
      case "RUN" -> run();
      default -> word.startsWith("NEW") ? folder.resolve(word).toString() : word;
    }).toArray(String[]::new);
    Console console = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> Console.run(all));
    assertThat(console.status()).isEqualTo(2);
    assertThat(console.err()).startsWith("rgflow: ").hasLineCount(1).doesNotContain("internal error");
  }

  @Test
  void damagedPicturesAreNamedAndPassedOver() throws IOException {
    Path some = Files.createDirectory(folder.resolve("some"));
    Files.copy(data.resolve("pictures/left/0.png"), some.resolve("good.png"));
    for (int i = 0; i < 7; i++) {
      Files.writeString(some.resolve("bad" + i + ".png"), "no picture");
    }
    Console console = images("diffuse", "--data", some.toString(), "--size", "8", "--frames", "2", "--out",
        folder.resolve("d.png").toString(), "--quiet");
    assertThat(console.status()).isZero();
    assertThat(console.err()).contains("passed over in " + some + ": bad0.png: it is neither JPEG nor PNG")
        .contains("2 damaged pictures more").hasLineCount(6);
  }
}
