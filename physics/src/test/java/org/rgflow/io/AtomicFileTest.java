package org.rgflow.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir
  Path folder;

  /** A disk that is full after some bytes. */
  private static void fillDisk(OutputStream out) throws IOException {
    out.write(new byte[1 << 18]);
    throw new IOException("No space left on device");
  }

  private List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void replacesAFile() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFile.writeText(file, "one");
    AtomicFile.write(file, out -> {
      out.write("two".getBytes());
      out.close();
      out.close();
    });
    assertThat(file).hasContent("two");
    AtomicFile.writeFile(file, temporary -> {
      assertThat(temporary.getParent()).isEqualTo(folder.toRealPath());
      assertThat(file).hasContent("two");
      Files.writeString(temporary, "three");
    });
    assertThat(file).hasContent("three");
    assertThat(names(folder)).containsExactly("a.txt");
  }

  @Test
  void aFullDiskLeavesTheEarlierFile() throws IOException {
    Path file = folder.resolve("a.npz");
    assertThatIOException().isThrownBy(() -> AtomicFile.write(file, AtomicFileTest::fillDisk))
        .withMessage("cannot write " + file + ": No space left on device; free some space or choose another place");
    assertThat(names(folder)).isEmpty();
    AtomicFile.writeText(file, "earlier");
    assertThatIOException().isThrownBy(() -> AtomicFile.write(file, AtomicFileTest::fillDisk))
        .withMessageContaining("the earlier file is unchanged");
    assertThat(file).hasContent("earlier");
    assertThat(names(folder)).containsExactly("a.npz");
  }

  @Test
  void otherFailuresLeaveTheEarlierFileToo() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFile.writeText(file, "earlier");
    assertThatIllegalStateException().isThrownBy(() -> AtomicFile.write(file, out -> {
      out.write(1);
      throw new IllegalStateException("bug");
    }));
    assertThat(file).hasContent("earlier");
    assertThat(names(folder)).containsExactly("a.txt");
  }

  @Test
  void aDirectoryIsNotAFile() throws IOException {
    Path directory = Files.createDirectory(folder.resolve("d"));
    assertThatIOException().isThrownBy(() -> AtomicFile.writeText(directory, "x")).withMessageContaining("is a directory");
    assertThatIOException().isThrownBy(() -> AtomicFile.writeText(Path.of(""), "x"));
    assertThatIOException().isThrownBy(() -> AtomicFile.writeText(Path.of("/"), "x"));
    assertThat(directory).isEmptyDirectory();
    Path file = Files.writeString(folder.resolve("f"), "f");
    assertThatIOException().isThrownBy(() -> AtomicFile.writeText(file.resolve("x"), "x"))
        .withMessageContaining("not a directory");
  }

  @Test
  void oneMissingDirectoryIsMade() throws IOException {
    AtomicFile.writeText(folder.resolve("new/a.txt"), "x");
    assertThat(folder.resolve("new/a.txt")).hasContent("x");
    assertThatIOException().isThrownBy(() -> AtomicFile.writeText(folder.resolve("no/such/a.txt"), "x"))
        .withMessageContaining(folder.resolve("no") + " does not exist");
    assertThatIOException().isThrownBy(() -> AtomicFile.write(folder.resolve("gone/a.txt"), AtomicFileTest::fillDisk));
    assertThat(names(folder)).containsExactly("new");
  }

  @Test
  void leftoversOfKilledProcessesDoNotMatter() throws IOException {
    Path file = folder.resolve("a.txt");
    for (int i = 0; i < 500; i++) {
      Files.writeString(folder.resolve(".a.txt." + ProcessHandle.current().pid() + "-" + i + ".tmp"), "left");
    }
    AtomicFile.writeText(file, "x");
    assertThat(file).hasContent("x");
    assertThat(names(folder)).hasSize(501);
  }

  @Test
  void linksStayLinks() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "one");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    AtomicFile.writeText(link, "two");
    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("two");
    Path nowhere = Files.createSymbolicLink(folder.resolve("nowhere"), folder.resolve("missing"));
    assertThatIOException().isThrownBy(() -> AtomicFile.writeText(nowhere, "x")).withMessageContaining("link to nowhere");
  }

  @Test
  void longNamesFit() throws IOException {
    Path file = folder.resolve("n".repeat(255));
    AtomicFile.writeText(file, "x");
    assertThat(file).hasContent("x");
    assertThatIOException().isThrownBy(() -> AtomicFile.writeText(folder.resolve("n".repeat(300)), "x"))
        .withMessageContaining("cannot write");
    assertThat(names(folder)).hasSize(1);
  }

  @Test
  void checkingCreatesNothing() throws IOException {
    assertThat(AtomicFile.requireWritable(folder.resolve("new/a.txt"))).isAbsolute();
    assertThat(folder).isEmptyDirectory();
    assertThatIOException().isThrownBy(() -> AtomicFile.requireWritable(folder))
        .withMessageStartingWith("cannot write " + folder);
  }

  @Test
  void jsonIsWrittenAndReadStrictly() throws IOException {
    JsonObject json = new JsonObject();
    json.add("a", Json.number(0.1));
    json.add("b", Json.number(Double.NaN));
    Path file = folder.resolve("a.json");
    Json.write(file, json);
    assertThat(file).hasContent("{\n  \"a\": 0.1,\n  \"b\": null\n}\n");
    assertThat(Json.parseObject(Files.readString(file))).isEqualTo(json);
    for (String bad : new String[] {"", "[]", "1", "{", "{} {}", "{a:1}", "{\"a\":NaN}", "{\"a\":1,}", "// x\n{}",
        "[".repeat(100_000), "{\"a\":".repeat(100_000)}) {
      assertThatIOException().isThrownBy(() -> Json.parseObject(bad));
    }
  }
}
