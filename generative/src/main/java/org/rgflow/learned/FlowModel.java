package org.rgflow.learned;

import java.io.IOException;
import org.rgflow.model.ModelFile;

/**
 * A trained {@link ContinuousFlow}.
 *
 * @param configuration of its training
 * @param parameters the moving average of its parameters
 */
public record FlowModel(FlowConfiguration configuration, float[] parameters) {
  /** What its configuration calls itself. */
  static final String KIND = "continuous-flow";

  /**
   * Reads one.
   *
   * @throws IOException if it is another kind of model, or damaged
   */
  public static FlowModel read(ModelFile file) throws IOException {
    FlowConfiguration configuration = configuration(file);
    FlowParameters parameters = parameters(file, configuration);
    file.read(ModelFile.Part.AVERAGE, parameters.layout(), parameters.values());
    return new FlowModel(configuration, parameters.values());
  }

  /**
   * The configuration alone.
   *
   * @throws IOException if it is another kind of model, or damaged
   */
  public static FlowConfiguration configuration(ModelFile file) throws IOException {
    try {
      return FlowConfiguration.ofJson(file.configuration());
    } catch (IOException e) {
      throw new IOException("cannot read " + file.name() + ": " + e.getMessage(), e);
    }
  }

  private static FlowParameters parameters(ModelFile file, FlowConfiguration configuration) throws IOException {
    file.requireElements(ModelFile.Part.AVERAGE, FlowParameters.count(configuration.shape()));
    return new FlowParameters(configuration.shape());
  }
}
