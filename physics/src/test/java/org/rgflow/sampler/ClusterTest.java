package org.rgflow.sampler;

import org.junit.jupiter.api.Nested;
import org.rgflow.device.Device;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;
import org.rgflow.sampler.Cluster.Algorithm;

class ClusterTest {
  @Nested
  class Wolff extends SamplerContract {
    @Override
    Sampler create(Phi4Action action, FieldLayout layout, float[] field, RandomStream stream, Device device) {
      return new Cluster(Algorithm.WOLFF, action, layout, field, stream, device);
    }
  }

  @Nested
  class SwendsenWang extends SamplerContract {
    @Override
    Sampler create(Phi4Action action, FieldLayout layout, float[] field, RandomStream stream, Device device) {
      return new Cluster(Algorithm.SWENDSEN_WANG, action, layout, field, stream, device);
    }
  }
}
