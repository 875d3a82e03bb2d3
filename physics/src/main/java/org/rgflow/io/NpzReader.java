package org.rgflow.io;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Reads NPZ files: zip archives of NPY arrays, stored or deflated. Nothing is ever extracted to the
 * disk, so entry names are mere keys. Before memory is taken, an entry's header must agree with the
 * entry's size, and that with its compressed size (deflate gains at most a factor 1032); checksums are
 * verified after the last element.
 *
 * <p>Every malformed file gives an IOException with one line that names the file and the entry.
 */
public final class NpzReader implements Closeable {
  private static final String SUFFIX = ".npy";
  private static final int MAX_DEFLATE_RATIO = 1032;
  private static final int MAX_ENTRIES = 100_000;

  private final Path path;
  private final ZipFile zip;
  private final Map<String, ZipEntry> entries = new LinkedHashMap<>();

  /** @throws IOException if the file is missing or not an NPZ file */
  public NpzReader(Path path) throws IOException {
    this.path = path;
    requireReadable(path);
    ZipFile opened = null;
    try {
      opened = new ZipFile(path.toFile());
      if (opened.size() > MAX_ENTRIES) {
        throw new IOException("it has " + opened.size() + " entries");
      }
      for (ZipEntry entry : Collections.list(opened.entries())) {
        String name = entry.getName();
        if (name.endsWith(SUFFIX)) {
          String key = name.substring(0, name.length() - SUFFIX.length());
          if (entries.put(key, entry) != null) {
            throw new IOException("the entry '" + OneLine.of(name) + "' appears twice");
          }
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      // IllegalArgumentException: names that are not in the archive's character set
      if (opened != null) {
        opened.close();
      }
      throw new IOException(path + ": not a readable NPZ file (" + OneLine.of(e.getMessage()) + "); is it complete?",
          e);
    }
    zip = opened;
  }

  static void requireReadable(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new IOException(path + ": there is no such file");
    }
    if (!Files.isRegularFile(path)) {
      throw new IOException(path + ": that is not a regular file");
    }
    if (!Files.isReadable(path)) {
      throw new IOException(path + ": no permission to read");
    }
  }

  /** Names of the arrays, without {@code .npy}. */
  public Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  /** Reads an array. */
  public NpyArray read(String name) throws IOException {
    try (Entry entry = open(name)) {
      NpyArray array;
      try {
        array = NpyArray.readElements(entry.in, entry.header);
      } catch (IOException e) {
        throw entry.failure(e);
      }
      entry.finish();
      return array;
    }
  }

  /**
   * Opens an array to read it in parts; its header is checked against the entry's size.
   *
   * @throws IOException if there is no such array or its header is wrong
   */
  public Entry open(String name) throws IOException {
    ZipEntry entry = entries.get(name);
    if (entry == null) {
      throw new IOException(path + ": the array '" + name + "' is missing");
    }
    return new Entry(name, entry);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  /** An array that is being read. */
  public final class Entry implements Closeable {
    private final String name;
    private final ZipEntry entry;
    private final CRC32 crc = new CRC32();
    private final InputStream in;
    private final NpyHeader header;

    private Entry(String name, ZipEntry entry) throws IOException {
      this.name = name;
      this.entry = entry;
      InputStream opened = null;
      try {
        opened = new CheckedInputStream(zip.getInputStream(entry), crc);
        CountingInputStream counting = new CountingInputStream(opened);
        long size = entry.getSize();
        long packed = entry.getCompressedSize();
        if (size < 0 || packed < 0 || size > (packed + 1) * MAX_DEFLATE_RATIO) {
          throw new IOException("its declared size of " + size + " bytes is impossible");
        }
        header = NpyHeader.read(counting);
        if (counting.count + header.dataBytes() != size) {
          throw new IOException("shape " + header.shape() + " of " + header.descriptor() + " does not agree with its "
              + size + " bytes");
        }
        in = opened;
      } catch (IOException | IllegalArgumentException e) {
        if (opened != null) {
          opened.close();
        }
        throw failure(e);
      }
    }

    public NpyHeader header() {
      return header;
    }

    /** Reads the next elements, in file order, into an array of the header's type. */
    public void read(Object data, int offset, int count) throws IOException {
      try {
        NpyArray.readElements(in, header, data, offset, count);
      } catch (IOException e) {
        throw failure(e);
      }
    }

    /** Checks that the array ends here, and its checksum. */
    public void finish() throws IOException {
      try {
        if (in.read() >= 0) {
          throw new IOException("there is more data than its header says");
        }
        if (crc.getValue() != entry.getCrc()) {
          throw new IOException("its checksum is wrong: the file is damaged");
        }
      } catch (IOException e) {
        throw failure(e);
      }
    }

    private IOException failure(Exception e) {
      return new IOException(path + ": array '" + OneLine.of(name) + "': " + OneLine.of(e.getMessage()), e);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /** Counts the bytes of a header. */
  private static final class CountingInputStream extends java.io.FilterInputStream {
    private long count;

    CountingInputStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      count += b >= 0 ? 1 : 0;
      return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = super.read(bytes, offset, length);
      count += Math.max(n, 0);
      return n;
    }
  }
}
