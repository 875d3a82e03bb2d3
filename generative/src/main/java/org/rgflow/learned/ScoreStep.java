package org.rgflow.learned;

import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.launch.ScoreLoss;
import org.rgflow.network.Parameters;
import org.rgflow.network.Purpose;
import org.rgflow.random.RandomStream;
import org.rgflow.training.Adam;
import org.rgflow.training.AdamOptions;

/** The step of a training of a {@link ScoreModel}: draw examples, regress, update. It allocates nothing. */
final class ScoreStep implements AutoCloseable {
  private static final AdamOptions ADAM = new AdamOptions(0.9, 0.99, 1e-8, 0, 1, 0.999);

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
        .add(new ScoreLoss(field.force(), batch.expected, batch.weight, field.forceGradient(), losses,
            1f / field.layout().size(), field.layout().lattice().sites()))
        .addAll(field.backward()).output((Object) losses);
    adam.record(program);
    session = device.open(program);
  }

  Parameters parameters() {
    return field.network().parameters();
  }

  Adam adam() {
    return adam;
  }

  /** Makes the host see parameters, their gradient, moments and average. */
  void download() {
    for (float[] state : new float[][] {
        parameters().values(), parameters().gradient(), adam.firstMoment(), adam.secondMoment(), adam.average()}) {
      session.download(state);
    }
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
