package org.rgflow.device;

/** Hears what a device decides and how long it will take. */
public interface DeviceMonitor {
  /** Says nothing. */
  DeviceMonitor SILENT = new DeviceMonitor() {
    @Override
    public void notice(String line) {
      // Nobody listens.
    }

    @Override
    public void compiling(int done, int total) {
      // Nobody listens.
    }
  };

  /** One line about something that the user did not ask for, such as another device than the best. */
  void notice(String line);

  /**
   * Kernels are being compiled for a session that is about to open.
   *
   * @param done how many are ready, from 0 to {@code total}
   * @param total how many the session needs
   */
  void compiling(int done, int total);
}
