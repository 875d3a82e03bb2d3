package org.rgflow.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A program that does the same work, built from the C source that ships with the project by the C compiler of this
 * machine, or a Python script, so that a benchmark can state a ratio measured in one run.
 */
public final class Peer implements AutoCloseable {
  private static final List<String> COMPILERS = List.of("cc", "gcc", "clang");
  /**
   * The system's own Python too: libraries from packages are there, and not in one that an environment puts before it.
   */
  private static final List<String> PYTHONS = List.of("python3", "/usr/bin/python3");
  private static final long TIMEOUT_SECONDS = 120;

  private final Path folder;
  private final List<String> program;

  private Peer(Path folder, List<String> program) {
    this.folder = folder;
    this.program = program;
  }

  /**
   * A library that a peer needs.
   *
   * @param option for the linker, for instance {@code -lfftw3f}
   * @param debianPackage that brings it
   */
  public record Library(String option, String debianPackage) {}

  /** A peer that ended, or answered nonsense; perhaps because the user interrupted it together with this program. */
  public static final class FailedException extends IOException {
    private static final long serialVersionUID = 1L;

    FailedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** A peer, or the one-line reason why there is none. */
  public record Built(Optional<Peer> peer, String reason) {}

  /**
   * Builds a peer from {@code org/rgflow/bench/<source>} on the class path.
   *
   * @throws IOException if the temporary folder cannot be written
   */
  public static Built build(String source, Library... libraries) throws IOException {
    Path folder = Files.createTempDirectory("rgflow-bench");
    String reason = "no C compiler (" + String.join(", ", COMPILERS) + ") on the PATH; on Debian: apt install gcc"
        + Stream.of(libraries).map(l -> " " + l.debianPackage()).collect(Collectors.joining());
    boolean keep = false;
    try {
      Path code = copy(source, folder);
      Path program = folder.resolve("peer");
      for (String compiler : COMPILERS) {
        List<String> command = new ArrayList<>(
            List.of(compiler, "-O3", "-march=native", "-ffast-math", "-o", program.toString(), code.toString()));
        for (Library library : libraries) {
          command.add(library.option());
        }
        command.add("-lm");
        try {
          run(command, folder);
          keep = true;
          return new Built(Optional.of(new Peer(folder, List.of(program.toString()))), "");
        } catch (NoSuchProgramException e) {
          continue;
        } catch (IOException e) {
          reason = compiler + " could not build " + source + Stream.of(libraries)
              .map(l -> ", which needs " + l.option() + "; on Debian: apt install " + l.debianPackage())
              .collect(Collectors.joining());
          break;
        }
      }
      return new Built(Optional.empty(), reason);
    } finally {
      if (!keep) {
        delete(folder);
      }
    }
  }

  /**
   * A Python script from {@code org/rgflow/bench/<script>} on the class path.
   *
   * @param module that the script imports
   * @param debianPackage that brings the module
   * @throws IOException if the temporary folder cannot be written
   */
  public static Built python(String script, String module, String debianPackage) throws IOException {
    Path folder = Files.createTempDirectory("rgflow-bench");
    for (String python : PYTHONS) {
      try {
        run(List.of(python, "-c", "import " + module), folder);
        return new Built(Optional.of(new Peer(folder, List.of(python, copy(script, folder).toString()))), "");
      } catch (IOException e) {
        continue;
      }
    }
    delete(folder);
    return new Built(Optional.empty(),
        "no python3 with the module " + module + "; on Debian: apt install " + debianPackage);
  }

  private static Path copy(String source, Path folder) throws IOException {
    Path code = folder.resolve(source);
    try (InputStream in = Peer.class.getResourceAsStream(source)) {
      if (in == null) {
        throw new IOException("the source of the peer " + source + " is missing from the class path");
      }
      Files.copy(in, code, StandardCopyOption.REPLACE_EXISTING);
    }
    return code;
  }

  /**
   * Starts the peer for a conversation.
   *
   * @throws IOException if it cannot be started
   */
  public Conversation converse(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(program);
    command.addAll(List.of(arguments));
    Path errors = folder.resolve("errors");
    return new Conversation(new ProcessBuilder(command).redirectError(errors.toFile()).start(), errors);
  }

  /** A running peer that answers each line with a JSON object. */
  public static final class Conversation implements AutoCloseable {
    private final Process process;
    private final Path errors;
    private final BufferedWriter in;
    private final BufferedReader out;

    private Conversation(Process process, Path errors) {
      this.process = process;
      this.errors = errors;
      in = process.outputWriter(StandardCharsets.UTF_8);
      out = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Asks and waits for the answer.
     *
     * @throws IOException if the peer fails, takes longer than two minutes, or answers something else
     */
    public JsonObject ask(String line) throws IOException {
      Thread watch = Thread.ofVirtual().start(() -> {
        try {
          Thread.sleep(Duration.ofSeconds(TIMEOUT_SECONDS));
          process.destroyForcibly();
        } catch (InterruptedException e) {
          return;
        }
      });
      String answer;
      try {
        in.write(line);
        in.newLine();
        in.flush();
        answer = out.readLine();
      } catch (IOException e) {
        throw new FailedException(failure(), e);
      } finally {
        watch.interrupt();
      }
      if (answer == null) {
        throw new FailedException(failure(), null);
      }
      return parsed(answer);
    }

    private String failure() throws IOException {
      List<String> lines = Files.readAllLines(errors);
      return "the peer ended or took longer than " + TIMEOUT_SECONDS + " s"
          + (lines.isEmpty() ? "" : ": " + lines.getLast().strip());
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  /**
   * Runs the peer.
   *
   * @return the JSON object that it printed
   * @throws IOException if it fails, takes longer than two minutes, or prints something else
   */
  public JsonObject run(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(program);
    command.addAll(List.of(arguments));
    return parsed(run(command, folder));
  }

  private static JsonObject parsed(String output) throws IOException {
    try {
      return JsonParser.parseString(output).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new FailedException("the peer did not print a JSON object: " + output.strip(), e);
    }
  }

  private static final class NoSuchProgramException extends IOException {
    private static final long serialVersionUID = 1L;

    NoSuchProgramException(IOException cause) {
      super(cause);
    }
  }

  private static String run(List<String> command, Path folder) throws IOException {
    Path output = folder.resolve("output");
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    } catch (IOException e) {
      throw new NoSuchProgramException(e);
    }
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(command.getFirst() + " took longer than " + TIMEOUT_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + command.getFirst(), e);
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(output, StandardCharsets.UTF_8);
    if (process.exitValue() != 0) {
      throw new FailedException(command.getFirst() + " failed: " + text.strip(), null);
    }
    return text;
  }

  @Override
  public void close() throws IOException {
    delete(folder);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
