package org.rgflow.quality;

/** Features that hold something open. */
public interface FeatureNetwork extends ImageFeatures, AutoCloseable {
  @Override
  void close();
}
