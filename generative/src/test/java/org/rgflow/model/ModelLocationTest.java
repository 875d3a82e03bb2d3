package org.rgflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelLocationTest {
  private static final TensorLayout LAYOUT =
      new TensorLayout(List.of(new TensorLayout.Slice("weight", List.of(2, 2), 0)), 4);

  @TempDir
  private Path folder;

  private final Map<String, byte[]> resources = new HashMap<>();
  private final BundledModels bundled = new BundledModels(
      name -> resources.containsKey(name) ? new ByteArrayInputStream(resources.get(name)) : null);

  private static Checkpoint checkpoint(long step) {
    return new Checkpoint(new JsonObject(), new TrainingState(step, 8 * step, 1, step), LAYOUT, new float[4],
        new float[] {1, -2, 0.5f, step}, new float[4], new float[4], new LossHistory());
  }

  @BeforeEach
  void bundleTwo() throws IOException {
    resources.put("index", "# remark\nfashion-mnist # ours\n\n faces\n".getBytes(StandardCharsets.UTF_8));
    Path file = folder.resolve("m.safetensors");
    checkpoint(3).writeModel(file, TensorType.F16);
    resources.put("fashion-mnist.safetensors", Files.readAllBytes(file));
  }

  private ModelFile open(String text) throws IOException {
    return ModelLocation.of(text, bundled).open();
  }

  @Test
  void aBundledModelIsReadLikeAFile() throws IOException {
    try (ModelFile file = open("bundled:fashion-mnist")) {
      assertThat(file.name()).isEqualTo("bundled:fashion-mnist");
      assertThat(file.state().step()).isEqualTo(3);
      assertThat(file.size()).isEqualTo(Files.size(folder.resolve("m.safetensors")));
      float[] weight = new float[4];
      file.read(ModelFile.Part.AVERAGE, LAYOUT, weight);
      assertThat(weight).containsExactly(1, -2, 0.5f, 3);
    }
    assertThat(bundled.names()).containsExactly("fashion-mnist", "faces");
  }

  @Test
  void namesThatThereAreNotHaveTheNearestOneAndTheList() {
    assertThatIllegalArgumentException().isThrownBy(() -> open("bundled:fashon-mnist")).withMessage(
        "unknown bundled model 'fashon-mnist'; did you mean 'fashion-mnist'? (known: fashion-mnist, faces)");
    assertThatIOException().isThrownBy(() -> open("bundled:faces")).withMessageContaining("incomplete");
    resources.put("index", "# none yet\n".getBytes(StandardCharsets.UTF_8));
    assertThatIllegalArgumentException().isThrownBy(() -> open("bundled:faces"))
        .withMessageContaining("none are bundled with this program");
    resources.remove("index");
    assertThatIllegalArgumentException().isThrownBy(() -> open("bundled:faces")).withMessageContaining("none are bundled");
  }

  @Test
  void damagedResourcesAreNamed() {
    byte[] sound = resources.get("fashion-mnist.safetensors");
    byte[] bad = sound.clone();
    bad[bad.length - 1] ^= 1;
    resources.put("fashion-mnist.safetensors", bad);
    assertThatIOException().isThrownBy(() -> open("bundled:fashion-mnist"))
        .withMessageStartingWith("cannot read bundled:fashion-mnist: damaged");
    resources.put("fashion-mnist.safetensors", java.util.Arrays.copyOf(sound, sound.length - 1));
    assertThatIOException().isThrownBy(() -> open("bundled:fashion-mnist"))
        .withMessageStartingWith("cannot read bundled:fashion-mnist: truncated");
    resources.put("fashion-mnist.safetensors", new byte[4]);
    assertThatIOException().isThrownBy(() -> open("bundled:fashion-mnist")).withMessageContaining("only 4 bytes");
  }

  /** Whatever the index of the program itself lists can be opened. */
  @Test
  void everyModelOfTheProgramIsSound() throws IOException {
    for (ModelLocation.Kind kind : ModelLocation.Kind.values()) {
      for (String name : ModelLocation.bundledNames(kind)) {
        try (ModelFile file = ModelLocation.of("bundled:" + name).open()) {
          assertThat(file.isCheckpoint()).as(name).isFalse();
          assertThat(file.size()).as(name).isLessThan(12_000_000);
        }
      }
    }
  }

  @Test
  void theFolderOfARunStandsForItsNewestCheckpoint() throws IOException {
    CheckpointDirectory checkpoints = new CheckpointDirectory(folder.resolve("run"), 3);
    checkpoints.save(checkpoint(10));
    Path newest = checkpoints.save(checkpoint(20));
    assertThat(ModelLocation.of(folder.resolve("run").toString()).file().path()).isEqualTo(newest);
    assertThat(ModelLocation.of(newest.toString()).file().path()).isEqualTo(newest);
    try (ModelFile file = open(folder.resolve("run").toString())) {
      assertThat(file.state().step()).isEqualTo(20);
    }
    Files.write(newest, new byte[10]);
    CheckpointDirectory.Latest found = ModelLocation.of(folder.resolve("run").toString()).file();
    assertThat(found.path()).isEqualTo(checkpoints.path(10));
    assertThat(found.skipped()).singleElement().asString().contains(newest.toString());
    assertThatIOException().isThrownBy(() -> open(folder.toString())).withMessageContaining("there is no checkpoint in");
    assertThatIOException().isThrownBy(() -> open("missing.safetensors")).withMessageContaining("there is no such file");
    assertThatIllegalArgumentException().isThrownBy(() -> open("a\0b")).withMessageContaining("no path");
  }
}
