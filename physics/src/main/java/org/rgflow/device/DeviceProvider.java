package org.rgflow.device;

import java.util.List;

/**
 * A family of devices that may be missing, found through {@link java.util.ServiceLoader}. A provider
 * touches its driver only inside these methods, never in its constructor or static initialiser.
 */
public interface DeviceProvider {
  /** The family's name, with which the names of its devices begin. */
  String name();

  /**
   * The devices of this family, the one that {@link #open} takes by default first.
   *
   * @throws DeviceException if the family's driver cannot be used; the message says why in one line
   */
  List<DeviceInfo> list();

  /**
   * Opens a device.
   *
   * @param selector what follows the family's name and a colon, or the empty string for the default
   * @param monitor hears of kernels being compiled
   * @throws DeviceException if there is no such device
   */
  Device open(String selector, DeviceMonitor monitor);
}
