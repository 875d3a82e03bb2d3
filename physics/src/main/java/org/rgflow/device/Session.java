package org.rgflow.device;

/** Programs made ready on a device, with their buffers. Not thread-safe: one host thread drives a session. */
public interface Session extends AutoCloseable {
  /**
   * Runs a program once and waits for it.
   *
   * @throws IllegalArgumentException if the program was not given to {@link Device#open}
   */
  void run(Program program);

  /** Makes the device see what the host wrote to {@code array} since the last run. */
  void upload(Object array);

  /** Makes the host see what the device wrote to {@code array}. */
  void download(Object array);

  /** Frees what the device holds for this session; the arrays keep what was last downloaded. */
  @Override
  void close();
}
