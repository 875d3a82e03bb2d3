package org.rgflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts the program as a process of its own, whose streams go to the files {@code out} and {@code err} of a folder. */
record RgflowProcess(Path folder) {
  private static final String JAVA = System.getProperty("java.home") + "/bin/java";

  /** The program; still to be started. */
  ProcessBuilder of(String... arguments) {
    return of(System.getProperty("java.class.path"), List.of(arguments));
  }

  /** The program of another class path. */
  ProcessBuilder of(String classPath, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(JAVA, "--add-modules", "jdk.incubator.vector", "-Djava.awt.headless=true",
        "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED", "-cp", classPath, Main.class.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(folder.resolve("err").toFile())
        .redirectOutput(folder.resolve("out").toFile());
  }

  /** Waits for the end; the exit status. */
  static int end(Process process) throws InterruptedException {
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly();
    }
    assertThat(ended).as("the process ends").isTrue();
    return process.exitValue();
  }

  /** Runs to the end. */
  int run(String... arguments) throws IOException, InterruptedException {
    return end(of(arguments).start());
  }

  String out() throws IOException {
    return Files.readString(folder.resolve("out"));
  }

  /** The standard error without the JVM's own word about the incubating module. */
  List<String> errors() throws IOException {
    return Files.readAllLines(folder.resolve("err")).stream().filter(line -> !line.startsWith("WARNING: Using incubator"))
        .toList();
  }
}
