package org.rgflow.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Features of the Inception network, for the Fréchet inception distance (Heusel et al., 1706.08500), from an ONNX file
 * that the user brings. The network takes one float32 input {@code [batch][3][height][width]}, RGB in an {@link
 * InputRange}, 299×299 if its extents are not fixed; pictures are enlarged by a bilinear filter with half-pixel
 * centres, and grey ones have three equal planes. Its first output is {@code [batch][features]}, with any further
 * extents of 1: Inception's 2048 numbers behind its last pooling.
 *
 * <p>ONNX Runtime is an optional library: the class that calls it is compiled with Maven's profile {@code onnx}.
 */
public final class InceptionFeatures {
  private static final String MISSING = "ONNX Runtime is not part of this build; it comes with 'mvn -Ponnx -DskipTests"
      + " package', which downloads it once";

  private InceptionFeatures() {}

  /**
   * Opens a network.
   *
   * @throws IOException if the file cannot be read or is no such network, or ONNX Runtime is missing; one line
   */
  public static FeatureNetwork open(Path file, InputRange range) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException("cannot read " + file + ": there is no such file");
    }
    try {
      Iterator<FeatureNetworkProvider> providers = ServiceLoader.load(
          FeatureNetworkProvider.class, InceptionFeatures.class.getClassLoader()).iterator();
      if (!providers.hasNext()) {
        throw new IOException(MISSING);
      }
      return providers.next().open(file, range);
    } catch (ServiceConfigurationError | NoClassDefFoundError e) { // left over from an earlier build with it
      throw new IOException(MISSING, e);
    } catch (LinkageError e) {
      throw new IOException("ONNX Runtime's native library does not load: " + e.getMessage(), e);
    }
  }
}
