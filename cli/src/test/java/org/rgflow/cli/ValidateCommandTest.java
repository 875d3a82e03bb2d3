package org.rgflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rgflow.io.Json;

class ValidateCommandTest {
  @TempDir
  private Path folder;

  @Test
  void aReportIsAPageAndItsDataBesideTheUsualResults() throws IOException {
    Path report = folder.resolve("a report");
    Console console = Console.run(
        "validate", "--quick", "--suite", "images", "--report", report.toString(), "--format", "json", "--quiet");
    assertThat(console.status()).as(console.err()).isEqualTo(Main.OK);
    assertThat(console.json().keySet()).containsExactly("checks", "passed", "failed");
    JsonObject data = Json.parseObject(Files.readString(report.resolve("report.json")));
    assertThat(data.get("command").getAsString()).isEqualTo(
        "rgflow validate --quick --suite images --report '" + report + "' --format json --quiet");
    assertThat(data.get("passed").getAsInt()).isEqualTo(console.json().get("passed").getAsInt()).isGreaterThan(40);
    assertThat(data.getAsJsonArray("suites")).hasSize(1);
    assertThat(Files.readString(report.resolve("report.html"))).startsWith("<!DOCTYPE html>").contains("<math ", "<svg ", "data:image/png");
  }

  @Test
  void anImpossibleFolderIsNamedBeforeAnythingIsMeasured() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    Console console = Console.run("validate", "--suite", "images", "--report", file.toString());
    assertThat(console.status()).isEqualTo(Main.ERROR);
    assertThat(console.err().strip()).isEqualTo("rgflow: --report " + file + ": a folder is wanted, and that is a "
        + "file");
    assertThat(Console.run("validate", "--report", folder.resolve("no/such/place").toString()).err()).contains("does not exist");
  }
}
