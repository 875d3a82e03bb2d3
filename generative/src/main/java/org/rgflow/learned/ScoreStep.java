package org.rgflow.learned;

import org.rgflow.device.Device;
import org.rgflow.device.JvmLaunch;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.kernels.VectorFieldKernels;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.network.Parameters;
import org.rgflow.network.Purpose;
import org.rgflow.random.RandomStream;
import org.rgflow.training.Adam;
import org.rgflow.training.AdamOptions;

/** The step of a training of a {@link ScoreModel}: draw examples, regress, update. It allocates nothing. */
final class ScoreStep implements AutoCloseable {
  private static final AdamOptions ADAM = new AdamOptions(0.9, 0.99, 1e-8, 0, 1, 0.999);
  private static final int LANES = VectorFieldKernels.LANES;

  private final ScoreConfiguration configuration;
  private final ScoreField field;
  private final Adam adam;
  private final RandomStream stream;
  private final double[] losses;
  private final Session session;
  private final Program program;

  /**
   * Plans the memory, starts the parameters, and opens a session.
   *
   * @param statistics of the ensemble, as the training began with them
   */
  ScoreStep(ScoreConfiguration configuration, ScoreStatistics statistics, ScoreExamples examples, Device device) {
    this.configuration = configuration;
    field = new ScoreField(configuration, statistics, configuration.batchSize(), Purpose.TRAINING, device);
    adam = new Adam(parameters().values(), parameters().gradient(), ADAM);
    stream = new RandomStream(configuration.seed());
    losses = new double[configuration.batchSize()];
    ScoreExamples.Batch batch = examples.new Batch(field, statistics, stream);
    program = new Program("step of the score").input(stream.buffer()).addAll(batch.draw()).addAll(field.forward())
        .add(gains(batch)).addAll(field.backward());
    adam.record(program);
    session = device.open(program);
  }

  /** The loss of each field, and its gradient with respect to the force, per site. */
  private JvmLaunch gains(ScoreExamples.Batch batch) {
    FieldLayout layout = field.layout();
    int sites = layout.lattice().sites();
    float scale = 1f / layout.size();
    float[] force = field.force();
    return JvmLaunch.each(layout.blocks(), 10 * sites * LANES, block -> {
      for (int lane = 0; lane < LANES; lane++) {
        double sum = 0;
        for (int k = 0; k < sites; k++) {
          int i = (block * sites + k) * LANES + lane;
          sum += 0.5 * batch.weight[i] * force[i] * (force[i] - 2 * batch.expected[i]);
          field.forceGradient()[i] = scale * batch.weight[i] * (force[i] - batch.expected[i]);
        }
        losses[block * LANES + lane] = sum;
      }
    });
  }

  Parameters parameters() {
    return field.network().parameters();
  }

  Adam adam() {
    return adam;
  }

  /**
   * Does a step.
   *
   * @param number of steps done before
   */
  void run(long number) {
    stream.seek(number);
    adam.prepare(number, configuration.rate(number));
    session.run(program);
  }

  /** Mean over the fields of the last step. */
  double loss() {
    double sum = 0;
    for (double loss : losses) {
      sum += loss / losses.length;
    }
    return sum;
  }

  @Override
  public void close() {
    session.close();
  }
}
