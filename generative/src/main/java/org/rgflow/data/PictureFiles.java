package org.rgflow.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The JPEG and PNG files below a folder or inside a zip, ordered by name. Names only order and label the
 * pictures and appear in messages: nothing is ever written, so what path a name pretends to is harmless.
 */
final class PictureFiles implements AutoCloseable {
  /** Larger files are taken for damaged, however little they take in a zip. */
  static final int MAX_BYTES = 1 << 25;

  private final List<String> names = new ArrayList<>();
  private final List<Path> paths = new ArrayList<>();
  private final List<ZipEntry> entries = new ArrayList<>();
  private final ZipFile zip;

  private PictureFiles(ZipFile zip) {
    this.zip = zip;
  }

  /** @throws IOException if there is no such folder or zip, or no picture in it */
  static PictureFiles open(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new IOException("cannot read " + path + ": there is no such file or folder");
    }
    if (!Files.isDirectory(path) && !Files.isRegularFile(path)) { // a pipe would be waited for
      throw new IOException("cannot read " + path + ": it is neither a folder nor a sound zip file");
    }
    PictureFiles files = Files.isDirectory(path) ? folder(path) : zip(path);
    if (files.names.isEmpty()) {
      files.close();
      throw new IOException("there is no picture in " + path + ": no file in it ends in .jpg, .jpeg or .png");
    }
    return files;
  }

  private static PictureFiles folder(Path folder) throws IOException {
    PictureFiles files = new PictureFiles(null);
    Map<String, Path> sorted = new TreeMap<>();
    Path root = folder.toRealPath();
    try (Stream<Path> all = Files.walk(root)) {
      all.filter(path -> isPicture(path.getFileName().toString()) && Files.isRegularFile(path)).forEach(path -> {
        Path relative = root.relativize(path);
        List<String> parts = new ArrayList<>();
        relative.forEach(part -> parts.add(part.toString()));
        sorted.put(String.join("/", parts), path);
      });
    } catch (UncheckedIOException e) {
      String reason = e.getCause() instanceof AccessDeniedException denied
          ? "permission denied for " + denied.getFile() : e.getCause().getMessage();
      throw new IOException("cannot read " + folder + ": " + reason, e);
    }
    files.names.addAll(sorted.keySet());
    files.paths.addAll(sorted.values());
    return files;
  }

  private static PictureFiles zip(Path path) throws IOException {
    ZipFile zip;
    try {
      zip = new ZipFile(path.toFile());
    } catch (NoSuchFileException e) {
      throw new IOException("cannot read " + path + ": there is no such file", e);
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException("cannot read " + path + ": it is neither a folder nor a sound zip file", e);
    }
    PictureFiles files = new PictureFiles(zip);
    Map<String, ZipEntry> sorted = new TreeMap<>();
    for (ZipEntry entry : Collections.list(zip.entries())) {
      if (!entry.isDirectory() && isPicture(entry.getName())) {
        sorted.put(entry.getName(), entry);
      }
    }
    files.names.addAll(sorted.keySet());
    files.entries.addAll(sorted.values());
    return files;
  }

  /** By its ending; not the shadows that some systems put beside every file. */
  private static boolean isPicture(String name) {
    String last = name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return !last.startsWith("._") && (last.endsWith(".jpg") || last.endsWith(".jpeg") || last.endsWith(".png"));
  }

  /** The names, in order. */
  List<String> names() {
    return Collections.unmodifiableList(names);
  }

  /**
   * A file's contents. May be called by many threads.
   *
   * @throws IOException with the reason alone
   */
  byte[] read(int index) throws IOException {
    try (InputStream in =
        zip == null ? Files.newInputStream(paths.get(index)) : zip.getInputStream(entries.get(index))) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException("it has more than " + (MAX_BYTES >> 20) + " MiB");
      }
      return bytes;
    } catch (IllegalArgumentException e) { // a name that is no UTF-8
      throw new IOException("its name cannot be read", e);
    }
  }

  @Override
  public void close() throws IOException {
    if (zip != null) {
      zip.close();
    }
  }
}
