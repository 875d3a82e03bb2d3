package org.rgflow.spectral;

import java.util.List;
import org.jtransforms.fft.DoubleFFT_1D;
import org.rgflow.device.Launch;
import org.rgflow.lattice.FieldLayout;

/**
 * The real Fourier transform line by line through JTransforms (P. Wendykier), along y and then in place
 * along x, in double: its float version loses three digits on lines with a large prime factor. JTransforms
 * allocates working memory in every call; nothing else here does. Its launches run on the
 * JVM only.
 */
public final class JTransformsFourier implements ModeTransform {
  private enum Direction { FORWARD, INVERSE }

  private final FieldLayout layout;
  private final DoubleFFT_1D alongX;
  private final DoubleFFT_1D alongY;
  private final Slots slots = new Slots();
  private final double[][] scratch;

  public JTransformsFourier(FieldLayout layout) {
    this.layout = layout;
    int lx = layout.lattice().lx();
    int ly = layout.lattice().ly();
    alongX = new DoubleFFT_1D(lx);
    alongY = new DoubleFFT_1D(ly);
    scratch = new double[slots.count()][Math.max(lx, ly)];
  }

  @Override
  public FieldLayout layout() {
    return layout;
  }

  @Override
  public List<Launch> forward(float[] field, float[] modes) {
    return launches(field, modes, Direction.FORWARD);
  }

  @Override
  public List<Launch> inverse(float[] modes, float[] field) {
    return launches(modes, field, Direction.INVERSE);
  }

  private List<Launch> launches(float[] in, float[] out, Direction direction) {
    MatrixTransform.requireBuffers(layout, in, out);
    int lx = layout.lattice().lx();
    int ly = layout.lattice().ly();
    int lanes = layout.lanes();
    return List.of(
        new Lines(in, out, alongY, ly, lx * lanes, layout.blocks(), lx * lanes, direction, slots, scratch),
        new Lines(out, out, alongX, lx, lanes, layout.blocks(), ly * lanes, direction, slots, scratch));
  }

  /**
   * The transforms of all lines along the middle axis of [outer][n][inner].
   *
   * @param lines lines per block
   */
  private record Lines(float[] in, float[] out, DoubleFFT_1D fft, int n, int inner, int blocks, int lines,
      Direction direction, Slots slots, double[][] scratch) implements Launch {
    @Override
    public int items() {
      return blocks * lines;
    }

    @Override
    public int groups() {
      return blocks;
    }

    @Override
    public int cost() {
      return 30 * n;
    }

    @Override
    public void run(int begin, int end) {
      int slot = slots.take();
      double[] x = scratch[slot];
      for (int line = begin; line < end; line++) {
        int base = line / inner * n * inner + line % inner;
        switch (direction) {
          case FORWARD -> forward(base, x);
          case INVERSE -> inverse(base, x);
        }
      }
      slots.give(slot);
    }

    // JTransforms packs Re X_k, Im X_k into elements 2k, 2k+1, and into element 1 what is left over:
    // Re X_(n/2) for even n, Im X_((n−1)/2) for odd n.

    private void forward(int base, double[] x) {
      for (int j = 0; j < n; j++) {
        x[j] = in[base + j * inner];
      }
      fft.realForward(x, 0);
      double whole = Math.sqrt(1.0 / n);
      double part = Math.sqrt(2.0 / n);
      out[base] = (float) (whole * x[0]);
      for (int f = 1; f <= (n - 1) / 2; f++) {
        out[base + (2 * f - 1) * inner] = (float) (part * x[2 * f]);
        out[base + 2 * f * inner] = (float) (-part * x[2 * f + 1 < n ? 2 * f + 1 : 1]);
      }
      if ((n & 1) == 0) {
        out[base + (n - 1) * inner] = (float) (whole * x[1]);
      }
    }

    private void inverse(int base, double[] x) {
      double whole = Math.sqrt(n);
      double part = Math.sqrt(n / 2.0);
      x[0] = whole * in[base];
      for (int f = 1; f <= (n - 1) / 2; f++) {
        x[2 * f] = part * in[base + (2 * f - 1) * inner];
        x[2 * f + 1 < n ? 2 * f + 1 : 1] = -part * in[base + 2 * f * inner];
      }
      if ((n & 1) == 0) {
        x[1] = whole * in[base + (n - 1) * inner];
      }
      fft.realInverse(x, 0, true);
      for (int j = 0; j < n; j++) {
        out[base + j * inner] = (float) x[j];
      }
    }
  }
}
