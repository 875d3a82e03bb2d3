package org.rgflow.device;

/** Something that runs {@link Program programs}: the JVM's own threads, or an accelerator. */
public interface Device extends AutoCloseable {
  /** Short name as accepted on the command line, for instance {@code jvm}. */
  String name();

  /** One line for people: threads and vector width, or device, driver and memory. */
  String description();

  /**
   * Whether this device runs launches by calling {@link Launch#run}, so that it takes any launch. Another
   * device takes only those that it has its own kernels for, one for each record in {@code
   * org.rgflow.launch}.
   */
  boolean takesAnyLaunch();

  /**
   * Makes programs ready to run. They share the buffers they have in common.
   *
   * @throws DeviceException if the device cannot run one of the launches or lacks the memory
   */
  Session open(Program... programs);

  @Override
  void close();
}
