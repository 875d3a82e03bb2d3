package org.rgflow.learned;

import com.google.gson.JsonObject;
import java.io.IOException;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.model.ModelFile;
import org.rgflow.model.TensorLayout;
import org.rgflow.network.ParameterLayout;

/**
 * A trained score model: how to go back along the {@link ScorePath} of an ensemble.
 *
 * <p>In the whitened field u the score of the flowed ensemble is −u + r f, where r is the correlation with the bare
 * mode and f vanishes for Gaussian ensembles: the standardised anharmonic force of the bare field, as expected where
 * the flowed field is known, which is the force of Polchinski's running interaction,
 *
 * <pre>  f(u, s) = E[x₀ − √G ∂S/∂φ₀ | u] = E[(x₀ − r u)/(1−r²) | u],   E[x₀ | u] = r u + (1−r²) f.</pre>
 *
 * <p>(Tweedie's formula and integration by parts; the two expectations are equal in every ensemble e^(−S), whatever
 * G.) The network is f.
 */
public final class ScoreModel {
  /** What its configuration calls itself. */
  static final String KIND = "score";
  static final String STATISTICS = "statistics";

  private final ScoreConfiguration configuration;
  private final ScoreStatistics statistics;
  private final float[] parameters;

  /** @param parameters the moving average of the network's parameters */
  ScoreModel(ScoreConfiguration configuration, ScoreStatistics statistics, float[] parameters) {
    this.configuration = configuration;
    this.statistics = statistics;
    this.parameters = parameters;
  }

  /** Whether a file describes itself as a score model. */
  public static boolean describes(ModelFile file) {
    return Settings.kind(file.configuration()).equals(KIND);
  }

  /**
   * Reads one.
   *
   * @throws IOException if it is another kind of model, or damaged
   */
  public static ScoreModel read(ModelFile file) throws IOException {
    ScoreConfiguration configuration = configuration(file);
    ScoreStatistics statistics = statistics(file);
    ParameterLayout layout = configuration.shape().layout();
    file.requireElements(ModelFile.Part.AVERAGE, layout.size());
    float[] parameters = new float[layout.size()];
    file.read(ModelFile.Part.AVERAGE, TensorLayout.of(layout), parameters);
    return new ScoreModel(configuration, statistics, parameters);
  }

  /**
   * The configuration alone.
   *
   * @throws IOException if it is another kind of model, or damaged
   */
  public static ScoreConfiguration configuration(ModelFile file) throws IOException {
    try {
      return ScoreConfiguration.ofJson(file.configuration());
    } catch (IOException e) {
      throw new IOException("cannot read " + file.name() + ": " + e.getMessage(), e);
    }
  }

  static ScoreStatistics statistics(ModelFile file) throws IOException {
    try {
      return ScoreStatistics.ofJson(Settings.object(file.configuration(), STATISTICS),
          ScoreConfiguration.ofJson(file.configuration()).lattice());
    } catch (IOException e) {
      throw new IOException("cannot read " + file.name() + ": " + e.getMessage(), e);
    }
  }

  static JsonObject toJson(ScoreConfiguration configuration, ScoreStatistics statistics) {
    JsonObject json = configuration.toJson();
    json.add(STATISTICS, statistics.toJson());
    return json;
  }

  public ScoreConfiguration configuration() {
    return configuration;
  }

  ScoreStatistics statistics() {
    return statistics;
  }

  /** Parameters of the network, in its own layout. */
  public float[] parameters() {
    return parameters;
  }

  /**
   * The same model of the same ensemble with other parameters.
   *
   * @throws IllegalArgumentException if there are not as many
   */
  public ScoreModel withParameters(float[] other) {
    if (other.length != parameters.length) {
      throw new IllegalArgumentException(other.length + " parameters for a network of " + parameters.length);
    }
    return new ScoreModel(configuration, statistics, other);
  }

  /**
   * The same fields for another theory in the same convention: its weights make them those of that theory, at the cost
   * of effective sample size.
   *
   * @throws IllegalArgumentException if the hopping terms differ
   */
  public ScoreModel weighedFor(Phi4Action action) {
    if (action.hopping() != configuration.action().hopping()) {
      throw new IllegalArgumentException("a model of " + configuration.action() + " generates no fields of " + action
          + ": their kinetic terms differ");
    }
    return new ScoreModel(new ScoreConfiguration(action, configuration.side(), configuration.width(),
        configuration.blocks(), configuration.batchSize(), configuration.steps(), configuration.learningRate(),
        configuration.seed()), statistics, parameters);
  }

  /** The flow that the model goes back along. */
  public ScorePath path() {
    return statistics.path(configuration.lattice(), configuration.action());
  }
}
