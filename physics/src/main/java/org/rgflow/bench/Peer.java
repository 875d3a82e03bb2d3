package org.rgflow.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A C program that does the same work, built from the source that ships with the project by the C
 * compiler of this machine, so that a benchmark can state a ratio measured in one run.
 */
public final class Peer implements AutoCloseable {
  private static final List<String> COMPILERS = List.of("cc", "gcc", "clang");
  private static final long TIMEOUT_SECONDS = 120;

  private final Path folder;
  private final Path program;

  private Peer(Path folder, Path program) {
    this.folder = folder;
    this.program = program;
  }

  /** A peer, or the one-line reason why there is none. */
  public record Built(Optional<Peer> peer, String reason) {}

  /**
   * Builds a peer from {@code org/rgflow/bench/<source>} on the class path.
   *
   * @param libraries linker options, for instance {@code -lfftw3f}
   * @throws IOException if the temporary folder cannot be written
   */
  public static Built build(String source, String... libraries) throws IOException {
    Path folder = Files.createTempDirectory("rgflow-bench");
    String reason = "no C compiler (" + String.join(", ", COMPILERS) + ") on the PATH";
    boolean keep = false;
    try {
      Path code = folder.resolve(source);
      try (InputStream in = Peer.class.getResourceAsStream(source)) {
        if (in == null) {
          throw new IOException("the source of the peer " + source + " is missing from the class path");
        }
        Files.copy(in, code, StandardCopyOption.REPLACE_EXISTING);
      }
      Path program = folder.resolve("peer");
      for (String compiler : COMPILERS) {
        List<String> command = new ArrayList<>(
            List.of(compiler, "-O3", "-march=native", "-ffast-math", "-o", program.toString(), code.toString()));
        command.addAll(List.of(libraries));
        command.add("-lm");
        try {
          run(command, folder);
          keep = true;
          return new Built(Optional.of(new Peer(folder, program)), "");
        } catch (NoSuchProgramException e) {
          continue;
        } catch (IOException e) {
          reason = "the C compiler " + compiler + " could not build " + source
              + (libraries.length == 0 ? "" : " (is the development package of " + String.join(" ", libraries) + " installed?)");
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
   * Runs the peer.
   *
   * @return the JSON object that it printed
   * @throws IOException if it fails, takes longer than two minutes, or prints something else
   */
  public JsonObject run(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    String output = run(command, folder);
    try {
      return JsonParser.parseString(output).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new IOException("the peer did not print a JSON object: " + output.strip(), e);
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
      throw new IOException(command.getFirst() + " failed: " + text.strip());
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
