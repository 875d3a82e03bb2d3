package org.rgflow.device;

/** A device is not available or cannot run a program; the message is one line for the user. */
public class DeviceException extends RuntimeException {
  public DeviceException(String message) {
    super(message);
  }

  public DeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
