package org.rgflow.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.rgflow.io.Heap;
import org.rgflow.io.OneLine;

/**
 * Grey pictures and their labels from two IDX files, as MNIST and Fashion-MNIST come
 * (yann.lecun.com/exdb/mnist): a magic number 0x00000803 or 0x00000801, the extents as 32-bit numbers, the
 * most significant byte first, and one byte for each pixel or label. Either file may be packed by gzip.
 */
public final class IdxImages implements ImageSet {
  private static final int IMAGES = 0x803;
  private static final int LABELS = 0x801;
  private static final int MAX_SIDE = 4096;

  private final int height;
  private final int width;
  private final byte[] pixels;
  private final byte[] labels;
  private final List<String> classes;

  private IdxImages(int height, int width, byte[] pixels, byte[] labels, List<String> classes) {
    this.height = height;
    this.width = width;
    this.pixels = pixels;
    this.labels = labels;
    this.classes = List.copyOf(classes);
  }

  private record Contents(int[] extents, byte[] bytes) {}

  /**
   * Reads both files.
   *
   * @param images file of pictures
   * @param labels file of labels
   * @param classes names of the classes, one for each label
   * @throws IOException if a file cannot be read, is damaged, or the two do not belong together
   */
  public static IdxImages open(Path images, Path labels, List<String> classes) throws IOException {
    Contents pixels = read(images, IMAGES, "pictures");
    int size = pixels.extents[0];
    Contents numbers = read(labels, LABELS, "labels");
    if (numbers.extents[0] != size) {
      throw new IOException(images + " has " + size + " pictures, but " + labels + " has " + numbers.extents[0]
          + " labels; they do not belong together");
    }
    for (int i = 0; i < size; i++) {
      if ((numbers.bytes[i] & 0xFF) >= classes.size()) {
        throw failure(labels, "label " + (numbers.bytes[i] & 0xFF) + " of picture " + i + " is not below "
            + classes.size());
      }
    }
    return new IdxImages(pixels.extents[1], pixels.extents[2], pixels.bytes, numbers.bytes, classes);
  }

  private static Contents read(Path path, int magic, String what) throws IOException {
    try (InputStream file = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
        InputStream in = unpacked(file)) {
      int[] extents = extents(in, magic, what);
      long length = 1;
      for (int extent : extents) {
        length *= extent;
      }
      Heap.require(2 * length, "reading " + path);
      byte[] bytes = in.readNBytes((int) length);
      if (bytes.length < length) {
        throw new EOFException(
            "truncated: it should have " + length + " bytes of " + what + ", but has " + bytes.length);
      }
      if (in.read() >= 0) {
        throw new IOException("there is more behind its " + length + " bytes of " + what);
      }
      return new Contents(extents, bytes);
    } catch (NoSuchFileException e) {
      throw failure(path, "there is no such file");
    } catch (EOFException e) {
      throw failure(path, e.getMessage() != null && e.getMessage().startsWith("truncated") ? e.getMessage()
          : "truncated inside its gzip packing");
    } catch (IOException e) {
      throw failure(path, e.getMessage());
    }
  }

  private static InputStream unpacked(InputStream file) throws IOException {
    file.mark(2);
    int first = file.read();
    int second = file.read();
    file.reset();
    return first == 0x1F && second == 0x8B ? new GZIPInputStream(file, 1 << 16) : file;
  }

  private static int[] extents(InputStream in, int magic, String what) throws IOException {
    int found = number(in);
    if (found != magic) {
      throw new IOException(String.format("not an IDX file of %s: its magic number is 0x%08x, not 0x%08x", what, found,
          magic));
    }
    int[] extents = new int[magic & 0xFF];
    long length = 1;
    for (int k = 0; k < extents.length; k++) {
      extents[k] = number(in);
      boolean credible = extents[k] > 0 && (k == 0 || extents[k] <= MAX_SIDE);
      length = credible ? length * extents[k] : Long.MAX_VALUE;
      if (length > Integer.MAX_VALUE - 16) {
        throw new IOException("not a credible IDX file of " + what + ": extent " + k + " is "
            + Integer.toUnsignedString(extents[k]));
      }
    }
    return extents;
  }

  private static int number(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(4);
    if (bytes.length < 4) {
      throw new EOFException("truncated: it ends in its header");
    }
    return ByteBuffer.wrap(bytes).getInt();
  }

  private static IOException failure(Path path, String reason) {
    return new IOException("cannot read " + path + ": " + OneLine.of(reason));
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public int colours() {
    return 1;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public void copy(int index, byte[] out, int offset) {
    int length = height * width;
    System.arraycopy(pixels, Objects.checkIndex(index, labels.length) * length, out, offset, length);
  }

  @Override
  public int label(int index) {
    return labels[index] & 0xFF;
  }

  @Override
  public List<String> classes() {
    return classes;
  }
}
