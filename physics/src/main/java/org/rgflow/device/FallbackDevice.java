package org.rgflow.device;

/**
 * An accelerator as long as it takes the programs, and the JVM from the first that it cannot take: too large
 * for its memory, with a kernel that its driver does not compile, or with launches that only the JVM runs.
 */
final class FallbackDevice implements Device {
  private final Device accelerator;
  private final DeviceMonitor monitor;
  private JvmDevice jvm;

  FallbackDevice(Device accelerator, DeviceMonitor monitor) {
    this.accelerator = accelerator;
    this.monitor = monitor;
  }

  private Device current() {
    return jvm == null ? accelerator : jvm;
  }

  @Override
  public String name() {
    return current().name();
  }

  @Override
  public String description() {
    return current().description();
  }

  @Override
  public boolean takesAnyLaunch() {
    return current().takesAnyLaunch();
  }

  @Override
  public Session open(Program... programs) {
    if (jvm == null) {
      try {
        return accelerator.open(programs);
      } catch (DeviceException e) {
        monitor.notice(e.getMessage() + "; computing on the jvm");
        jvm = new JvmDevice();
      }
    }
    return jvm.open(programs);
  }

  @Override
  public void close() {
    accelerator.close();
    if (jvm != null) {
      jvm.close();
    }
  }
}
