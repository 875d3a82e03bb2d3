package org.rgflow.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.rgflow.io.Heap;
import org.rgflow.io.NpyArray;
import org.rgflow.io.NpzReader;
import org.rgflow.io.OneLine;

/**
 * Generated pictures as they are, neither cropped nor scaled: a folder or zip of PNG (or JPEG) files of one size, in
 * the order of their names, or an NPZ file with the bytes {@code [picture][y][x]} or {@code [picture][y][x][colour]} as
 * {@code images}, as {@code arr_0}, or as its only array. In an NPZ file there may be {@code labels} too.
 */
public final class SampleImages {
  private static final String IMAGES = "images";
  private static final String LABELS = "labels";
  private static final int MAX_SIDE = 4096;

  private SampleImages() {}

  /**
   * Reads pictures. They are grey if every pixel of all of them is.
   *
   * @param classes what labels mean; labels are passed over if it is empty
   * @throws IOException if there are none, one is damaged, or they differ in size; one line
   */
  public static ByteImages open(Path path, List<String> classes) throws IOException {
    return path.toString().toLowerCase(Locale.ROOT).endsWith(".npz") ? array(path, classes) : files(path);
  }

  private static ByteImages files(Path path) throws IOException {
    try (PictureFiles files = PictureFiles.open(path); PhotographReader reader = new PhotographReader()) {
      int count = files.names().size();
      byte[] rgb = null;
      int width = 0;
      int height = 0;
      for (int i = 0; i < count; i++) {
        String name = OneLine.of(files.names().get(i));
        Photograph picture;
        try {
          picture = reader.decode(files.read(i));
        } catch (IOException e) {
          throw new IOException("cannot read " + name + " of " + path + ": " + OneLine.of(e.getMessage()), e);
        }
        if (rgb == null) {
          width = picture.width();
          height = picture.height();
          rgb = new byte[length(path, count, 3, height, width)];
        }
        if (picture.width() != width || picture.height() != height) {
          throw new IOException(path + " has pictures of several sizes: " + OneLine.of(files.names().getFirst())
              + " of " + width + "x" + height + " and " + name + " of " + picture.width() + "x" + picture.height());
        }
        int pixels = width * height;
        for (int p = 0; p < pixels; p++) {
          for (int c = 0; c < 3; c++) {
            rgb[(i * 3 + c) * pixels + p] = picture.samples()[p * picture.bands() + (picture.bands() == 3 ? c : 0)];
          }
        }
      }
      return coloured(height, width, rgb, new int[0], List.of());
    }
  }

  private static int length(Path path, long count, int colours, int height, int width) throws IOException {
    long length = count * colours * height * width;
    if (height < 1 || width < 1 || height > MAX_SIDE || width > MAX_SIDE || count < 1
        || length > Integer.MAX_VALUE - 16) {
      throw new IOException(path + ": " + count + " pictures of " + width + "x" + height
          + " are none that can be judged; 1 to " + MAX_SIDE + " pixels a side and 2 GiB in all are read");
    }
    Heap.require(2 * length, count + " pictures of " + width + "x" + height + " from " + path);
    return (int) length;
  }

  private static ByteImages array(Path path, List<String> classes) throws IOException {
    try (NpzReader npz = new NpzReader(path)) {
      Set<String> names = npz.names();
      String name = names.contains(IMAGES) ? IMAGES : names.contains("arr_0") || names.size() != 1 ? "arr_0"
          : names.iterator().next();
      if (!names.contains(name)) {
        throw new IOException(path + ": there is no array 'images' of pictures in it");
      }
      NpyArray array = npz.read(name);
      int[] shape = array.shape();
      int colours = shape.length == 4 ? shape[3] : 1;
      byte[] bytes;
      try {
        bytes = array.bytes();
      } catch (IllegalStateException e) {
        throw new IOException(path + ": pictures are bytes 0 to 255, but the array '" + OneLine.of(name) + "' holds "
            + array.header().descriptor(), e);
      }
      if (shape.length < 3 || shape.length > 4 || colours != 1 && colours != 3) {
        throw new IOException(path + ": an array of pictures is [picture][y][x] or [picture][y][x][1 or 3 colours],"
            + " not " + array.header().shape());
      }
      byte[] rgb = new byte[length(path, shape[0], 3, shape[1], shape[2])];
      int pixels = shape[1] * shape[2];
      for (int i = 0; i < rgb.length; i++) {
        int picture = i / (3 * pixels);
        int colour = colours == 1 ? 0 : i / pixels % 3;
        rgb[i] = bytes[(picture * pixels + i % pixels) * colours + colour];
      }
      int[] labels = names.contains(LABELS) && !classes.isEmpty()
          ? labels(path, npz.read(LABELS), shape[0], classes.size()) : new int[0];
      return coloured(shape[1], shape[2], rgb, labels, labels.length == 0 ? List.of() : classes);
    }
  }

  private static int[] labels(Path path, NpyArray array, int count, int classes) throws IOException {
    int[] labels;
    try {
      labels = array.ints();
    } catch (IllegalStateException e) {
      throw new IOException(path + ": labels are 32-bit numbers, not " + array.header().descriptor(), e);
    }
    if (labels.length != count) {
      throw new IOException(path + ": there are " + labels.length + " labels for " + count + " pictures");
    }
    for (int label : labels) {
      if (label < 0 || label >= classes) {
        throw new IOException(path + ": label " + label + " is none of the data's " + classes + " classes");
      }
    }
    return labels;
  }

  /** Grey if every pixel is. */
  private static ByteImages coloured(int height, int width, byte[] rgb, int[] labels, List<String> classes) {
    int pixels = height * width;
    int count = rgb.length / (3 * pixels);
    boolean grey = IntStream.range(0, count * pixels).allMatch(i -> {
      int at = i / pixels * 3 * pixels + i % pixels;
      return rgb[at] == rgb[at + pixels] && rgb[at] == rgb[at + 2 * pixels];
    });
    if (!grey) {
      return new ByteImages(3, height, width, rgb, labels, classes);
    }
    byte[] luma = new byte[count * pixels];
    for (int i = 0; i < count; i++) {
      System.arraycopy(rgb, i * 3 * pixels, luma, i * pixels, pixels);
    }
    return new ByteImages(1, height, width, luma, labels, classes);
  }
}
