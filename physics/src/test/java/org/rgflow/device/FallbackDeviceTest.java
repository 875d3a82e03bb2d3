package org.rgflow.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rgflow.launch.ClearGradient;

class FallbackDeviceTest {
  private final List<String> notices = new ArrayList<>();
  private final DeviceMonitor monitor = new DeviceMonitor() {
    @Override
    public void notice(String line) {
      notices.add(line);
    }

    @Override
    public void compiling(int done, int total) {
      throw new AssertionError("nothing is compiled here");
    }
  };

  /** Computes on the JVM, and takes programs until it is full. */
  private static final class Accelerator implements Device {
    private final JvmDevice jvm = new JvmDevice(1);
    private int room;
    private boolean closed;

    Accelerator(int room) {
      this.room = room;
    }

    @Override
    public String name() {
      return "accelerator";
    }

    @Override
    public String description() {
      return "an accelerator";
    }

    @Override
    public boolean takesAnyLaunch() {
      return false;
    }

    @Override
    public Session open(Program... programs) {
      if (room-- == 0) {
        throw new DeviceException("the accelerator is full");
      }
      return jvm.open(programs);
    }

    @Override
    public void close() {
      closed = true;
      jvm.close();
    }
  }

  private static void clear(Device device) {
    float[] x = {1, 2, 3};
    Program program = new Program("clear").add(new ClearGradient(x, 1)).output(x);
    try (Session session = device.open(program)) {
      session.run(program);
    }
    assertThat(x).containsOnly(0f);
  }

  @Test
  void anAcceleratorThatTakesEverythingStays() {
    Accelerator accelerator = new Accelerator(2);
    try (Device device = new FallbackDevice(accelerator, monitor)) {
      clear(device);
      clear(device);
      assertThat(device.name()).isEqualTo("accelerator");
      assertThat(device.takesAnyLaunch()).isFalse();
    }
    assertThat(notices).isEmpty();
    assertThat(accelerator.closed).isTrue();
  }

  @Test
  void whatItCannotTakeRunsOnTheJvmWithOneNotice() {
    Accelerator accelerator = new Accelerator(1);
    try (Device device = new FallbackDevice(accelerator, monitor)) {
      clear(device);
      clear(device);
      clear(device);
      assertThat(device.name()).isEqualTo("jvm");
      assertThat(device.description()).startsWith("JVM");
    }
    assertThat(notices).containsExactly("the accelerator is full; computing on the jvm");
    assertThat(accelerator.closed).isTrue();
  }

  @Test
  void otherFailuresAreNotHidden() {
    try (Device device = new FallbackDevice(new Accelerator(1), monitor)) {
      Program other = new Program("other");
      try (Session session = device.open(new Program("one"))) {
        assertThatThrownBy(() -> session.run(other)).isInstanceOf(IllegalArgumentException.class);
      }
    }
    assertThat(notices).isEmpty();
  }
}
