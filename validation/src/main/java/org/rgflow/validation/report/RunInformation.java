package org.rgflow.validation.report;

import java.time.Instant;
import java.util.Objects;

/**
 * How a report came about.
 *
 * @param version of rgflow
 * @param command what was typed
 * @param device where it was computed
 * @param platform virtual machine and operating system
 * @param start when it began
 * @param seconds how long it took, figures included
 */
public record RunInformation(
    String version, String command, String device, String platform, Instant start, double seconds) {
  public RunInformation {
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(command, "command");
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(platform, "platform");
    Objects.requireNonNull(start, "start");
  }
}
