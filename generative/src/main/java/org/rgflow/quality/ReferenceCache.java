package org.rgflow.quality;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.rgflow.data.ImageSet;
import org.rgflow.io.AtomicFile;
import org.rgflow.io.NpyArray;
import org.rgflow.io.NpzReader;
import org.rgflow.io.NpzWriter;

/**
 * Keeps statistics of reference images, so that they are computed once. An entry is an NPZ file named by a hash of the
 * contents and of the settings that the statistics depend on: other data or settings never find it. Files are written
 * atomically; a damaged one is computed anew.
 */
public final class ReferenceCache {
  private static final System.Logger LOG = System.getLogger(ReferenceCache.class.getName());
  /** Part of every key: to be changed with the meaning of the statistics, of which a test takes care. */
  static final String FORMAT = "rgflow-reference-1";

  /** Computes statistics that are not there yet. */
  @FunctionalInterface
  public interface Computation<S> {
    S compute() throws IOException;
  }

  /** Reads statistics out of their arrays. */
  @FunctionalInterface
  public interface Reader<S> {
    S read(Map<String, NpyArray> arrays) throws IOException;
  }

  private final Path directory;
  private final Consumer<String> complaints;
  private boolean unwritable;

  /** @param directory created when the first entry is written; its parent must exist */
  public ReferenceCache(Path directory) {
    this(directory, message -> LOG.log(System.Logger.Level.WARNING, message));
  }

  /**
   * @param directory created when the first entry is written; its parent must exist
   * @param complaints is told in one line of entries that are damaged, and once that none can be written
   */
  public ReferenceCache(Path directory, Consumer<String> complaints) {
    this.directory = directory;
    this.complaints = complaints;
  }

  /**
   * A key: SHA-256 over the settings and the numbers.
   *
   * @param settings everything that the statistics depend on beside the images, such as the patch and the feature
   *     network
   * @param images the images, in order
   */
  public static String key(String settings, float[]... images) {
    MessageDigest digest = digest();
    digest.update((FORMAT + "\n" + settings + "\n").getBytes(StandardCharsets.UTF_8));
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] image : images) {
      digest.update(ByteBuffer.allocate(4).putInt(0, image.length));
      for (int i = 0; i < image.length; i++) {
        if (!buffer.hasRemaining()) {
          digest.update(buffer.flip());
          buffer.clear();
        }
        buffer.putFloat(image[i]);
      }
      digest.update(buffer.flip());
      buffer.clear();
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * A key: SHA-256 over the settings and the pictures, with their labels.
   *
   * @param settings everything that the statistics depend on beside the pictures
   */
  public static String key(String settings, ImageSet images) {
    MessageDigest digest = digest();
    digest.update((FORMAT + "\n" + settings + "\n" + images.size() + " " + images.colours() + " " + images.height()
        + " " + images.width() + "\n").getBytes(StandardCharsets.UTF_8));
    byte[] picture = new byte[images.imageBytes()];
    for (int i = 0; i < images.size(); i++) {
      images.copy(i, picture, 0);
      digest.update(picture);
      digest.update(ByteBuffer.allocate(4).putInt(0, images.label(i)));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  /** Moments of features from the cache, or computed and kept. */
  public FeatureMoments features(String key, Computation<FeatureMoments> computation) throws IOException {
    return get(key, computation, FeatureMoments::of, FeatureMoments::arrays);
  }

  /** Moments of modes from the cache, or computed and kept. */
  public ModeMoments modes(String key, Computation<ModeMoments> computation) throws IOException {
    return get(key, computation, ModeMoments::of, ModeMoments::arrays);
  }

  /**
   * Statistics from the cache, or computed and kept. A cache that cannot be written costs time, not the result.
   *
   * @throws IOException if the computation fails
   */
  public <S> S get(
      String key, Computation<S> computation, Reader<S> reader, Function<S, Map<String, NpyArray>> writer)
      throws IOException {
    Path file = directory.resolve(key + ".npz");
    if (Files.isRegularFile(file)) {
      try {
        return reader.read(read(file));
      } catch (IOException e) {
        complaints.accept("statistics are computed anew: " + e.getMessage());
      }
    }
    S statistics = computation.compute();
    Map<String, NpyArray> arrays = new TreeMap<>(writer.apply(statistics));
    try {
      AtomicFile.write(file, out -> {
        try (NpzWriter npz = new NpzWriter(out)) {
          for (Map.Entry<String, NpyArray> entry : arrays.entrySet()) {
            npz.write(entry.getKey(), entry.getValue());
          }
        }
      });
    } catch (IOException e) {
      if (!unwritable) {
        complaints.accept("statistics are not kept: " + e.getMessage());
      }
      unwritable = true;
    }
    return statistics;
  }

  private static Map<String, NpyArray> read(Path file) throws IOException {
    try (NpzReader npz = new NpzReader(file)) {
      Map<String, NpyArray> arrays = new HashMap<>();
      for (String name : npz.names()) {
        arrays.put(name, npz.read(name));
      }
      return arrays;
    }
  }
}
