package org.rgflow.data;

import org.rgflow.kernels.PhiloxKernels;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;

/**
 * The endless sequence of pictures that a training sees: epoch after epoch, each in an order of its own.
 * Sample s belongs to epoch e = ⌊s/size⌋; which picture it is and whether it is mirrored are functions of
 * (seed, e, s mod size) through Philox, so a training resumes exactly from its number of samples.
 *
 * <p>The order is Fisher and Yates's shuffle (Durstenfeld, CACM 7, 420 (1964)), where the index below n is
 * ⌊n w/2³²⌋ of a 32-bit word w: no index is more probable than another by more than n/2³².
 *
 * <p>Not thread-safe. Memory: one number for each picture.
 */
public final class Batches {
  /** Whether pictures are mirrored, left to right. */
  public enum Flip {
    NEVER,
    /** Each with probability ½, in every epoch anew. */
    RANDOM
  }

  private final ImageSet images;
  private final boolean lumaChroma;
  private final Flip flip;
  private final RandomStream stream;
  private final int[] order;
  private final byte[] bytes;
  private final float[] levels = new float[256];
  /** Where each pixel of a plane goes. */
  private final int[] place;
  private long epoch = -1;

  /**
   * Pictures whole, {@code [sample][colour][y][x]}, each as {@link ColorImage#values}.
   *
   * @param seed of order and mirroring
   */
  public Batches(ImageSet images, PixelCoding coding, Flip flip, long seed) {
    this(images, coding, flip, seed, 1);
  }

  /**
   * Pictures cut into patches, {@code [sample][colour][y][x][patch]} with the place (y, x) in the patch: the pixels of
   * {@link org.rgflow.diffusion.PixelSpace}, whose DCT is the network's input.
   *
   * @param seed of order and mirroring
   * @param patch side of the patches, 1 for whole pictures
   * @throws IllegalArgumentException if the patches do not tile the pictures
   */
  public Batches(ImageSet images, PixelCoding coding, Flip flip, long seed, int patch) {
    if (patch != 1) {
      PatchTiling.require(images.height(), images.width(), patch);
    }
    int columns = images.width() / patch;
    int patches = images.height() / patch * columns;
    this.place = new int[images.height() * images.width()];
    for (int i = 0; i < place.length; i++) {
      int x = i % images.width();
      int y = i / images.width();
      place[i] = (y % patch * patch + x % patch) * patches + y / patch * columns + x / patch;
    }
    this.images = images;
    this.lumaChroma = coding == PixelCoding.LUMA_CHROMA && images.colours() == 3;
    this.flip = flip;
    this.stream = new RandomStream(seed);
    this.order = new int[images.size()];
    this.bytes = new byte[images.imageBytes()];
    for (int v = 0; v < levels.length; v++) {
      float unit = v / 255f;
      levels[v] = coding == PixelCoding.UNIT || lumaChroma ? unit : 2 * unit - 1;
    }
  }

  /** Numbers of one picture: colours × height × width. */
  public int imageSize() {
    return bytes.length;
  }

  /** The picture that is sample {@code sample}. */
  public int index(long sample) {
    if (sample < 0) {
      throw new IllegalArgumentException("samples are counted from 0, not " + sample);
    }
    seek(sample / order.length);
    return order[(int) (sample % order.length)];
  }

  /** Whether sample {@code sample} is mirrored. */
  public boolean mirrored(long sample) {
    if (flip == Flip.NEVER) {
      return false;
    }
    seek(sample / order.length);
    int position = (int) (sample % order.length);
    return (PhiloxKernels.word(0, position, Streams.DATA_FLIP, stream.buffer()) & 1) == 1;
  }

  private void seek(long wanted) {
    if (wanted == epoch) {
      return;
    }
    stream.seek(wanted);
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    for (int i = order.length - 1; i > 0; i--) {
      int word = PhiloxKernels.word(0, i, Streams.DATA_ORDER, stream.buffer());
      int j = PhiloxKernels.multiplyHigh(word, i + 1);
      int kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    epoch = wanted;
  }

  /**
   * Writes the samples {@code first}, {@code first + 1}, …: as many as {@code labels} has places.
   *
   * @param pixels written, in the order that the constructor was told
   * @param labels {@link ImageSet#label} of each, filled in
   */
  public void fill(long first, float[] pixels, int[] labels) {
    if (pixels.length != labels.length * bytes.length) {
      throw new IllegalArgumentException(
          pixels.length + " numbers are not " + labels.length + " pictures of " + bytes.length);
    }
    for (int k = 0; k < labels.length; k++) {
      int index = index(first + k);
      images.copy(index, bytes, 0);
      write(pixels, k * bytes.length, mirrored(first + k));
      labels[k] = images.label(index);
    }
  }

  /** Writes one picture as it is, neither shuffled nor mirrored; see {@link #fill}. */
  public void picture(int index, float[] pixels, int offset) {
    images.copy(index, bytes, 0);
    write(pixels, offset, false);
  }

  private void write(float[] pixels, int offset, boolean mirrored) {
    int width = images.width();
    int step = mirrored ? -1 : 1;
    for (int plane = 0; plane < bytes.length; plane += place.length) {
      for (int row = 0; row < place.length; row += width) {
        int from = plane + (mirrored ? row + width - 1 : row);
        for (int x = 0; x < width; x++) {
          pixels[offset + plane + place[row + x]] = levels[bytes[from + step * x] & 0xFF];
        }
      }
    }
    if (lumaChroma) {
      YCbCr.encode(pixels, offset, place.length);
    }
  }
}
