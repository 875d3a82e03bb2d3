package org.rgflow.device.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.rgflow.device.Device;
import org.rgflow.device.DeviceException;
import org.rgflow.device.DeviceInfo;
import org.rgflow.device.DeviceInfo.Kind;
import org.rgflow.device.DeviceMonitor;
import org.rgflow.device.DeviceProvider;
import org.rgflow.device.tornado.NativeOutput.Streams;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** The devices of an installed TornadoVM SDK. */
public final class TornadoProvider implements DeviceProvider {
  static final String FAMILY = "tornado";

  private static final String NO_DRIVER = "TornadoVM finds no driver for its backend: install the GPU's OpenCL driver, "
      + "or one for the processor (pocl-opencl-icd on Debian), and see that clinfo lists it";

  /**
   * TornadoVM reads these when its classes load. Without the first, a kernel that does not compile
   * runs once, and wrongly, on the JVM; the next two keep OpenCL to IEEE arithmetic; then comes room for
   * graphs of many tasks; the last lifts TornadoVM's own limit of 4 GB, since {@link TornadoMemory} knows
   * what the device has. An option given to the JVM wins.
   */
  private static final Map<String, String> OPTIONS = Map.of(
      "tornado.recover.bailout", "False",
      "tornado.opencl.compiler.flags", "-w",
      "tornado.enable.nativeFunctions", "False",
      "tornado.tvm.maxbytecodesize", "65536",
      "tornado.device.memory", "1024GB");

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
        devices.add(info(name(b, d), backend.getDevice(d)));
      }
    }
    if (devices.isEmpty()) {
      throw new DeviceException(NO_DRIVER);
    }
    return devices;
  }

  private static DeviceInfo info(String name, uk.ac.manchester.tornado.api.common.TornadoDevice device) {
    if (!device.getDeviceContext().isFP64Supported()) {
      return new DeviceInfo(name, Kind.UNAVAILABLE,
          describe(device) + ": it cannot compute with 64 bits, as energies and losses are summed");
    }
    Kind kind = device.getDeviceType() == TornadoDeviceType.CPU ? Kind.PROCESSOR : Kind.ACCELERATOR;
    return new DeviceInfo(name, kind, describe(device));
  }

  @Override
  public Device open(String selector, DeviceMonitor monitor) {
    List<DeviceInfo> devices = list();
    String name = selector.isEmpty() ? devices.getFirst().name() : FAMILY + ":" + selector;
    DeviceInfo chosen = devices.stream().filter(d -> d.name().equals(name)).findFirst()
        .orElseThrow(() -> new DeviceException("there is no device " + name + "; TornadoVM has "
            + String.join(", ", devices.stream().map(DeviceInfo::name).toList())));
    if (!chosen.available()) {
      throw new DeviceException(name + " is " + chosen.description());
    }
    String[] parts = name.split(":");
    TornadoBackend backend = runtime().getBackend(Integer.parseInt(parts[1]));
    TornadoDevice device = new TornadoDevice(name, backend.getDevice(Integer.parseInt(parts[2])), monitor);
    if (chosen.kind() == Kind.PROCESSOR) {
      device.warmUp();
    }
    return device;
  }

  static String describe(uk.ac.manchester.tornado.api.common.TornadoDevice device) {
    return "TornadoVM " + device.getTornadoVMBackend() + ": " + device.getPhysicalDevice().getDeviceName().strip()
        + " (" + device.getPlatformName().strip() + driver(device) + "), "
        + TornadoMemory.text(device.getMaxGlobalMemory());
  }

  /** The driver's version, from the one text in which TornadoVM has it; empty where it has not. */
  private static String driver(uk.ac.manchester.tornado.api.common.TornadoDevice device) {
    return String.valueOf(device.getPhysicalDevice().getDeviceInfo()).lines()
        .filter(line -> line.startsWith("Driver version")).findFirst()
        .map(line -> ", driver " + line.substring(line.indexOf(':') + 1).strip()).orElse("");
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
    NativeOutput.begin(Streams.OUTPUT_AND_ERROR);
    try {
      return TornadoRuntimeProvider.getTornadoRuntime();
    } catch (RuntimeException | ExceptionInInitializerError e) {
      boolean noDriver = Stream.iterate((Throwable) e, Objects::nonNull, Throwable::getCause)
          .anyMatch(cause -> String.valueOf(cause.getMessage()).contains("No OpenCL platforms"));
      if (noDriver) {
        throw new DeviceException(NO_DRIVER, e);
      }
      throw e;
    } finally {
      NativeOutput.end();
    }
  }
}
