package org.rgflow.sampler;

import org.rgflow.device.Device;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;

class MetropolisTest extends SamplerContract {
  @Override
  Sampler create(Phi4Action action, FieldLayout layout, float[] field, RandomStream stream, Device device) {
    return new Metropolis(action, layout, field, stream, device);
  }
}
