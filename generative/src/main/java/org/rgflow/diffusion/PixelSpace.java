package org.rgflow.diffusion;

import java.util.ArrayList;
import java.util.List;
import org.rgflow.data.ColorImage;
import org.rgflow.data.YCbCr;
import org.rgflow.device.Launch;
import org.rgflow.launch.AxisTransform;
import org.rgflow.spectral.Bases;

/**
 * From the modes of a batch to its pixels and back. Modes are {@code [image][colour][k1][k2][patch]}, and the pixels
 * that belong to them {@code [image][colour][y][x][patch]}: patch (row, column) and place (y, x) in it. That is a
 * permutation of the image, which is all that a clamp or a mask needs; {@link #pixels} and {@link #image} translate.
 *
 * @param batch its channels are colours × d²
 * @param colours planes of an image
 * @param rows patches one below the other
 * @param columns patches side by side; rows × columns are the positions of the batch
 * @param side d; 1 where the network works on pixels
 */
public record PixelSpace(ModeBatch batch, int colours, int rows, int columns, int side) {
  /** @throws IllegalArgumentException if the extents do not fit the batch */
  public PixelSpace {
    if (side < 1 || colours < 1 || rows < 1 || columns < 1 || batch.channels() != colours * side * side
        || batch.positions() != rows * columns) {
      throw new IllegalArgumentException(colours + " colours in " + rows + "x" + columns + " patches of " + side
          + "x" + side
          + " do not make " + batch.channels() + " channels of " + batch.positions() + " positions");
    }
  }

  /** Launches that take modes to pixels. */
  public List<Launch> inverse(float[] modes, float[] pixels) {
    return transform(modes, pixels, Bases.transpose(Bases.dct2(side), side));
  }

  /** Launches that take pixels to modes. */
  public List<Launch> forward(float[] pixels, float[] modes) {
    return transform(pixels, modes, Bases.dct2(side));
  }

  private List<Launch> transform(float[] in, float[] out, double[] basis) {
    float[] matrix = new float[basis.length];
    for (int i = 0; i < basis.length; i++) {
      matrix[i] = (float) basis[i];
    }
    float[] between = new float[batch.size()];
    List<Launch> launches = new ArrayList<>();
    launches.add(new AxisTransform(in, between, matrix, side, side * batch.positions(), batch.images()));
    launches.add(new AxisTransform(between, out, matrix, side, batch.positions(), batch.images()));
    return launches;
  }

  /** Height of an image. */
  public int height() {
    return rows * side;
  }

  /** Width of an image. */
  public int width() {
    return columns * side;
  }

  /**
   * One image's planes {@code [colour][y][x]} from the pixels of a batch.
   *
   * @param planes written
   */
  public void image(float[] pixels, int image, float[] planes) {
    for (int i = 0; i < batch.imageSize(); i++) {
      planes[i] = pixels[image * batch.imageSize() + index(i)];
    }
  }

  /** The inverse of {@link #image}. */
  public void pixels(float[] planes, float[] pixels, int image) {
    for (int i = 0; i < batch.imageSize(); i++) {
      pixels[image * batch.imageSize() + index(i)] = planes[i];
    }
  }

  /**
   * One image of a batch of modes, in double on the calling thread: for pictures, not for steps.
   *
   * @return its planes, as the network sees colours (Y Cb Cr or grey in [−1, 1])
   */
  public ColorImage decode(float[] modes, int image) {
    double[] basis = Bases.dct2(side);
    int positions = batch.positions();
    float[] pixels = new float[batch.imageSize()];
    for (int colour = 0; colour < colours; colour++) {
      int from = image * batch.imageSize() + colour * side * side * positions;
      for (int at = 0; at < side * side * positions; at++) {
        int y = at / positions / side;
        int x = at / positions % side;
        double value = 0;
        for (int k = 0; k < side * side; k++) {
          value += basis[k / side * side + y] * basis[k % side * side + x] * modes[from + k * positions
              + at % positions];
        }
        pixels[colour * side * side * positions + at] = (float) value;
      }
    }
    float[] planes = new float[batch.imageSize()];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = pixels[index(i)];
    }
    return new ColorImage(colours, height(), width(), planes);
  }

  /** {@link #decode} as grey or RGB around [0, 1], not clipped. */
  public ColorImage visible(float[] modes, int image) {
    ColorImage coded = decode(modes, image);
    if (colours == 3) {
      return YCbCr.toRgb(coded);
    }
    float[] values = coded.values();
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.5f * (values[i] + 1);
    }
    return coded;
  }

  /**
   * One image's place in the pixels of a batch, from a picture that is grey or RGB in [0, 1].
   *
   * @param pixels written
   * @throws IllegalArgumentException if the picture is of another size or number of colours
   */
  public void encode(ColorImage picture, float[] pixels, int image) {
    if (picture.colours() != colours || picture.height() != height() || picture.width() != width()) {
      throw new IllegalArgumentException("a picture of " + picture.width() + "x" + picture.height() + " with "
          + picture.colours() + " colours is none of " + width() + "x" + height() + " with " + colours);
    }
    float[] planes = colours == 3 ? YCbCr.ofRgb(picture).values() : picture.values().clone();
    if (colours == 1) {
      for (int i = 0; i < planes.length; i++) {
        planes[i] = 2 * planes[i] - 1;
      }
    }
    pixels(planes, pixels, image);
  }

  /**
   * The first colour's modes of one image as a picture: d×d tiles, tile (k1, k2) showing that mode over all patches.
   *
   * @param range value shown white; its negative is black and zero grey
   * @return grey in [0, 1], as large as the image
   */
  public ColorImage modePicture(float[] modes, int image, double range) {
    float[] values = new float[height() * width()];
    for (int i = 0; i < values.length; i++) {
      int x = i % width();
      int y = i / width();
      int channel = y / rows * side + x / columns;
      float mode = modes[image * batch.imageSize() + channel * batch.positions() + y % rows * columns + x % columns];
      values[i] = (float) (0.5 + 0.5 * mode / range);
    }
    return new ColorImage(1, height(), width(), values);
  }

  private int index(int i) {
    int x = i % width();
    int y = i / width() % height();
    int colour = i / width() / height();
    int channel = (colour * side + y % side) * side + x % side;
    return channel * batch.positions() + y / side * columns + x / side;
  }
}
