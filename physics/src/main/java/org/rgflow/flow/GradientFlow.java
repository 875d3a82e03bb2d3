package org.rgflow.flow;

import org.rgflow.device.Device;
import org.rgflow.random.RandomStream;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.ModeTransform;

/**
 * Gradient (Wilson) flow of a scalar field, ∂_t φ = Δφ: {@link StochasticGradientFlow} without noise,
 * φ_t(p) = e^(−p̂²t) φ_0(p) with t = 1/Λ². Preserved: G_t/e^(−2p̂²t), configuration by configuration.
 */
public final class GradientFlow extends LinearFlow {
  /** @param transform the modes, with the layout of the fields */
  public GradientFlow(Device device, ModeTransform transform) {
    super(device, transform, new RandomStream(0), Noise.NONE);
  }

  @Override
  public String name() {
    return "gradient-flow";
  }

  @Override
  void transition(double from, double to, ModeSchedule.Transition result) {
    StochasticGradientFlow.fill(momentum2(), StochasticGradientFlow.time(from, to), 0, result);
  }

  @Override
  public ModeSchedule.Transition transition(double[] momentum2, double from, double to) {
    Scales.requireDescending(from, to);
    ModeSchedule.Transition result =
        new ModeSchedule.Transition(new double[momentum2.length], new double[momentum2.length]);
    StochasticGradientFlow.fill(momentum2, StochasticGradientFlow.time(from, to), 0, result);
    return result;
  }

  @Override
  public double subtraction(double momentum2) {
    return 0;
  }
}
