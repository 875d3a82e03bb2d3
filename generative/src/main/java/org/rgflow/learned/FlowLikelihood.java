package org.rgflow.learned;

import java.util.Arrays;
import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.network.Purpose;

/**
 * The likelihood of given fields under a trained {@link ContinuousFlow}: they are carried back to the Gaussian, and
 * ln q is its density there, less the logarithm of the Jacobian. It belongs to the integrated flow, as that of {@link
 * FlowGenerator} does; the two agree up to the error of the Runge–Kutta steps.
 */
public final class FlowLikelihood implements AutoCloseable {
  private final ContinuousFlow flow;
  private final Program program;
  private final Session session;
  private final double[] logPrior;

  /**
   * Plans the memory and opens a session.
   *
   * @param steps Runge–Kutta steps, the training's or more
   */
  public FlowLikelihood(FlowModel model, int steps, Device device) {
    FlowShape shape = model.configuration().shape().withSteps(steps);
    flow = new ContinuousFlow(shape, FlowGenerator.batch(shape), Purpose.INFERENCE, device);
    System.arraycopy(model.parameters(), 0, flow.parameters().values(), 0, model.parameters().length);
    logPrior = new double[flow.layout().replicas()];
    program = new Program("likelihood").input(flow.start()).addAll(flow.prepare())
        .addAll(flow.carry(ContinuousFlow.Direction.NORMALISE)).addAll(flow.whiten()).output(flow.weighed());
    session = device.open(program);
  }

  /**
   * ln q of each field.
   *
   * @param fields [field][y][x]
   * @throws IllegalArgumentException if these are no whole fields
   */
  public double[] logLikelihood(float[] fields) {
    int sites = flow.shape().lattice().sites();
    if (fields.length % sites != 0) {
      throw new IllegalArgumentException(fields.length + " values are no whole fields of " + flow.shape().lattice());
    }
    double[] result = new double[fields.length / sites];
    int batch = flow.layout().replicas();
    for (int done = 0; done < result.length; done += batch) {
      int count = Math.min(batch, result.length - done);
      Arrays.fill(flow.start(), 0);
      for (int i = 0; i < count; i++) {
        flow.layout().scatter(fields, (done + i) * sites, flow.start(), i);
      }
      session.run(program);
      flow.logPrior(logPrior);
      for (int i = 0; i < count; i++) {
        result[done + i] = logPrior[i] - flow.logJacobian()[i];
      }
    }
    return result;
  }

  @Override
  public void close() {
    session.close();
  }
}
