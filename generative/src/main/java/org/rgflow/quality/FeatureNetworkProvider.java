package org.rgflow.quality;

import java.io.IOException;
import java.nio.file.Path;

/** Opens networks that a user brings, with a library that may be missing; found by {@link java.util.ServiceLoader}. */
public interface FeatureNetworkProvider {
  /**
   * Opens a network.
   *
   * @param range what the network's input is scaled to
   * @throws IOException if the file cannot be read or is no network of features; one line
   */
  FeatureNetwork open(Path file, InputRange range) throws IOException;
}
