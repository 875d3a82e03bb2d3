package org.rgflow.sampler;

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
  /** Makes a sampler whose first configuration is {@link SamplerOptions#start}. */
  private interface Factory {
    Sampler create(Phi4Action action, FieldLayout layout, RandomStream stream, Device device, SamplerOptions options);
  }

  private static final Map<String, Factory> FACTORIES = new LinkedHashMap<>();

  static {
    FACTORIES.put("hmc", (action, layout, stream, device, options) ->
        hmc(Integrator.LEAPFROG, false, action, layout, stream, device, options));
    FACTORIES.put("hmc-omelyan", (action, layout, stream, device, options) ->
        hmc(Integrator.OMELYAN, false, action, layout, stream, device, options));
    FACTORIES.put("hmc-fourier", (action, layout, stream, device, options) ->
        hmc(Integrator.LEAPFROG, true, action, layout, stream, device, options));
    FACTORIES.put("metropolis", (action, layout, stream, device, options) -> options.steps() == 0
        ? new Metropolis(action, layout, stream, device, options.start())
        : new Metropolis(action, layout, stream, device, options.start(), options.steps() - 1));
  }

  private Samplers() {}

  private static Sampler hmc(Integrator integrator, boolean accelerated, Phi4Action action, FieldLayout layout,
      RandomStream stream, Device device, SamplerOptions options) {
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
    float[] field = new float[layout.size()];
    options.start().fill(field, action, layout, stream);
    return new Hmc(action, layout, field, stream, device, hmc);
  }

  /** The known names. */
  public static List<String> names() {
    return List.copyOf(FACTORIES.keySet());
  }

  /**
   * Makes a sampler.
   *
   * @param name one of {@link #names}
   * @throws IllegalArgumentException if there is no such sampler (with the nearest name), or if the
   *     sampler refuses an option
   */
  public static Sampler create(String name, Phi4Action action, FieldLayout layout, RandomStream stream, Device device,
      SamplerOptions options) {
    Factory factory = FACTORIES.get(name);
    if (factory == null) {
      throw new IllegalArgumentException(NearestName.message("sampler", name, FACTORIES.keySet()));
    }
    return factory.create(action, layout, stream, device, options);
  }
}
