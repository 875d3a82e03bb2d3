package org.rgflow.device.tornado;

import org.rgflow.device.Device;
import org.rgflow.device.DeviceException;
import org.rgflow.device.DeviceMonitor;
import org.rgflow.device.Program;
import org.rgflow.device.Session;

/** A device that TornadoVM drives: its kernels are the naive bodies, compiled at run time. */
final class TornadoDevice implements Device {
  private final String name;
  private final uk.ac.manchester.tornado.api.common.TornadoDevice device;
  private final DeviceMonitor monitor;

  TornadoDevice(String name, uk.ac.manchester.tornado.api.common.TornadoDevice device, DeviceMonitor monitor) {
    this.name = name;
    this.device = device;
    this.monitor = monitor;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return TornadoProvider.describe(device);
  }

  @Override
  public boolean takesAnyLaunch() {
    return false;
  }

  @Override
  public Session open(Program... programs) {
    return open(TornadoSession.formFor(device), programs);
  }

  /** Opens programs with a given choice of kernels. */
  Session open(TornadoTasks.Form form, Program... programs) {
    try {
      return new TornadoSession(name, device, form, programs);
    } catch (IllegalArgumentException | DeviceException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failure(name, "open its programs", e);
    }
  }

  @Override
  public void close() {
    // Sessions own everything.
  }

  /** One line for whatever TornadoVM throws. */
  static DeviceException failure(String device, String action, RuntimeException e) {
    String message = e.getMessage() == null ? "" : e.getMessage().lines().findFirst().orElse("").strip();
    return new DeviceException("device " + device + " cannot " + action + ": "
        + (message.isEmpty() ? e.getClass().getSimpleName() : message), e);
  }
}
