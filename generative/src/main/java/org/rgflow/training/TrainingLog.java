package org.rgflow.training;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.rgflow.io.AtomicFile;
import org.rgflow.io.Json;

/** The log of a run: one JSON object a line. A run that is resumed drops the lines beyond where it goes on. */
public final class TrainingLog implements AutoCloseable {
  private final Path file;
  private final BufferedWriter writer;

  /** @param after step after which the run goes on */
  public TrainingLog(Path file, long after) throws IOException {
    this.file = file;
    StringBuilder kept = new StringBuilder();
    for (String line : lines(file)) {
      if (stepOf(line) <= after) {
        kept.append(line).append('\n');
      }
    }
    AtomicFile.writeText(file, kept.toString());
    writer = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
  }

  /** Its lines, none if there is no log. What is damaged in it must not stop a training: such lines have no step. */
  private static List<String> lines(Path file) throws IOException {
    return Files.isRegularFile(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList()
        : List.of();
  }

  /** A line that was cut off has no step and is dropped. */
  private static long stepOf(String line) {
    try {
      JsonElement step = Json.parseObject(line).get("step");
      return step instanceof JsonPrimitive number && number.isNumber() ? number.getAsLong() : Long.MAX_VALUE;
    } catch (IOException | NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  /**
   * Seconds that the steps of a run took, by the rates in its log; samples and checkpoints are not counted. A step that
   * was done twice, because the run was killed and went on from an earlier checkpoint, counts once.
   *
   * @param upTo step up to which is counted
   * @param batch images of a step
   * @return NaN if the log lacks the beginning, the end or a rate
   */
  static double seconds(Path file, long upTo, int batch) throws IOException {
    double seconds = 0;
    long before = 0;
    for (String line : lines(file)) {
      long step = stepOf(line);
      if (step <= before || step > upTo) {
        continue;
      }
      JsonElement rate = Json.parseObject(line).get("imagesPerSecond");
      if (!(rate instanceof JsonPrimitive number) || !number.isNumber()) {
        return Double.NaN;
      }
      seconds += (step - before) * (double) batch / number.getAsDouble();
      before = step;
    }
    return before == upTo ? seconds : Double.NaN;
  }

  /**
   * Writes a line of a training on images.
   *
   * @param loss mean since the last line
   */
  void add(long step, double loss, double learningRate, double gradientNorm, double imagesPerSecond)
      throws IOException {
    JsonObject line = new JsonObject();
    line.addProperty("step", step);
    line.add("loss", Json.number(loss));
    line.add("learningRate", Json.number(learningRate));
    line.add("gradientNorm", Json.number(gradientNorm));
    line.add("imagesPerSecond", Json.number(imagesPerSecond));
    add(line);
  }

  /** Writes a line, which must say its step. */
  public void add(JsonObject line) throws IOException {
    try {
      writer.write(line.toString());
      writer.newLine();
      writer.flush();
    } catch (IOException e) {
      throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
