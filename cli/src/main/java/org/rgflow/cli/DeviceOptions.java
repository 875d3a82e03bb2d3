package org.rgflow.cli;

import org.rgflow.device.Device;
import org.rgflow.device.Devices;
import picocli.CommandLine.Option;

/** Where a command computes. */
final class DeviceOptions {
  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "auto",
      converter = Converters.DeviceConverter.class,
      completionCandidates = Converters.DeviceNames.class,
      description = "auto, jvm, jvm:N (N threads) or another of 'rgflow devices'. Default: ${DEFAULT-VALUE}.")
  private String device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the JVM device; results do not depend on it. Default: one per processor.")
  private Integer threads;

  /** Threads of the JVM device that these options ask for. */
  int threads() {
    requirePositive();
    return threads != null ? threads
        : device.startsWith("jvm:") ? Integer.parseInt(device.substring(4))
        : Runtime.getRuntime().availableProcessors();
  }

  private void requirePositive() {
    if (threads != null && threads < 1) {
      throw new IllegalArgumentException("--threads " + threads + ": must be 1 or more");
    }
  }

  /** Opens the device; what it has to say goes to the standard error. */
  Device open(OutputOptions output) {
    requirePositive();
    if (threads == null) {
      return Devices.open(device, new DeviceProgress(output));
    }
    return switch (device) {
      case "auto", "jvm" -> Devices.open("jvm:" + threads);
      default -> throw new IllegalArgumentException(
          "--threads belongs to the JVM device; with --device " + device + " leave it out");
    };
  }
}
