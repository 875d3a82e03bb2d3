package org.rgflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rgflow.io.Json;

class DemoCommandTest {
  @TempDir
  private Path folder;

  @Test
  void theDemoWritesPicturesAndNumbersAndLosesNothing() throws IOException {
    Path out = folder.resolve("demo");
    Files.createDirectory(out);
    Files.writeString(out.resolve("mine.txt"), "keep");
    Console console = Console.run("demo", "--out", out.toString(), "--quiet");
    assertThat(console.err()).isEmpty();
    assertThat(console.status()).isZero();
    assertThat(console.out()).contains("What to try next");
    for (String name : new String[] {"sample.png", "flow.png", "image.png"}) {
      assertThat(ImageIO.read(out.resolve(name).toFile()).getWidth()).as(name).isGreaterThan(1000);
    }
    JsonObject numbers = Json.parseObject(Files.readString(out.resolve("demo.json")));
    assertThat(numbers.getAsJsonObject("flow").getAsJsonArray("scales")).hasSize(6);
    for (JsonElement stage : numbers.getAsJsonObject("image").getAsJsonArray("stages")) {
      assertThat(stage.getAsJsonObject().get("largestDifference").getAsDouble()).isLessThan(1e-4);
    }
    byte[] before = Files.readAllBytes(out.resolve("demo.json"));
    Console again = Console.run("demo", "--out", out.toString(), "--quiet");
    assertThat(again.status()).isEqualTo(2);
    assertThat(again.err()).contains("exists already").hasLineCount(1);
    assertThat(Files.readAllBytes(out.resolve("demo.json"))).isEqualTo(before);
    assertThat(Files.readString(out.resolve("mine.txt"))).isEqualTo("keep");
  }
}
