package org.rgflow.io;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes NPZ files that {@code numpy.load} reads without pickle: a zip archive of NPY arrays. The data
 * is deflated at level 0, that is, not compressed: the mantissas of Monte Carlo fields are noise. Equal
 * contents give equal bytes (the entries carry no time).
 */
public final class NpzWriter implements Closeable {
  private final ZipOutputStream zip;

  /** @param out the stream to write to; closed with this writer */
  public NpzWriter(OutputStream out) {
    zip = new ZipOutputStream(out);
    zip.setLevel(Deflater.NO_COMPRESSION);
  }

  /** Writes one array under a name. */
  public void write(String name, NpyArray array) throws IOException {
    begin(name);
    array.write(zip);
    zip.closeEntry();
  }

  /** Starts an array that is written in parts by {@link #append}; {@link #end} closes it. */
  public void begin(String name, NpyHeader header) throws IOException {
    begin(name);
    zip.write(header.toBytes());
  }

  /** Appends elements of the type announced. */
  public void append(float[] values) throws IOException {
    NpyArray.writeElements(zip, values, 0, values.length, 1);
  }

  /** Ends the array begun. */
  public void end() throws IOException {
    zip.closeEntry();
  }

  private void begin(String name) throws IOException {
    ZipEntry entry = new ZipEntry(name + ".npy");
    entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
    zip.putNextEntry(entry);
  }

  /** Finishes the archive and closes the stream. */
  @Override
  public void close() throws IOException {
    zip.close();
  }
}
