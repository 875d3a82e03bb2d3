package org.rgflow.spectral;

import java.util.List;
import org.rgflow.device.Launch;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.launch.AxisTransform;

/**
 * A mode transform by matrix products along y and then x, O(lx + ly) per site: the naive reference, for
 * any pair of orthonormal bases.
 */
public final class MatrixTransform implements ModeTransform {
  private final FieldLayout layout;
  private final float[] basisX;
  private final float[] basisY;
  private final float[] inverseX;
  private final float[] inverseY;
  /** What has been transformed along y alone, by any of the launches; null before there are some. */
  private float[] between;

  /**
   * @param basisX lx×lx orthonormal, row k the k-th basis function
   * @param basisY ly×ly orthonormal
   * @throws IllegalArgumentException if a matrix has the wrong size
   */
  public MatrixTransform(FieldLayout layout, double[] basisX, double[] basisY) {
    int lx = layout.lattice().lx();
    int ly = layout.lattice().ly();
    if (basisX.length != lx * lx || basisY.length != ly * ly) {
      throw new IllegalArgumentException("bases of " + basisX.length + " and " + basisY.length + " numbers for a "
          + layout.lattice() + " lattice");
    }
    this.layout = layout;
    this.basisX = Bases.floats(basisX);
    this.basisY = Bases.floats(basisY);
    this.inverseX = Bases.floats(Bases.transpose(basisX, lx));
    this.inverseY = Bases.floats(Bases.transpose(basisY, ly));
  }

  /** The real Fourier basis on both sides. */
  public static MatrixTransform realFourier(FieldLayout layout) {
    Lattice lattice = layout.lattice();
    return new MatrixTransform(layout, Bases.realFourier(lattice.lx()), Bases.realFourier(lattice.ly()));
  }

  /** The DCT-II on both sides. */
  public static MatrixTransform dct2(FieldLayout layout) {
    return new MatrixTransform(layout, Bases.dct2(layout.lattice().lx()), Bases.dct2(layout.lattice().ly()));
  }

  @Override
  public FieldLayout layout() {
    return layout;
  }

  @Override
  public List<Launch> forward(float[] field, float[] modes) {
    return launches(field, modes, basisX, basisY);
  }

  @Override
  public List<Launch> inverse(float[] modes, float[] field) {
    return launches(modes, field, inverseX, inverseY);
  }

  private List<Launch> launches(float[] in, float[] out, float[] matrixX, float[] matrixY) {
    requireBuffers(layout, in, out);
    int lx = layout.lattice().lx();
    int ly = layout.lattice().ly();
    if (between == null) {
      between = new float[layout.size()];
    }
    return List.of(
        new AxisTransform(in, between, matrixY, ly, lx * layout.lanes(), layout.blocks()),
        new AxisTransform(between, out, matrixX, lx, layout.lanes(), layout.blocks()));
  }

  static void requireBuffers(FieldLayout layout, float[] in, float[] out) {
    if (in == out || in.length != layout.size() || out.length != layout.size()) {
      throw new IllegalArgumentException("a mode transform takes one buffer of " + layout.size()
          + " elements to another, not " + in.length + " to " + out.length + (in == out ? " in the same buffer" : ""));
    }
  }
}
