package org.rgflow.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/** The process's standard output; remembers why writing failed instead of losing it, as a print stream does. */
final class StandardOutput extends OutputStream {
  private final OutputStream out;
  private IOException failure;

  StandardOutput(FileDescriptor descriptor) {
    this.out = new BufferedOutputStream(new FileOutputStream(descriptor), 1 << 14);
  }

  /** The first failure, or null. */
  IOException failure() {
    return failure;
  }

  /** Whether the reader closed its end (a broken pipe, as with {@code | head}), which is nothing to complain about. */
  boolean readerLeft() {
    return failure != null && String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      remember(e);
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      remember(e);
    }
  }

  private void remember(IOException e) throws IOException {
    if (failure == null) {
      failure = e;
    }
    throw failure;
  }
}
