package org.rgflow.frequency;

import java.util.List;
import org.rgflow.data.ColorImage;
import org.rgflow.device.Launch;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.spectral.MatrixTransform;
import org.rgflow.spectral.ModeTransform;

/**
 * The frequency space of the image model: an image is cut into d×d patches, and each patch of each
 * colour is expanded in the orthonormal DCT-II (2402.17090).
 *
 * <p>To the kernels this is a lattice of d×d sites with one replica for each patch and colour: patches
 * lie side by side in a {@link FieldLayout} as replicas of a field do, and everything that acts on
 * modes, the Ornstein–Uhlenbeck kernel above all, is the same code. Patch (row, column) of colour c is replica
 * {@code (c * rows + row) * columns + column}; mode (k1, k2), k1 vertical, has index {@code k1 * d + k2}.
 * {@link #grouped} gives the order of the network's input, by frequency.
 */
public final class PatchModes {
  private final int colours;
  private final int rows;
  private final int columns;
  private final int side;
  private final FieldLayout layout;
  private final ModeTransform transform;

  /**
   * @param colours planes of the image
   * @param height height of the image, a multiple of d
   * @param width width of the image, a multiple of d
   * @param side d, at least 2
   * @throws IllegalArgumentException if the patches do not tile the image
   */
  public PatchModes(int colours, int height, int width, int side) {
    if (side < 2 || height < side || width < side || height % side != 0 || width % side != 0) {
      throw new IllegalArgumentException("patches of " + side + "x" + side + " do not tile an image of " + width + "x"
          + height + "; both sides must be multiples of the patch's, which must be at least 2");
    }
    this.colours = colours;
    this.rows = height / side;
    this.columns = width / side;
    this.side = side;
    this.layout = new FieldLayout(Lattice.square(side), Math.multiplyExact(colours, Math.multiplyExact(rows, columns)));
    this.transform = MatrixTransform.dct2(layout);
  }

  /** d. */
  public int side() {
    return side;
  }

  /** The layout of the patches: d×d sites or modes, one replica for each patch and colour. */
  public FieldLayout layout() {
    return layout;
  }

  /** Launches that take patches to their modes. */
  public List<Launch> forward(float[] patches, float[] modes) {
    return transform.forward(patches, modes);
  }

  /** Launches that take modes to their patches. */
  public List<Launch> inverse(float[] modes, float[] patches) {
    return transform.inverse(modes, patches);
  }

  /** Cuts an image into patches, in {@link #layout}. */
  public void cut(ColorImage image, float[] patches) {
    if (image.colours() != colours || image.height() != rows * side || image.width() != columns * side) {
      throw new IllegalArgumentException("the image has " + image.colours() + " planes of " + image.width() + "x"
          + image.height() + ", not " + colours + " of " + columns * side + "x" + rows * side);
    }
    for (int i = 0; i < image.values().length; i++) {
      patches[index(i)] = image.values()[i];
    }
  }

  /** Puts patches together to an image. */
  public ColorImage join(float[] patches) {
    float[] values = new float[colours * rows * side * columns * side];
    for (int i = 0; i < values.length; i++) {
      values[i] = patches[index(i)];
    }
    return new ColorImage(colours, rows * side, columns * side, values);
  }

  /** Where value i of an image's planes lies among the patches. */
  private int index(int i) {
    int width = columns * side;
    int x = i % width;
    int y = i / width % (rows * side);
    int colour = i / width / (rows * side);
    int replica = (colour * rows + y / side) * columns + x / side;
    return layout.index(replica, y % side * side + x % side);
  }

  /**
   * The modes grouped by frequency: {@code [colour · d · d][rows][columns]}, channels in the order colour, k1, k2.
   */
  public float[] grouped(float[] modes) {
    float[] tensor = new float[colours * side * side * rows * columns];
    for (int i = 0; i < tensor.length; i++) {
      tensor[i] = modes[groupedIndex(i)];
    }
    return tensor;
  }

  /** The inverse of {@link #grouped}. */
  public void ungroup(float[] tensor, float[] modes) {
    for (int i = 0; i < tensor.length; i++) {
      modes[groupedIndex(i)] = tensor[i];
    }
  }

  private int groupedIndex(int i) {
    int patch = i % (rows * columns);
    int channel = i / (rows * columns);
    int colour = channel / (side * side);
    return layout.index(colour * rows * columns + patch, channel % (side * side));
  }
}
