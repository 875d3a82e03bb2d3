package org.rgflow.sampler;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rgflow.device.Allocation;
import org.rgflow.device.JvmDevice;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;

/** No sampler allocates in an update. */
class SamplerAllocationTest {
  /** An update of every sampler. */
  public static final class Updates implements Allocation.Steps {
    @Override
    public Map<String, Runnable> steps() {
      FieldLayout layout = new FieldLayout(Lattice.square(4), 32);
      JvmDevice device = new JvmDevice(1);
      Map<String, Runnable> steps = new LinkedHashMap<>();
      for (String name : Samplers.names()) {
        steps.put(name, Samplers.create(
            name, Phi4Action.gerdes(-4, 6), layout, new RandomStream(1), device, SamplerOptions.DEFAULTS)::update);
      }
      return steps;
    }
  }

  @Test
  void updatesAllocateNothing() throws Exception {
    Allocation.assertNone(Updates.class);
  }
}
