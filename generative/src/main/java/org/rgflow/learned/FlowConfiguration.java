package org.rgflow.learned;

import com.google.gson.JsonObject;
import java.io.IOException;
import org.rgflow.kernels.VectorFieldKernels;
import org.rgflow.lattice.Phi4Action;

/**
 * A training of a {@link ContinuousFlow}.
 *
 * @param action what is to be sampled
 * @param shape sizes of the flow
 * @param priorMass2 M² of the free field z/(p̂² + M²) with which the Gaussian starts
 * @param batchSize fields of a step, a multiple of 16
 * @param steps of the training
 * @param learningRate of Adam at the start
 * @param decaySteps steps in which the learning rate falls to a tenth
 * @param forwardWeight α in [0, 1): what is descended is (1 − α) KL(q ‖ p) + α KL(p ‖ q), the latter on configurations
 *     of the theory; 0 needs none
 * @param seed of all random numbers
 */
public record FlowConfiguration(Phi4Action action, FlowShape shape, double priorMass2, int batchSize, long steps,
    double learningRate, double decaySteps, double forwardWeight, long seed) {
  /** Part of a training in which the learning rate falls to 0. */
  private static final double COOLING = 0.35;
  private static final double LN_10 = StrictMath.log(10);

  /** @throws IllegalArgumentException if a number is out of its range */
  public FlowConfiguration {
    if (!(priorMass2 > 0) || !Double.isFinite(priorMass2)) {
      throw new IllegalArgumentException("the prior's mass squared must be a positive number, not " + priorMass2);
    }
    if (batchSize < VectorFieldKernels.LANES || batchSize % VectorFieldKernels.LANES != 0 || batchSize > 1 << 16) {
      throw new IllegalArgumentException("the batch size must be a multiple of " + VectorFieldKernels.LANES
          + " up to 65536, not " + batchSize);
    }
    if (steps < 1) {
      throw new IllegalArgumentException("a training has at least 1 step, not " + steps);
    }
    if (!(learningRate > 0) || !Double.isFinite(learningRate)) {
      throw new IllegalArgumentException("the learning rate must be a positive number, not " + learningRate);
    }
    if (!(decaySteps > 0)) {
      throw new IllegalArgumentException(
          "the learning rate must fall in a positive number of steps, not " + decaySteps);
    }
    if (!(forwardWeight >= 0 && forwardWeight < 1)) {
      throw new IllegalArgumentException("the weight of the forward entropy must be at least 0 and less than 1, not "
          + forwardWeight);
    }
  }

  /** The published training: batches of 256, rate 0.005, a tenth of it after 8000 steps. */
  public static FlowConfiguration of(Phi4Action action, FlowShape shape, long steps, long seed) {
    return new FlowConfiguration(action, shape, 1, 256, steps, 0.005, 8000, 0, seed);
  }

  /**
   * The learning rate of the step that comes after {@code done} steps: {@code learningRate} · 10^(−done/decaySteps),
   * and over the last {@value #COOLING} of the steps this times a factor that falls from 1 to 0.
   */
  double rate(long done) {
    // StrictMath, as a run that is resumed on another machine must go on with the same numbers; its pow allocates.
    return learningRate * StrictMath.exp(-LN_10 * done / decaySteps)
        * Math.min(1, (steps - done) / (COOLING * steps));
  }

  /** The same training of more or fewer steps. */
  public FlowConfiguration withSteps(long other) {
    return new FlowConfiguration(action, shape, priorMass2, batchSize, other, learningRate, decaySteps, forwardWeight,
        seed);
  }

  /** Whether a training can go on with the other one's steps. */
  boolean sameBut(FlowConfiguration other) {
    return withSteps(other.steps).equals(other);
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("model", FlowModel.KIND);
    json.add("action", Settings.ofAction(action));
    json.add("flow", shape.toJson());
    json.addProperty("priorMass2", priorMass2);
    json.addProperty("batchSize", batchSize);
    json.addProperty("steps", steps);
    json.addProperty("learningRate", learningRate);
    json.addProperty("decaySteps", decaySteps);
    json.addProperty("forwardWeight", forwardWeight);
    json.addProperty("seed", Long.toString(seed));
    return json;
  }

  static FlowConfiguration ofJson(JsonObject json) throws IOException {
    if (Settings.kind(json).equals(ScoreModel.KIND)) {
      throw new IOException("that is a score model, but a flow is wanted");
    }
    if (!Settings.kind(json).equals(FlowModel.KIND)) {
      throw new IOException("that is no model of lattice fields; 'rgflow phi4 learn' makes them");
    }
    try {
      return new FlowConfiguration(Settings.action(json), FlowShape.ofJson(Settings.object(json, "flow")),
          Settings.number(json, "priorMass2"), Settings.whole(json, "batchSize"), Settings.whole(json, "steps"),
          Settings.number(json, "learningRate"), Settings.number(json, "decaySteps"),
          Settings.number(json, "forwardWeight"), Long.parseLong(Settings.text(json, "seed")));
    } catch (IllegalArgumentException e) {
      throw new IOException("its configuration is impossible: " + e.getMessage(), e);
    }
  }
}
