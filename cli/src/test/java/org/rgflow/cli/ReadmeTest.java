package org.rgflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README promises. */
class ReadmeTest {
  private static final Path README = Path.of("..", "README.md");

  @TempDir
  private Path folder;

  /** The library example, word for word; the imports are what an editor would add. */
  @Test
  void theLibraryExampleCompilesAndRuns() throws Exception {
    Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(README));
    assertThat(block.find()).isTrue();
    String imports = Stream.of("device", "flow", "lattice", "random", "sampler", "spectral", "statistics")
        .map(p -> "import org.rgflow." + p + ".*;\n").reduce("", String::concat)
        + "import org.rgflow.flow.FlowMeasurement.Keep;\nimport org.rgflow.sampler.SamplingRun.*;\n";
    Path source = folder.resolve("Example.java");
    Files.writeString(source, imports + "class Example {\n  public static void main(String[] a) throws Exception {\n"
        + block.group(1) + "  }\n}\n");
    String path = System.getProperty("java.class.path");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      assertThat(compiler.getTask(messages, files, null, List.of("-cp", path, "-d", folder.toString(), "-proc:none"), null,
          files.getJavaFileObjects(source)).call()).as(messages.toString()).isTrue();
    }
    Path log = folder.resolve("log");
    Process process = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "--add-modules", "jdk.incubator.vector",
        "-cp", folder + File.pathSeparator + path, "Example").redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    assertThat(Files.readString(log)).contains("susceptibility ").contains("Lambda 1.0: ");
  }

  @Test
  void everyCommandInTheTourIsUnderstood() throws IOException {
    List<String> lines = Files.readAllLines(README).stream().filter(l -> l.startsWith("$ bin/rgflow ") || l.startsWith("bin/rgflow "))
        .toList();
    assertThat(lines).hasSizeGreaterThanOrEqualTo(3);
    for (String line : lines) {
      String[] words = line.replaceFirst("^\\$ ", "").split(" {2,}#")[0].strip().split(" +");
      assertThat(Main.commands().parseArgs(Arrays.copyOfRange(words, 1, words.length)).errors()).as(line).isEmpty();
    }
  }

  @Test
  void everyLinkedFileExists() throws IOException {
    Matcher link = Pattern.compile("\\]\\(([^):]+)\\)").matcher(Files.readString(README));
    int links = 0;
    while (link.find()) {
      assertThat(README.resolveSibling(link.group(1))).exists();
      links++;
    }
    assertThat(links).isGreaterThan(3);
  }
}
