package org.rgflow.learned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.network.Purpose;
import org.rgflow.random.RandomStream;

/** The flow and its gradient against the formulas in double. */
class ContinuousFlowTest {
  private static final Phi4Action ACTION = Phi4Action.gerdes(-4, 6);
  private static final int BATCH = 32;

  /** Parameters away from the start, of a flow that is far from linear. */
  private static double[] randomise(FlowParameters parameters, long seed) {
    parameters.initialise(seed, ACTION, 1);
    Random random = new Random(seed);
    float[] values = parameters.values();
    for (int i = parameters.kernel; i < parameters.prior; i++) {
      values[i] = (float) (1.5 * random.nextGaussian());
    }
    double[] copy = new double[values.length];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = values[i];
    }
    return copy;
  }

  private static double[] replica(FieldLayout layout, float[] field, int replica) {
    float[] values = new float[layout.lattice().sites()];
    layout.gather(field, replica, values, 0);
    double[] result = new double[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = values[i];
    }
    return result;
  }

  @ParameterizedTest(name = "{0}x{1}")
  @CsvSource({"2,2,5,3,2", "3,3,7,4,3", "4,6,49,20,2", "5,5,6,5,1"})
  void carriesFieldsAsTheFormulasSay(int lx, int ly, int frequencies, int features, int steps) {
    FlowShape shape = new FlowShape(new Lattice(lx, ly), frequencies, features, 4, 3, steps);
    try (Device device = new JvmDevice(2)) {
      ContinuousFlow flow = new ContinuousFlow(shape, BATCH, Purpose.INFERENCE, device);
      double[] parameters = randomise(flow.parameters(), 11);
      Program program = new Program("flow").addAll(flow.prepare()).addAll(flow.draw(new RandomStream(3)))
          .addAll(flow.carry(ContinuousFlow.Direction.GENERATE));
      float[] start = new float[flow.start().length];
      Program begin = new Program("start").addAll(flow.prepare()).addAll(flow.draw(new RandomStream(3)));
      double[] logPrior = new double[BATCH];
      try (Session session = device.open(program, begin)) {
        session.run(begin);
        System.arraycopy(flow.start(), 0, start, 0, start.length);
        session.run(program);
        flow.logPrior(logPrior);
      }
      ReferenceFlow reference = new ReferenceFlow(shape, flow.parameters(), parameters);
      for (int r : new int[] {0, 13, BATCH - 1}) {
        double[] noise = replica(flow.layout(), flow.noise(), r);
        double[] phi = reference.prior(noise);
        assertThat(replica(flow.layout(), start, r)).containsExactly(phi, within(2e-6));
        double log = reference.carry(phi, ContinuousFlow.Direction.GENERATE);
        assertThat(replica(flow.layout(), flow.end(), r)).containsExactly(phi, within(3e-5));
        assertThat(flow.logJacobian()[r]).isCloseTo(log, within(2e-5 * Math.max(1, shape.lattice().sites())));
        assertThat(logPrior[r]).isCloseTo(reference.logPrior(noise), within(1e-5));
        assertThat(Math.abs(log)).as("the flow does something").isGreaterThan(0.05);
      }
    }
  }

  @ParameterizedTest(name = "{0}x{1}")
  @CsvSource({"2,2,5,3,2", "3,3,7,4,2", "4,6,9,5,2", "4,4,49,20,1"})
  void gradientIsThatOfTheDiscretisedFlow(int lx, int ly, int frequencies, int features, int steps) {
    FlowShape shape = new FlowShape(new Lattice(lx, ly), frequencies, features, 4, 3, steps);
    int batch = 16;
    try (Device device = new JvmDevice(2)) {
      ContinuousFlow flow = new ContinuousFlow(shape, batch, Purpose.TRAINING, device);
      double[] parameters = randomise(flow.parameters(), 5);
      double[] rows = new double[batch * ly];
      Program program = new Program("gradient").addAll(flow.prepare()).addAll(flow.draw(new RandomStream(3)))
          .addAll(flow.carry(ContinuousFlow.Direction.GENERATE)).addAll(flow.action(ACTION, 1.0 / batch, rows))
          .addAll(flow.adjoint(ContinuousFlow.Direction.GENERATE, -1.0 / batch)).addAll(flow.priorGradient());
      try (Session session = device.open(program)) {
        session.run(program);
      }
      double[][] noise = new double[batch][];
      for (int r = 0; r < batch; r++) {
        noise[r] = replica(flow.layout(), flow.noise(), r);
      }
      assertGradient(flow.parameters(), parameters, moved -> loss(shape, flow.parameters(), moved, noise));
    }
  }

  /** A dozen of each kind of parameter against finite differences in double; gradients are sums of many floats. */
  private static void assertGradient(FlowParameters p, double[] parameters, ToDoubleFunction<double[]> loss) {
    float[] gradient = p.gradient();
    double norm = 0;
    for (float g : gradient) {
      norm = Math.max(norm, Math.abs(g));
    }
    Random random = new Random(1);
    for (int[] range : List.of(new int[] {p.frequencies, p.mixing}, new int[] {p.mixing, p.times},
        new int[] {p.times, p.kernel}, new int[] {p.kernel, p.prior}, new int[] {p.prior, gradient.length})) {
      double largest = 0;
      for (int i = range[0]; i < range[1]; i++) {
        largest = Math.max(largest, Math.abs(gradient[i]));
      }
      assertThat(largest).isPositive();
      for (int trial = 0; trial < 12; trial++) {
        int i = range[0] + random.nextInt(range[1] - range[0]);
        assertThat((double) gradient[i]).as("parameter %d of %d…%d", i, range[0], range[1])
            .isCloseTo(slope(parameters, i, loss), within(2e-5 * largest + 2e-6 * norm));
      }
    }
  }

  @ParameterizedTest(name = "{0}x{1}")
  @CsvSource({"3,3,7,4,2", "2,4,9,5,2"})
  void gradientOfTheLikelihoodIsThatOfTheDiscretisedFlow(int lx, int ly, int frequencies, int features, int steps) {
    FlowShape shape = new FlowShape(new Lattice(lx, ly), frequencies, features, 4, 3, steps);
    int batch = 16;
    try (Device device = new JvmDevice(2)) {
      ContinuousFlow flow = new ContinuousFlow(shape, batch, Purpose.TRAINING, device);
      double[] parameters = randomise(flow.parameters(), 6);
      Program begin = new Program("start").addAll(flow.prepare()).addAll(flow.draw(new RandomStream(3)));
      Program program = new Program("gradient").addAll(flow.carry(ContinuousFlow.Direction.NORMALISE))
          .addAll(flow.whiten()).addAll(flow.priorForce(1.0 / batch)).addAll(flow.adjoint(ContinuousFlow.Direction.NORMALISE, 1.0 / batch))
          .addAll(flow.whiteningGradient());
      double[][] fields = new double[batch][];
      double[] logPrior = new double[batch];
      try (Session session = device.open(begin, program)) {
        session.run(begin);
        for (int r = 0; r < batch; r++) {
          fields[r] = replica(flow.layout(), flow.start(), r);
        }
        session.run(program);
        flow.logPrior(logPrior);
      }
      double loss = 0;
      for (int r = 0; r < batch; r++) {
        loss -= (logPrior[r] - flow.logJacobian()[r]) / batch;
      }
      ToDoubleFunction<double[]> expected = moved -> negativeLogLikelihood(shape, flow.parameters(), moved, fields);
      assertThat(loss).isCloseTo(expected.applyAsDouble(parameters), within(1e-4));
      assertGradient(flow.parameters(), parameters, expected);
    }
  }

  private static double negativeLogLikelihood(
      FlowShape shape, FlowParameters layout, double[] parameters, double[][] fields) {
    ReferenceFlow reference = new ReferenceFlow(shape, layout, parameters);
    double sum = 0;
    for (double[] field : fields) {
      double[] phi = field.clone();
      double log = reference.carry(phi, ContinuousFlow.Direction.NORMALISE);
      sum += log - reference.logPrior(reference.whiten(phi));
    }
    return sum / fields.length;
  }

  /** Fourth-order central difference. */
  private static double slope(double[] parameters, int i, ToDoubleFunction<double[]> loss) {
    double h = 1e-3;
    double[] moved = parameters.clone();
    double slope = 0;
    for (int k : new int[] {-2, -1, 1, 2}) {
      moved[i] = parameters[i] + k * h;
      double weight = switch (k) {
        case -2 -> 1;
        case -1 -> -8;
        case 1 -> 8;
        default -> -1;
      };
      slope += weight * loss.applyAsDouble(moved);
    }
    return slope / (12 * h);
  }

  /** Mean of S − ln |∂φ(1)/∂φ(0)| + ln q₀. */
  private static double loss(FlowShape shape, FlowParameters layout, double[] parameters, double[][] noise) {
    ReferenceFlow reference = new ReferenceFlow(shape, layout, parameters);
    double sum = 0;
    for (double[] xi : noise) {
      double[] phi = reference.prior(xi);
      double log = reference.carry(phi, ContinuousFlow.Direction.GENERATE);
      sum += ReferenceFlow.action(phi, ACTION, shape.lattice()) - log + reference.logPrior(xi);
    }
    return sum / noise.length;
  }

  @Test
  void goingBackUndoesTheFlow() {
    FlowShape shape = new FlowShape(new Lattice(4, 4), 9, 5, 4, 3, 40);
    try (Device device = new JvmDevice(2)) {
      ContinuousFlow there = new ContinuousFlow(shape, BATCH, Purpose.INFERENCE, device);
      ContinuousFlow back = new ContinuousFlow(shape, BATCH, Purpose.INFERENCE, device);
      randomise(there.parameters(), 8);
      randomise(back.parameters(), 8);
      Program generate = new Program("there").addAll(there.prepare()).addAll(there.draw(new RandomStream(1)))
          .addAll(there.carry(ContinuousFlow.Direction.GENERATE));
      Program normalise = new Program("back").addAll(back.prepare())
          .addAll(back.carry(ContinuousFlow.Direction.NORMALISE));
      Program begin = new Program("start").addAll(there.prepare()).addAll(there.draw(new RandomStream(1)));
      try (Session session = device.open(generate, normalise, begin)) {
        session.run(generate);
        System.arraycopy(there.end(), 0, back.start(), 0, back.start().length);
        session.run(normalise);
        session.run(begin);
      }
      for (int i = 0; i < there.start().length; i++) {
        assertThat(back.end()[i]).isCloseTo(there.start()[i], within(2e-5f));
      }
      for (int r = 0; r < BATCH; r++) {
        assertThat(back.logJacobian()[r]).isCloseTo(there.logJacobian()[r], within(2e-4));
      }
    }
  }
}
