package org.rgflow.flow;

import java.util.List;
import org.rgflow.device.Device;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;
import org.rgflow.spectral.ModeTransform;

/** A flow before it is known which fields it will take: a recipe that makes a {@link Flow} for any layout. */
@FunctionalInterface
public interface FlowScheme {
  /** The schemes' names on the command line. */
  List<String> NAMES = List.of("polchinski", "wegner-morris", "stochastic-gradient-flow", "gradient-flow");

  Flow open(Device device, ModeTransform transform, RandomStream stream);

  /** {@link PolchinskiFlow}. */
  static FlowScheme polchinski(RunningCovariance covariance) {
    return (device, transform, stream) -> new PolchinskiFlow(device, transform, covariance, stream);
  }

  /** {@link StochasticGradientFlow} for the fields of an action. */
  static FlowScheme stochasticGradientFlow(Phi4Action action, double sigma) {
    return (device, transform, stream) ->
        new StochasticGradientFlow(device, transform, action.covarianceFactor(), sigma, stream);
  }

  /** {@link GradientFlow}. */
  static FlowScheme gradientFlow() {
    return (device, transform, stream) -> new GradientFlow(device, transform);
  }

  /**
   * {@link WegnerMorrisFlow}.
   *
   * @param steps steps between two scales
   */
  record WegnerMorris(RunningCovariance covariance, SeedAction seedAction, FlowIntegrator integrator, int steps)
      implements FlowScheme {
    @Override
    public Flow open(Device device, ModeTransform transform, RandomStream stream) {
      return new WegnerMorrisFlow(device, transform, covariance, seedAction, integrator, steps, stream);
    }

    /** One of {@code levels} flows on common Wiener paths: level l has 2^l times the steps. */
    Flow open(Device device, ModeTransform transform, RandomStream stream, int level, int levels) {
      return new WegnerMorrisFlow(device, transform, covariance, seedAction, integrator,
          Math.multiplyExact(steps, 1 << level), 1 << (levels - 1 - level), stream);
    }
  }
}
