package org.rgflow.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/** Small IDX files of random pictures. */
final class IdxFiles {
  private IdxFiles() {}

  static byte[] images(int size, int height, int width) {
    byte[] pixels = new byte[size * height * width];
    new SplittableRandom(5).nextBytes(pixels);
    return ByteBuffer.allocate(16 + pixels.length).putInt(0x803).putInt(size).putInt(height).putInt(width).put(pixels)
        .array();
  }

  static byte[] labels(int size) {
    ByteBuffer bytes = ByteBuffer.allocate(8 + size).putInt(0x801).putInt(size);
    for (int i = 0; i < size; i++) {
      bytes.put((byte) (i % 10));
    }
    return bytes.array();
  }

  static void gzip(Path path, byte[] contents) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(path))) {
      out.write(contents);
    }
  }

  static void fashionMnist(Path directory) throws IOException {
    gzip(directory.resolve("train-images-idx3-ubyte.gz"), images(30, 28, 28));
    gzip(directory.resolve("train-labels-idx1-ubyte.gz"), labels(30));
    Files.write(directory.resolve("t10k-images-idx3-ubyte"), images(12, 28, 28));
    Files.write(directory.resolve("t10k-labels-idx1-ubyte"), labels(12));
  }
}
