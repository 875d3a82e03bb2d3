package org.rgflow.learned;

import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.kernels.VectorFieldKernels;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.network.Purpose;
import org.rgflow.random.RandomStream;

/**
 * Generates fields with a trained {@link ContinuousFlow}. Field number i is a function of model, seed and i alone.
 *
 * <p>Likelihoods are those of the integrated flow, ln q₀ − ∫ div dt; they belong to the fields up to the error of the
 * Runge–Kutta steps, which is of fourth order. More steps than the training's make it smaller.
 */
public final class FlowGenerator implements FieldGenerator {
  /** Name of the sampler in ensembles. */
  static final String NAME = "learned-flow";

  private static final long BATCH_SITES = 1 << 17;
  private static final int MAX_BATCH = 256;

  private final ContinuousFlow flow;
  private final RandomStream stream;
  private final Phi4Action action;
  private final FlowWeights weights;
  private final Program program;
  private final Session session;

  /**
   * Plans the memory and opens a session.
   *
   * @param steps Runge–Kutta steps, the training's or more
   */
  public FlowGenerator(FlowModel model, int steps, long seed, Device device) {
    action = model.configuration().action();
    FlowShape shape = model.configuration().shape().withSteps(steps);
    flow = new ContinuousFlow(shape, batch(shape), Purpose.INFERENCE, device);
    System.arraycopy(model.parameters(), 0, flow.parameters().values(), 0, model.parameters().length);
    stream = new RandomStream(seed);
    double[] rows = new double[flow.layout().replicas() * shape.lattice().ly()];
    weights = new FlowWeights(flow, rows);
    program = new Program("generate").input(stream.buffer()).addAll(flow.prepare()).addAll(flow.draw(stream))
        .addAll(flow.carry(ContinuousFlow.Direction.GENERATE))
        .addAll(flow.action(action, 0, rows)).output(flow.weighed()).output(rows, flow.end());
    session = device.open(program);
  }

  /**
   * Root mean square difference of ln w between a number of steps and half of it, over one batch: an upper estimate of
   * the error of the integration.
   */
  public static double integrationError(FlowModel model, int steps, long seed, Device device) {
    try (FlowGenerator fine = new FlowGenerator(model, steps, seed, device);
        FlowGenerator coarse = new FlowGenerator(model, Math.max(1, steps / 2), seed, device)) {
      double[] exact = fine.generate(0).logWeights();
      double[] rough = coarse.generate(0).logWeights();
      double sum = 0;
      for (int i = 0; i < exact.length; i++) {
        sum += (exact[i] - rough[i]) * (exact[i] - rough[i]);
      }
      return Math.sqrt(sum / exact.length);
    }
  }

  /** A function of the sizes alone, lest the numbers depend on how many are wanted. */
  static int batch(FlowShape shape) {
    long fitting = BATCH_SITES / shape.lattice().sites() / VectorFieldKernels.LANES * VectorFieldKernels.LANES;
    return (int) Math.max(VectorFieldKernels.LANES, Math.min(MAX_BATCH, fitting));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Phi4Action theory() {
    return action;
  }

  @Override
  public FieldLayout layout() {
    return flow.layout();
  }

  @Override
  public float[] field() {
    return flow.end();
  }

  @Override
  public int batch() {
    return flow.layout().replicas();
  }

  @Override
  public Batch generate(long index) {
    stream.seek(index);
    session.run(program);
    weights.evaluate();
    int sites = flow.shape().lattice().sites();
    float[] fields = new float[batch() * sites];
    for (int replica = 0; replica < batch(); replica++) {
      flow.layout().gather(flow.end(), replica, fields, replica * sites);
    }
    return new Batch(fields, weights.logLikelihood().clone(), weights.action().clone(), weights.logWeights().clone());
  }

  @Override
  public void close() {
    session.close();
  }
}
