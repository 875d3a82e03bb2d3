package org.rgflow.device.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.rgflow.device.Device;
import org.rgflow.device.DeviceException;
import org.rgflow.device.DeviceInfo;
import org.rgflow.device.DeviceInfo.Kind;
import org.rgflow.device.DeviceProvider;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** The devices of an installed TornadoVM SDK. */
public final class TornadoProvider implements DeviceProvider {
  static final String FAMILY = "tornado";

  /**
   * TornadoVM reads these when its classes load. Without the first, a kernel that does not compile
   * runs once, and wrongly, on the JVM; the next two keep OpenCL to IEEE arithmetic; the last makes
   * room for graphs of many tasks. An option given to the JVM wins.
   */
  private static final Map<String, String> OPTIONS = Map.of(
      "tornado.recover.bailout", "False",
      "tornado.opencl.compiler.flags", "-w",
      "tornado.enable.nativeFunctions", "False",
      "tornado.tvm.maxbytecodesize", "65536");

  @Override
  public String name() {
    return FAMILY;
  }

  @Override
  public List<DeviceInfo> list() {
    TornadoRuntime runtime = runtime();
    List<DeviceInfo> devices = new ArrayList<>();
    for (int b = 0; b < runtime.getNumBackends(); b++) {
      TornadoBackend backend = runtime.getBackend(b);
      for (int d = 0; d < backend.getNumDevices(); d++) {
        var device = backend.getDevice(d);
        Kind kind = device.getDeviceType() == TornadoDeviceType.CPU ? Kind.PROCESSOR : Kind.ACCELERATOR;
        devices.add(new DeviceInfo(name(b, d), kind, describe(device)));
      }
    }
    if (devices.isEmpty()) {
      throw new DeviceException("TornadoVM finds no device: is a driver for its backend installed?");
    }
    return devices;
  }

  @Override
  public Device open(String selector) {
    List<DeviceInfo> devices = list();
    String name = selector.isEmpty() ? devices.getFirst().name() : FAMILY + ":" + selector;
    if (devices.stream().noneMatch(d -> d.name().equals(name))) {
      throw new DeviceException("there is no device " + name + "; TornadoVM has "
          + String.join(", ", devices.stream().map(DeviceInfo::name).toList()));
    }
    String[] parts = name.split(":");
    TornadoBackend backend = runtime().getBackend(Integer.parseInt(parts[1]));
    return new TornadoDevice(name, backend.getDevice(Integer.parseInt(parts[2])));
  }

  static String describe(uk.ac.manchester.tornado.api.common.TornadoDevice device) {
    return "TornadoVM " + device.getTornadoVMBackend() + ": " + device.getPhysicalDevice().getDeviceName().strip()
        + " (" + device.getPlatformName().strip() + "), " + (device.getMaxGlobalMemory() >> 20) + " MiB";
  }

  private static String name(int backend, int device) {
    return FAMILY + ":" + backend + ":" + device;
  }

  private static TornadoRuntime runtime() {
    OPTIONS.forEach((option, value) -> {
      if (System.getProperty(option) == null) {
        System.setProperty(option, value);
      }
    });
    return TornadoRuntimeProvider.getTornadoRuntime();
  }
}
