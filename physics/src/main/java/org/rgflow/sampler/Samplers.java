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
    FACTORIES.put("metropolis", (action, layout, stream, device, options) -> options.steps() == 0
        ? new Metropolis(action, layout, stream, device, options.start())
        : new Metropolis(action, layout, stream, device, options.start(), options.steps() - 1));
  }

  private Samplers() {}

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
