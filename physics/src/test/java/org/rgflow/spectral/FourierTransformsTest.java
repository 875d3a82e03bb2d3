package org.rgflow.spectral;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;

class FourierTransformsTest {
  private static final FieldLayout LAYOUT = new FieldLayout(Lattice.square(6), 4);

  @Test
  void fastestOnTheJvmAndPortableElsewhere() {
    try (JvmDevice jvm = new JvmDevice(1); Device other = new OtherDevice()) {
      assertThat(FourierTransforms.of(LAYOUT, jvm)).isInstanceOf(ReplicaFourier.class);
      assertThat(FourierTransforms.of(LAYOUT, other)).isInstanceOf(MatrixTransform.class);
    }
  }

  private record OtherDevice() implements Device {
    @Override
    public String name() {
      return "other";
    }

    @Override
    public String description() {
      return "a device that is not the JVM";
    }

    @Override
    public boolean takesAnyLaunch() {
      return false;
    }

    @Override
    public Session open(Program... programs) {
      throw new AssertionError("not needed by this test");
    }

    @Override
    public void close() {}
  }
}
