package org.rgflow.learned;

import com.google.gson.JsonObject;
import java.io.IOException;
import org.rgflow.kernels.VectorFieldKernels;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.network.LatticeNetwork;

/**
 * A training of a score model.
 *
 * @param action of the ensemble
 * @param side sites per side of the lattice, which is square
 * @param width channels of the network
 * @param blocks residual blocks of the network
 * @param batchSize fields of a step, a multiple of 16
 * @param steps of the training
 * @param learningRate of Adam at the start
 * @param seed of all random numbers
 */
public record ScoreConfiguration(Phi4Action action, int side, int width, int blocks, int batchSize, long steps,
    double learningRate, long seed) {
  /** Steps in which the learning rate rises, while the optimiser gets to know the gradient. */
  private static final double WARMING = 100;

  /** Part of a training in which the learning rate falls to 0. */
  private static final double COOLING = 0.6;

  /** Fields that the network reads: the whitened field and the Wiener filter's estimate of the bare one. */
  private static final int INPUTS = 2;

  /** @throws IllegalArgumentException if a number is out of its range */
  public ScoreConfiguration {
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
    new LatticeNetwork.Shape(INPUTS, side, width, blocks);
  }

  /** The usual training: a network of 2 blocks of 32 channels, batches of 256, rate 0.003. */
  public static ScoreConfiguration of(Phi4Action action, int side, long steps, long seed) {
    return new ScoreConfiguration(action, side, 32, 2, 256, steps, 0.003, seed);
  }

  /** The lattice. */
  public Lattice lattice() {
    return Lattice.square(side);
  }

  /** Sizes of the network. */
  public LatticeNetwork.Shape shape() {
    return new LatticeNetwork.Shape(INPUTS, side, width, blocks);
  }

  /** The learning rate of the step after {@code done} steps: rising, constant, then falling linearly to 0. */
  double rate(long done) {
    return learningRate * Math.min(1, Math.min((done + 1.0) / WARMING, (steps - done) / (COOLING * steps)));
  }

  /** The same training of more or fewer steps. */
  public ScoreConfiguration withSteps(long other) {
    return new ScoreConfiguration(action, side, width, blocks, batchSize, other, learningRate, seed);
  }

  /** Whether a training can go on with the other one's steps. */
  boolean sameBut(ScoreConfiguration other) {
    return withSteps(other.steps).equals(other);
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("model", ScoreModel.KIND);
    json.add("action", Settings.ofAction(action));
    json.addProperty("lattice", lattice().toString());
    json.addProperty("width", width);
    json.addProperty("blocks", blocks);
    json.addProperty("batchSize", batchSize);
    json.addProperty("steps", steps);
    json.addProperty("learningRate", learningRate);
    json.addProperty("seed", Long.toString(seed));
    return json;
  }

  static ScoreConfiguration ofJson(JsonObject json) throws IOException {
    if (!Settings.kind(json).equals(ScoreModel.KIND)) {
      throw new IOException("that is no score model; 'rgflow phi4 learn --method score' makes them");
    }
    try {
      Lattice lattice = Lattice.parse(Settings.text(json, "lattice"));
      if (lattice.lx() != lattice.ly()) {
        throw new IOException("its lattice " + lattice + " is not square");
      }
      return new ScoreConfiguration(Settings.action(json), lattice.lx(), Settings.whole(json, "width"),
          Settings.whole(json, "blocks"), Settings.whole(json, "batchSize"), Settings.whole(json, "steps"),
          Settings.number(json, "learningRate"), Long.parseLong(Settings.text(json, "seed")));
    } catch (IllegalArgumentException e) {
      throw new IOException("its configuration is impossible: " + e.getMessage(), e);
    }
  }
}
