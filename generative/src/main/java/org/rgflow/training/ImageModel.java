package org.rgflow.training;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.rgflow.device.Device;
import org.rgflow.diffusion.Denoiser;
import org.rgflow.diffusion.GuidedDenoiser;
import org.rgflow.diffusion.ModeBatch;
import org.rgflow.diffusion.NetworkDenoiser;
import org.rgflow.diffusion.NoiseSchedule;
import org.rgflow.diffusion.NoiseSchedules;
import org.rgflow.diffusion.PixelSpace;
import org.rgflow.diffusion.PreconditionedDenoiser;
import org.rgflow.diffusion.SamplingMethod;
import org.rgflow.diffusion.SamplingOptions;
import org.rgflow.io.Heap;
import org.rgflow.io.OneLine;
import org.rgflow.model.ModelFile;
import org.rgflow.model.TensorLayout;
import org.rgflow.network.Purpose;
import org.rgflow.network.UNet;

/**
 * A trained model: all that sampling needs.
 *
 * @param configuration of its training
 * @param statistics of the data that it learned from
 * @param classes names of the labels that it was told, none for a model without
 * @param parameters of the network, in its own layout
 */
public record ImageModel(
    TrainingConfiguration configuration, DataStatistics statistics, List<String> classes, float[] parameters) {
  private static final String STATISTICS = "statistics";
  private static final String CLASSES = "classes";

  public ImageModel {
    classes = List.copyOf(classes);
  }

  /**
   * Reads the parameters' moving average from a checkpoint or an exported model.
   *
   * @throws IOException if the file is damaged, foreign, or does not fit its own configuration
   */
  public static ImageModel read(Path path) throws IOException {
    try (ModelFile file = ModelFile.open(path)) {
      return read(file);
    }
  }

  /** The same from a file that is open; see {@link org.rgflow.model.ModelLocation}. */
  public static ImageModel read(ModelFile file) throws IOException {
    ImageModel described = describedBy(file);
    TensorLayout layout = described.layout();
    file.requireElements(ModelFile.Part.AVERAGE, layout.parameters());
    Heap.require(4L * layout.length(), "the parameters of " + file.name());
    float[] average = new float[layout.length()];
    file.read(ModelFile.Part.AVERAGE, layout, average);
    return new ImageModel(described.configuration, described.statistics, described.classes, average);
  }

  /**
   * Reads every tensor that a file must have: of a checkpoint also those that only a training needs.
   *
   * @throws IOException as {@link #read}
   */
  public static void check(ModelFile file) throws IOException {
    ImageModel model = read(file);
    if (file.isCheckpoint()) {
      float[] buffer = new float[model.parameters.length];
      for (ModelFile.Part part : ModelFile.Part.values()) {
        file.read(part, model.layout(), buffer);
      }
    }
    file.history();
  }

  /** What a file says of its model, without the parameters: those are an empty array. */
  public static ImageModel describedBy(ModelFile file) throws IOException {
    try {
      JsonObject json = file.configuration().deepCopy();
      JsonElement statistics = json.remove(STATISTICS);
      JsonElement names = json.remove(CLASSES);
      TrainingConfiguration configuration = TrainingConfiguration.ofJson(json);
      ImageModel model =
          new ImageModel(configuration, DataStatistics.ofJson(statistics), classNames(names), new float[0]);
      if (model.statistics.mean().length != configuration.unet().outputChannels()
          || model.classes.size() != configuration.diffusion().classes()) {
        throw new IOException("its statistics or classes do not fit its configuration");
      }
      model.requirePossible();
      return model;
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException("cannot read " + file.name() + ": " + OneLine.of(e.getMessage()), e);
    }
  }

  /** Whether a network, a schedule and a choice of class can be made of it, and some pictures have these statistics. */
  private void requirePossible() {
    configuration.unet().parameters(configuration.diffusion().classes());
    schedule();
    if (new HashSet<>(classes).size() < classes.size()) {
      throw new IllegalArgumentException("two of its classes have the same name");
    }
    // By Parseval, the modes of a patch of numbers in [-1, 1] are at most as large as its side.
    double most = 1.001 * configuration.diffusion().patch();
    for (int k = 0; k < statistics.mean().length; k++) {
      if (Math.abs(statistics.mean()[k]) > most || statistics.deviation()[k] > most) {
        throw new IllegalArgumentException("its statistics of the data are impossible: mode " + k + " has mean "
            + statistics.mean()[k] + " and standard deviation " + statistics.deviation()[k]);
      }
    }
  }

  /** Models without classes need not say so. */
  static List<String> classNames(JsonElement json) throws IOException {
    List<String> names = new ArrayList<>();
    if (json == null) {
      return names;
    }
    if (!(json instanceof JsonArray array)) {
      throw new IOException("its classes are not a list of names");
    }
    for (JsonElement element : array) {
      if (!(element instanceof JsonPrimitive name) || !name.isString()) {
        throw new IOException("its classes are not a list of names");
      }
      names.add(OneLine.of(name.getAsString()));
    }
    return names;
  }

  /** Configuration, statistics and names of the classes, as checkpoints hold them. */
  JsonObject toJson() {
    JsonObject json = configuration.toJson();
    json.add(STATISTICS, statistics.toJson());
    JsonArray names = new JsonArray();
    classes.forEach(names::add);
    json.add(CLASSES, names);
    return json;
  }

  private TensorLayout layout() {
    return TensorLayout.of(configuration.unet().layout(configuration.diffusion().classes()));
  }

  /** The noise schedule. */
  public NoiseSchedule schedule() {
    return NoiseSchedules.named(configuration.diffusion().schedule(), configuration.diffusion().patch(),
        configuration.data().colours(), statistics.deviation(), configuration.diffusion().steps(),
        configuration.diffusion().fermi());
  }

  UNet network(int batch, Purpose purpose) {
    return new UNet(configuration.unet(), batch, configuration.diffusion().classes(), configuration.run().seed(),
        purpose);
  }

  /** How a batch of this configuration's images lies in memory. */
  static PixelSpace space(TrainingConfiguration configuration, int batch) {
    int patch = configuration.diffusion().patch();
    int rows = configuration.data().height() / patch;
    int columns = configuration.data().width() / patch;
    int colours = configuration.data().colours();
    return new PixelSpace(new ModeBatch(batch, colours * patch * patch, rows * columns), colours, rows, columns, patch);
  }

  /** A denoiser around a network, preconditioned if the configuration says so. */
  Denoiser preconditioned(Denoiser network, NoiseSchedule schedule) {
    return configuration.diffusion().preconditioning() == DiffusionSettings.Preconditioning.NONE ? network
        : new PreconditionedDenoiser(network, schedule, statistics.mean(), statistics.deviation());
  }

  /**
   * How to draw with a method: from the moments of the data, at the published time steps for {@link
   * SamplingMethod#DDIM}, else evenly in log-SNR.
   *
   * @param eta strength of the noise; see {@link SamplingOptions}
   * @throws IllegalArgumentException if steps or η do not fit the method or the schedule
   */
  public SamplingOptions sampling(SamplingMethod method, double eta, int steps) {
    double[] times = method == SamplingMethod.DDIM
        ? SamplingOptions.rounded(configuration.diffusion().steps(), steps)
        : SamplingOptions.evenInLogSnr(schedule(), statistics.deviation(), steps);
    return new SamplingOptions(method, eta, times, statistics.mean(), statistics.deviation());
  }

  /**
   * Makes the model ready to draw images.
   *
   * @param batch images that are drawn at once; more are drawn in batches
   * @param guidance strength of classifier-free guidance, 1 for none
   * @throws IllegalArgumentException if guidance is asked of a model without classes, the options do not fit the
   *     schedule, or the batch does not fit the memory
   */
  public ImageSampler open(Device device, int batch, SamplingOptions options, double guidance) {
    if (guidance != 1 && classes.isEmpty()) {
      throw new IllegalArgumentException("guidance needs a model that was trained with labels, and this one was not");
    }
    TrainingPlan.sampling(configuration, guidance).require(batch, "take a smaller batch");
    UNet network = network(batch, Purpose.INFERENCE);
    System.arraycopy(parameters, 0, network.parameters().values(), 0, parameters.length);
    NoiseSchedule schedule = schedule();
    Denoiser denoiser = preconditioned(new NetworkDenoiser(network), schedule);
    return new ImageSampler(device, schedule, guidance == 1 ? denoiser : new GuidedDenoiser(denoiser, guidance),
        space(configuration, batch), options);
  }
}
