package org.rgflow.sampler;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rgflow.device.Device;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;
import org.rgflow.text.NearestName;

/** The samplers by name. */
public final class Samplers {
  private interface Factory {
    Sampler create(Phi4Action action, FieldLayout layout, float[] field, RandomStream stream, Device device,
        SamplerOptions options);
  }

  private static final Map<String, Factory> FACTORIES = new LinkedHashMap<>();

  static {
    FACTORIES.put("hmc", (action, layout, field, stream, device, options) ->
        hmc(Integrator.LEAPFROG, false, action, layout, field, stream, device, options));
    FACTORIES.put("hmc-omelyan", (action, layout, field, stream, device, options) ->
        hmc(Integrator.OMELYAN, false, action, layout, field, stream, device, options));
    FACTORIES.put("hmc-fourier", (action, layout, field, stream, device, options) ->
        hmc(Integrator.LEAPFROG, true, action, layout, field, stream, device, options));
    FACTORIES.put("hmc-omelyan-fourier", (action, layout, field, stream, device, options) ->
        hmc(Integrator.OMELYAN, true, action, layout, field, stream, device, options));
    FACTORIES.put("metropolis", (action, layout, field, stream, device, options) -> {
      requireNoTrajectory("metropolis", options);
      return withRange(new Metropolis(action, layout, field, stream, device,
          overrelaxation(options, Metropolis.OVERRELAXATION_SWEEPS)), options);
    });
    for (Cluster.Algorithm algorithm : Cluster.Algorithm.values()) {
      FACTORIES.put(algorithm.label(), (action, layout, field, stream, device, options) -> {
        requireNoTrajectory(algorithm.label(), options);
        return withRange(new Cluster(algorithm, action, layout, field, stream, device,
            overrelaxation(options, Cluster.OVERRELAXATION_SWEEPS)), options);
      });
    }
    for (Langevin.Scheme scheme : Langevin.Scheme.values()) {
      FACTORIES.put(scheme.label(), (action, layout, field, stream, device, options) -> {
        requireNoTrajectory(scheme.label(), options);
        return new Langevin(scheme, action, layout, field, stream, device, options.stepSize(), options.steps());
      });
    }
  }

  private Samplers() {}

  private static Sampler hmc(Integrator integrator, boolean accelerated, Phi4Action action, FieldLayout layout,
      float[] field, RandomStream stream, Device device, SamplerOptions options) {
    HmcOptions hmc = HmcOptions.standard(integrator, action.hopping());
    if (accelerated || options.accelerationMass2() > 0) {
      double side = Math.max(layout.lattice().lx(), layout.lattice().ly());
      // Accelerated modes have unit frequency; without a given mass the one of a correlation length of L/4.
      hmc = hmc.withAcceleration(options.accelerationMass2() > 0 ? options.accelerationMass2() : 16 / (side * side))
          .withTrajectoryLength(Math.PI / 2);
    }
    if (options.trajectoryLength() > 0) {
      hmc = hmc.withTrajectoryLength(options.trajectoryLength());
    }
    if (options.steps() > 0) {
      hmc = hmc.withSteps(options.steps());
    } else if (options.stepSize() > 0) {
      hmc = hmc.withSteps((int) Math.clamp(Math.rint(hmc.trajectoryLength() / options.stepSize()), 1, Hmc.MAX_STEPS));
    }
    if (options.stepSize() > 0) {
      if (options.steps() > 0 && options.trajectoryLength() > 0) {
        throw new IllegalArgumentException(
            "of step size, number of steps and trajectory length two fix the third; leave one of them away");
      }
      // The step size is taken at its word, and the trajectory is the whole number of steps nearest to its length.
      hmc = hmc.withTrajectoryLength(hmc.steps() * options.stepSize());
    }
    return new Hmc(action, layout, field, stream, device, hmc);
  }

  /** The known names. */
  public static List<String> names() {
    return List.copyOf(FACTORIES.keySet());
  }

  /**
   * Makes a sampler whose first configuration is {@link SamplerOptions#start}.
   *
   * @param name one of {@link #names}
   * @throws IllegalArgumentException if there is no such sampler (with the nearest name), or if the
   *     sampler refuses an option
   */
  public static Sampler create(String name, Phi4Action action, FieldLayout layout, RandomStream stream, Device device,
      SamplerOptions options) {
    Factory factory = factory(name);
    return factory.create(action, layout, options.start().field(action, layout, stream), stream, device, options);
  }

  /**
   * Makes a sampler that continues from a field; {@link SamplerOptions#start} is not used. With the
   * stream's position and the tuning restored as well, it continues bit for bit.
   *
   * @param name one of {@link #names}
   * @param field configuration in {@code layout}, which becomes the chain's own buffer
   * @throws IllegalArgumentException as above, or if the field does not have the layout's size
   */
  public static Sampler create(String name, Phi4Action action, FieldLayout layout, float[] field, RandomStream stream,
      Device device, SamplerOptions options) {
    return factory(name).create(action, layout, field, stream, device, options);
  }

  private static Factory factory(String name) {
    Factory factory = FACTORIES.get(name);
    if (factory == null) {
      throw new IllegalArgumentException(NearestName.message("sampler", name, FACTORIES.keySet()));
    }
    return factory;
  }

  /** The sweeps that follow the Metropolis sweep. */
  private static int overrelaxation(SamplerOptions options, int standard) {
    return options.steps() == 0 ? standard : options.steps() - 1;
  }

  /** The step size of local updates is the half width of their proposals. */
  private static Sampler withRange(Sampler sampler, SamplerOptions options) {
    if (options.stepSize() > 0) {
      Map<String, Double> tuning = new HashMap<>(sampler.tuning());
      tuning.put(LocalSweeps.RANGE, options.stepSize());
      sampler.restoreTuning(tuning);
    }
    return sampler;
  }

  private static void requireNoTrajectory(String name, SamplerOptions options) {
    if (options.trajectoryLength() > 0) {
      throw new IllegalArgumentException(name + " has no trajectories; leave the trajectory length away");
    }
    if (options.accelerationMass2() > 0) {
      throw new IllegalArgumentException(name + " has no Fourier acceleration; use hmc-fourier");
    }
  }
}
