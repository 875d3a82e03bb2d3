package org.rgflow.learned;

import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.kernels.PhiloxKernels;
import org.rgflow.lattice.Ensemble;
import org.rgflow.launch.AccumulateGradient;
import org.rgflow.launch.ClearGradient;
import org.rgflow.launch.CopyValues;
import org.rgflow.network.Purpose;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.training.Adam;
import org.rgflow.training.AdamOptions;

/** The step of a training of a {@link ContinuousFlow}: generate, weigh, go back, update. It allocates nothing. */
final class FlowStep implements AutoCloseable {
  /** Published: the moments of Adam forget quickly. The moving average is what fields are generated with. */
  private static final AdamOptions ADAM =
      new AdamOptions(0.8, 0.9, 1e-8, 0, Double.POSITIVE_INFINITY, 0.995);

  private final FlowConfiguration configuration;
  private final ContinuousFlow flow;
  private final Adam adam;
  private final FlowWeights weights;
  private final RandomStream stream;
  private final Program program;
  private final Program forward;
  private final Program update = new Program("update");
  private final Session session;

  /** Plans the memory, starts the parameters, and opens a session. */
  FlowStep(FlowConfiguration configuration, Device device) {
    this.configuration = configuration;
    int batch = configuration.batchSize();
    flow = new ContinuousFlow(configuration.shape(), batch, Purpose.TRAINING, device);
    flow.parameters().initialise(configuration.seed(), configuration.action(), configuration.priorMass2());
    adam = new Adam(flow.parameters().values(), flow.parameters().gradient(), ADAM);
    stream = new RandomStream(configuration.seed());
    double[] rows = new double[batch * configuration.shape().lattice().ly()];
    weights = new FlowWeights(flow, rows);
    program = new Program("step of the flow").input(stream.buffer())
        .addAll(flow.prepare()).addAll(flow.draw(stream)).addAll(flow.carry(ContinuousFlow.Direction.GENERATE))
        .addAll(flow.action(configuration.action(), 1.0 / batch, rows))
        .addAll(flow.adjoint(ContinuousFlow.Direction.GENERATE, -1.0 / batch)).addAll(flow.priorGradient())
        .output(flow.weighed()).output((Object) rows);
    forward = new Program("forward entropy").input(flow.start())
        .addAll(flow.carry(ContinuousFlow.Direction.NORMALISE)).addAll(flow.whiten())
        .addAll(flow.priorForce(1.0 / batch)).addAll(flow.adjoint(ContinuousFlow.Direction.NORMALISE, 1.0 / batch))
        .addAll(flow.whiteningGradient());
    if (configuration.forwardWeight() > 0) {
      combine((float) configuration.forwardWeight());
    }
    adam.record(update);
    session = device.open(program, forward, update);
  }

  /** The gradient after {@code forward}: (1 − α) that of {@code program} + α its own. */
  private void combine(float alpha) {
    float[] gradient = flow.parameters().gradient();
    float[] sum = new float[gradient.length];
    program.add(new ClearGradient(sum, 1)).add(new AccumulateGradient(gradient, sum, 1 - alpha));
    forward.add(new AccumulateGradient(gradient, sum, alpha)).add(new CopyValues(sum, gradient, 1));
  }

  FlowParameters parameters() {
    return flow.parameters();
  }

  /** Makes the host see parameters, their gradient, moments and average. */
  void download() {
    for (float[] state : new float[][] {flow.parameters().values(), flow.parameters().gradient(), adam.firstMoment(),
        adam.secondMoment(), adam.average()}) {
      session.download(state);
    }
  }

  Adam adam() {
    return adam;
  }

  /** Weights of the fields that the last step generated. */
  FlowWeights weights() {
    return weights;
  }

  /**
   * Does a step.
   *
   * @param number of steps done before
   * @param examples configurations of the theory, null unless the forward entropy has a weight
   */
  void run(long number, Ensemble examples) {
    stream.seek(number);
    adam.prepare(number, configuration.rate(number));
    session.run(program);
    weights.evaluate();
    if (examples != null) {
      choose(examples);
      session.run(forward);
    }
    session.run(update);
  }

  /** A batch of configurations, drawn with replacement. */
  private void choose(Ensemble examples) {
    int sites = flow.shape().lattice().sites();
    for (int i = 0; i < flow.layout().replicas(); i++) {
      double u = PhiloxKernels.uniform(PhiloxKernels.word(0, i, Streams.LEARNED_EXAMPLES, stream.buffer()));
      long chosen = (long) (u * examples.snapshots() * examples.replicas());
      int replica = (int) (chosen % examples.replicas());
      flow.layout().scatter(
          examples.snapshot((int) (chosen / examples.replicas())), replica * sites, flow.start(), i);
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
