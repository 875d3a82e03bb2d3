package org.rgflow.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import org.rgflow.quality.ReferenceCache;
import picocli.CommandLine.Option;

/** Where statistics and networks that are made once are kept. */
final class CacheOptions {
  @Option(names = "--cache", paramLabel = "FOLDER",
      description = "Where statistics of the data are kept. Default: rgflow in the user's folder for caches.")
  private Path folder;

  /**
   * The cache; its folder is created when the first entry is written.
   *
   * @param complaints is told what cannot be read or kept
   */
  ReferenceCache open(Consumer<String> complaints) throws IOException {
    if (folder != null) {
      return new ReferenceCache(Outputs.folder("--cache", folder), complaints);
    }
    Path caches = caches(System.getProperty("os.name", ""), Path.of(System.getProperty("user.home", ".")),
        System.getenv("XDG_CACHE_HOME"), System.getenv("LOCALAPPDATA"));
    try {
      Files.createDirectories(caches);
    } catch (IOException e) { // the cache itself says that nothing can be kept
      System.getLogger(CacheOptions.class.getName()).log(System.Logger.Level.DEBUG, "cannot create " + caches, e);
    }
    return new ReferenceCache(caches.resolve("rgflow"), complaints);
  }

  /** The system's folder for caches: XDG's, the Mac's or that of Windows. */
  static Path caches(String system, Path home, String xdg, String localData) {
    if (xdg != null && Path.of(xdg).isAbsolute()) {
      return Path.of(xdg);
    }
    String name = system.toLowerCase(Locale.ROOT);
    if (name.startsWith("mac")) {
      return home.resolve("Library").resolve("Caches");
    }
    return name.startsWith("windows") && localData != null ? Path.of(localData) : home.resolve(".cache");
  }
}
