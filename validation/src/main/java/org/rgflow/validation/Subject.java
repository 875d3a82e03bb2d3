package org.rgflow.validation;

import java.io.IOException;
import org.rgflow.device.Device;
import org.rgflow.flow.Flow;
import org.rgflow.flow.FlowIntegrator;
import org.rgflow.flow.PolchinskiFlow;
import org.rgflow.flow.RunningCovariance;
import org.rgflow.flow.SeedAction;
import org.rgflow.flow.StochasticGradientFlow;
import org.rgflow.flow.WegnerMorrisFlow;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.learned.FlowGenerator;
import org.rgflow.learned.FlowModel;
import org.rgflow.learned.ScoreGenerator;
import org.rgflow.learned.ScoreModel;
import org.rgflow.model.ModelFile;
import org.rgflow.model.ModelLocation;
import org.rgflow.random.RandomStream;
import org.rgflow.sampler.Hmc;
import org.rgflow.sampler.HmcOptions;
import org.rgflow.sampler.Integrator;
import org.rgflow.sampler.Sampler;
import org.rgflow.sampler.SamplerOptions;
import org.rgflow.sampler.Samplers;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.ModeTransform;
import org.rgflow.transport.FokkerPlanck;
import org.rgflow.transport.MinimisingMovement;

/**
 * What is under test: the parts of the library that the checks look at, all of them the library's own
 * unless overridden. Tests put deliberately wrong ones in their place to show that the checks notice;
 * someone with a sampler or flow of their own can check it in the same way.
 */
public interface Subject {
  /** The library itself. */
  Subject LIBRARY = new Subject() {};

  /** The finite step x ← a x + √n ξ of every mode. */
  default ModeSchedule.Transition transition(
      ModeSchedule schedule, double from, double to, ModeSchedule.Variable variable) {
    return schedule.transition(from, to, variable);
  }

  /** The drift rate b of dφ = −b φ dτ + √B dW, τ = −μ: Polchinski's B/C. */
  default double driftRate(ModeSchedule schedule, int mode, double scale) {
    return schedule.noiseRate(mode, scale) / schedule.covariance(mode, scale);
  }

  /** The noise strength B of dφ = −b φ dτ + √B dW, τ = −μ: ∂C/∂μ. */
  default double noiseRate(ModeSchedule schedule, int mode, double scale) {
    return schedule.noiseRate(mode, scale);
  }

  /** The mobility M of the gradient flow ∂_t P = ∂·(M P ∂ ln(P/Q)): B/2. */
  default double mobility(double noiseRate) {
    return 0.5 * noiseRate;
  }

  /** The number w in Q ∝ e^(−wŜ): 2. */
  default double targetWeight() {
    return 2;
  }

  /** A Fokker–Planck equation solved on its grid for a time. */
  default double[] fokkerPlanck(FokkerPlanck equation, double[] density, double time) {
    return equation.evolve(density, time);
  }

  /** A minimising movement of KL(·‖Q), Q the law at rest of a Fokker–Planck equation, in the metric of its mobility. */
  default MinimisingMovement.Step minimisingMovement(FokkerPlanck equation, double[] density, double step) {
    return new MinimisingMovement(equation).step(density, step);
  }

  /** Polchinski's flow of lattice fields. */
  default Flow polchinski(Device device, ModeTransform transform, RunningCovariance covariance, RandomStream stream) {
    return new PolchinskiFlow(device, transform, covariance, stream);
  }

  /** A Wegner–Morris flow of lattice fields. */
  default Flow wegnerMorris(Device device, ModeTransform transform, RunningCovariance covariance, SeedAction seedAction,
      FlowIntegrator integrator, int steps, RandomStream stream) {
    return new WegnerMorrisFlow(device, transform, covariance, seedAction, integrator, steps, stream);
  }

  /**
   * A Wegner–Morris flow whose noise is that of a flow with {@code refinement} times the steps on the same Wiener path.
   */
  default Flow coupledWegnerMorris(Device device, ModeTransform transform, RunningCovariance covariance,
      SeedAction seedAction, FlowIntegrator integrator, int steps, int refinement, RandomStream stream) {
    return new WegnerMorrisFlow(device, transform, covariance, seedAction, integrator, steps, refinement, stream);
  }

  /** Stochastic gradient flow of lattice fields. */
  default Flow stochasticGradientFlow(
      Device device, ModeTransform transform, double factor, double sigma, RandomStream stream) {
    return new StochasticGradientFlow(device, transform, factor, sigma, stream);
  }

  /** A sampler by its name in {@link Samplers}. */
  default Sampler sampler(String name, Phi4Action action, FieldLayout layout, RandomStream stream, Device device,
      SamplerOptions options) {
    return Samplers.create(name, action, layout, stream, device, options);
  }

  /** Hybrid Monte Carlo with chosen options. */
  default Hmc hmc(Phi4Action action, FieldLayout layout, float[] field, RandomStream stream, Device device,
      HmcOptions options) {
    return new Hmc(action, layout, field, stream, device, options);
  }

  /** A trained flow that comes with the project, by its name without {@value ModelLocation#BUNDLED}. */
  default FlowModel flowModel(String name) throws IOException {
    try (ModelFile file = ModelLocation.of(ModelLocation.BUNDLED + name).open()) {
      return FlowModel.read(file);
    }
  }

  /** A batch of what a trained flow generates, with likelihoods and weights. */
  default FlowGenerator.Batch generate(FlowGenerator generator, long index) {
    return generator.generate(index);
  }

  /** A trained score that comes with the project, by its name without {@value ModelLocation#BUNDLED}. */
  default ScoreModel scoreModel(String name) throws IOException {
    try (ModelFile file = ModelLocation.of(ModelLocation.BUNDLED + name).open()) {
      return ScoreModel.read(file);
    }
  }

  /** A batch of what a trained score generates, with weights, seen so often on the way. */
  default ScoreGenerator.Trajectory generate(ScoreGenerator generator, long index, int stops) {
    return generator.generate(index, stops);
  }

  /** The kicks and drifts of a molecular-dynamics trajectory; see {@link Integrator#stages}. */
  default void stages(Integrator integrator, double stepSize, int steps, float[] stages) {
    integrator.stages(stepSize, steps, stages);
  }
}
