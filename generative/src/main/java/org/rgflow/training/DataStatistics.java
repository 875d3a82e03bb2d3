package org.rgflow.training;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import org.rgflow.data.Batches;
import org.rgflow.data.ImageSet;
import org.rgflow.data.PixelCoding;
import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.diffusion.ModeBatch;
import org.rgflow.diffusion.PixelSpace;

/**
 * Mean m_k and standard deviation σ_k of every mode of a set of images, over images and positions, in the
 * model's own coding of colours. They standardise what the network sees, and travel in every checkpoint.
 *
 * @param mean m_k by channel
 * @param deviation σ_k by channel, at least {@value #SMALLEST}
 */
public record DataStatistics(double[] mean, double[] deviation) {
  /** A mode that never changes is treated as if it had this deviation. */
  public static final double SMALLEST = 1e-3;
  /** So many images, evenly spread over the set, are measured. */
  static final int SAMPLE = 10_000;

  /** @throws IllegalArgumentException if the numbers are not as many or impossible */
  public DataStatistics {
    if (mean.length != deviation.length) {
      throw new IllegalArgumentException(mean.length + " means and " + deviation.length + " deviations");
    }
    for (int k = 0; k < mean.length; k++) {
      if (!Double.isFinite(mean[k]) || !(deviation[k] >= SMALLEST) || Double.isInfinite(deviation[k])) {
        throw new IllegalArgumentException(
            "mode " + k + " has mean " + mean[k] + " and standard deviation " + deviation[k]);
      }
    }
  }

  /**
   * Measures a set of images; of more than {@value #SAMPLE} that many.
   *
   * @param space how many images are transformed at once
   */
  public static DataStatistics measure(ImageSet images, PixelSpace space, Device device) {
    ModeBatch batch = space.batch();
    Batches pictures = new Batches(images, PixelCoding.LUMA_CHROMA, Batches.Flip.NEVER, 0);
    float[] planes = new float[batch.imageSize()];
    float[] pixels = new float[batch.size()];
    float[] modes = new float[batch.size()];
    Program transform = new Program("statistics of the data").input(pixels).addAll(space.forward(pixels, modes))
        .output(modes);
    double[] sum = new double[batch.channels()];
    double[] squares = new double[batch.channels()];
    int count = Math.min(SAMPLE, images.size());
    try (Session session = device.open(transform)) {
      for (int first = 0; first < count; first += batch.images()) {
        int end = Math.min(count, first + batch.images());
        for (int i = first; i < end; i++) {
          pictures.picture((int) ((long) i * images.size() / count), planes, 0);
          space.pixels(planes, pixels, i - first);
        }
        session.run(transform);
        int at = 0;
        for (int line = 0; line < (end - first) * batch.channels(); line++) {
          int channel = line % batch.channels();
          for (int position = 0; position < batch.positions(); position++) {
            double mode = modes[at++];
            sum[channel] += mode;
            squares[channel] += mode * mode;
          }
        }
      }
    }
    double numbers = (double) count * batch.positions();
    double[] deviation = new double[sum.length];
    for (int k = 0; k < sum.length; k++) {
      sum[k] /= numbers;
      deviation[k] = Math.max(SMALLEST, Math.sqrt(Math.max(0, squares[k] / numbers - sum[k] * sum[k])));
    }
    return new DataStatistics(sum, deviation);
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.add("mean", array(mean));
    json.add("deviation", array(deviation));
    return json;
  }

  private static JsonArray array(double[] values) {
    JsonArray array = new JsonArray();
    for (double value : values) {
      array.add(value);
    }
    return array;
  }

  /** @throws IOException if the element is missing, of another form, or holds impossible numbers; one line */
  static DataStatistics ofJson(JsonElement json) throws IOException {
    if (!(json instanceof JsonObject object)) {
      throw new IOException("it has no statistics of the data");
    }
    double[] mean = numbers(object, "mean");
    double[] deviation = numbers(object, "deviation");
    try {
      return new DataStatistics(mean, deviation);
    } catch (IllegalArgumentException e) {
      throw new IOException("its statistics of the data are impossible: " + e.getMessage(), e);
    }
  }

  private static double[] numbers(JsonObject object, String name) throws IOException {
    if (!(object.get(name) instanceof JsonArray array)) {
      throw new IOException("its statistics of the data have no list '" + name + "'");
    }
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      if (!(array.get(i) instanceof JsonPrimitive value) || !value.isNumber()) {
        throw new IOException("'" + name + "' in its statistics of the data must hold numbers only");
      }
      values[i] = value.getAsDouble();
    }
    return values;
  }
}
