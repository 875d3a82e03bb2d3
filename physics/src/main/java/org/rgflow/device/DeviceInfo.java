package org.rgflow.device;

import java.util.Objects;

/**
 * What {@link Devices#list} says about one device.
 *
 * @param name the name that {@link Devices#open} accepts; of an unavailable device the family's name
 * @param kind whether it can be used, and what for
 * @param description one line for people; of an unavailable device the reason, and what to do about it
 */
public record DeviceInfo(String name, Kind kind, String description) {
  /** How a device is to be used. */
  public enum Kind {
    /** The processor's own cores through the JVM: always there, and the reference. */
    JVM,
    /** A GPU or another accelerator; {@code auto} prefers it. */
    ACCELERATOR,
    /** The processor's own cores through a foreign driver: good for checking kernels, not for speed. */
    PROCESSOR,
    /** Cannot be used at present. */
    UNAVAILABLE
  }

  public DeviceInfo {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(description, "description");
  }

  public boolean available() {
    return kind != Kind.UNAVAILABLE;
  }
}
