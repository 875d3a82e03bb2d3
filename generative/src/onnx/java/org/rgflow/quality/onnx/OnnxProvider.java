package org.rgflow.quality.onnx;

import java.io.IOException;
import java.nio.file.Path;
import org.rgflow.quality.FeatureNetwork;
import org.rgflow.quality.FeatureNetworkProvider;
import org.rgflow.quality.InputRange;

/** Networks in ONNX files, run by ONNX Runtime. */
public final class OnnxProvider implements FeatureNetworkProvider {
  @Override
  public FeatureNetwork open(Path file, InputRange range) throws IOException {
    return OnnxFeatures.open(file, range);
  }
}
