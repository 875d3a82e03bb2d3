package org.rgflow.training;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.rgflow.io.Json;
import org.rgflow.model.LossHistory;
import org.rgflow.model.ModelFile;

/**
 * What is worth knowing of a training once its losses and its log are gone; exported models carry it.
 *
 * @param loss mean loss over the last steps, NaN if it is not known
 * @param lossSteps how many steps that were
 * @param seconds that the steps took, NaN if it is not known
 */
public record TrainingSummary(double loss, long lossSteps, double seconds) {
  private static final int LAST = 1000;
  private static final TrainingSummary UNKNOWN = new TrainingSummary(Double.NaN, 0, Double.NaN);

  /**
   * Of a checkpoint, by its losses and by the log of the run in whose folder it lies; of an exported model, what it
   * carries.
   *
   * @throws IOException if the file is damaged
   */
  public static TrainingSummary of(ModelFile file) throws IOException {
    if (!file.isCheckpoint()) {
      return file.summary().map(TrainingSummary::ofJson).orElse(UNKNOWN);
    }
    LossHistory history = file.history();
    double[] losses = history.losses();
    int count = Math.min(LAST, losses.length);
    return new TrainingSummary(
        Arrays.stream(losses, losses.length - count, losses.length).average().orElse(Double.NaN), count, seconds(file));
  }

  private static double seconds(ModelFile file) throws IOException {
    Path folder = Path.of(file.name()).toAbsolutePath().getParent();
    Path run = folder == null ? null : folder.getParent();
    if (run == null || !Files.isRegularFile(run.resolve("log.jsonl"))) {
      return Double.NaN;
    }
    int batch = ImageModel.describedBy(file).configuration().optimizer().batchSize();
    return TrainingLog.seconds(run.resolve("log.jsonl"), file.state().step(), batch);
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.add("loss", Json.number(loss));
    json.addProperty("lossSteps", lossSteps);
    json.add("seconds", Json.number(seconds));
    return json;
  }

  /** What is missing or no number is unknown. */
  private static TrainingSummary ofJson(JsonObject json) {
    double steps = number(json, "lossSteps");
    return new TrainingSummary(number(json, "loss"), steps >= 0 ? (long) steps : 0, number(json, "seconds"));
  }

  private static double number(JsonObject json, String name) {
    try {
      return json.get(name) instanceof JsonPrimitive value && value.isNumber() ? value.getAsDouble() : Double.NaN;
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
