package org.rgflow.sampler;

import org.junit.jupiter.api.Nested;
import org.rgflow.device.Device;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;

/** The sampler contract for HMC with either integrator, and with Fourier acceleration. */
class HmcContractTest {
  @Nested
  class Leapfrog extends SamplerContract {
    @Override
    Sampler create(Phi4Action action, FieldLayout layout, float[] field, RandomStream stream, Device device) {
      return Samplers.create("hmc", action, layout, field, stream, device, SamplerOptions.DEFAULTS);
    }
  }

  @Nested
  class Omelyan extends SamplerContract {
    @Override
    Sampler create(Phi4Action action, FieldLayout layout, float[] field, RandomStream stream, Device device) {
      return Samplers.create("hmc-omelyan", action, layout, field, stream, device, SamplerOptions.DEFAULTS);
    }
  }

  @Nested
  class FourierAccelerated extends SamplerContract {
    @Override
    Sampler create(Phi4Action action, FieldLayout layout, float[] field, RandomStream stream, Device device) {
      return Samplers.create(
          "hmc-fourier", action, layout, field, stream, device, SamplerOptions.DEFAULTS.withAccelerationMass2(1));
    }
  }
}
