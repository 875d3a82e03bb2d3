package org.rgflow.spectral;

import java.util.List;
import org.rgflow.device.Launch;
import org.rgflow.kernels.FourierVector;
import org.rgflow.lattice.FieldLayout;

/**
 * The real Fourier transform with one line per vector lane ({@link FourierVector}): along y, and then in
 * place along x. With 16 lanes a lane is a replica; with fewer, neighbouring columns go side by side
 * along y, and rows are collected into vectors along x. Replica blocks are independent groups; within a
 * single block the work is divided by lines. Its launches run on the JVM only.
 */
public final class ReplicaFourier implements ModeTransform {
  /** How the lines of one side are transformed. */
  enum Method {
    /** The one expected to be faster. */
    AUTOMATIC,
    FOLDED,
    MIXED_RADIX
  }

  private final FieldLayout layout;
  private final Lengthwise alongX;
  private final Lengthwise alongY;
  private final Slots slots = new Slots();
  private final float[][][] scratch;

  /** The transforms of one side, each by the method that suits its direction. */
  private record Lengthwise(LineTransform forward, LineTransform inverse) {
    static Lengthwise of(int n, Method method) {
      return switch (method) {
        case FOLDED -> new Lengthwise(new FoldedLine(n), new FoldedLine(n));
        case MIXED_RADIX -> new Lengthwise(new MixedRadixLine(n), new MixedRadixLine(n));
        case AUTOMATIC -> {
          double mixed = mixedRadixCost(n);
          yield new Lengthwise(
              0.13 + 0.009 * n <= mixed ? new FoldedLine(n) : new MixedRadixLine(n),
              0.22 + 0.013 * n <= mixed ? new FoldedLine(n) : new MixedRadixLine(n));
        }
      };
    }

    /** Nanoseconds per element as measured with 512-bit vectors, like the numbers it is compared with. */
    private static double mixedRadixCost(int n) {
      double cost = 0.08;
      for (int factor : MixedRadixLine.factors(n)) {
        cost += factor <= 8 && factor != 7 ? 0.14 : 0.1 + 0.02 * factor;
      }
      return cost;
    }

    int scratch() {
      return Math.max(forward.scratch(), inverse.scratch());
    }
  }

  public ReplicaFourier(FieldLayout layout) {
    this(layout, Method.AUTOMATIC);
  }

  ReplicaFourier(FieldLayout layout, Method method) {
    this.layout = layout;
    int lx = layout.lattice().lx();
    int ly = layout.lattice().ly();
    alongX = Lengthwise.of(lx, method);
    alongY = ly == lx ? alongX : Lengthwise.of(ly, method);
    int length = Math.max(FourierVector.WIDTH * FourierVector.WIDTH, Math.max(alongX.scratch(), alongY.scratch()));
    scratch = new float[slots.count()][4][length];
  }

  @Override
  public FieldLayout layout() {
    return layout;
  }

  @Override
  public List<Launch> forward(float[] field, float[] modes) {
    return launches(field, modes, alongX.forward, alongY.forward, Direction.FORWARD);
  }

  @Override
  public List<Launch> inverse(float[] modes, float[] field) {
    return launches(modes, field, alongX.inverse, alongY.inverse, Direction.INVERSE);
  }

  private List<Launch> launches(
      float[] in, float[] out, LineTransform x, LineTransform y, Direction direction) {
    MatrixTransform.requireBuffers(layout, in, out);
    int lx = layout.lattice().lx();
    int ly = layout.lattice().ly();
    int lanes = layout.lanes();
    int blocks = layout.blocks();
    // Along y, lx·lanes lines lie side by side. Along x, ly rows of lanes lines each.
    return List.of(
        new Lines(in, out, y, blocks, lx * lanes, 1, 0, lx * lanes, direction, slots, scratch),
        new Lines(out, out, x, blocks, lanes, ly, lx * lanes, lanes, direction, slots, scratch));
  }

  private enum Direction { FORWARD, INVERSE }

  /**
   * The transforms along one axis of all blocks. A block has {@code rows} rows of {@code across} lines; line
   * l of a row starts l floats from the row's start, and its elements are {@code step} floats apart.
   */
  private record Lines(float[] in, float[] out, LineTransform line, int blocks, int across, int rows, int row, int step,
      Direction direction, Slots slots, float[][][] arrays) implements Launch {
    private boolean sideBySide() {
      return across >= FourierVector.WIDTH && (rows == 1 || across % FourierVector.WIDTH == 0);
    }

    /** Items per block that transform lines where they lie. */
    private int direct() {
      if (!sideBySide()) {
        return 0;
      }
      int bundle = line.vectors();
      int vectors = across / FourierVector.WIDTH;
      return rows == 1 ? (vectors + bundle - 1) / bundle : vectors * ((rows + bundle - 1) / bundle);
    }

    /** Lines of a block that have to be collected, the last ones. */
    private int collected() {
      return sideBySide() ? across % FourierVector.WIDTH : across * rows;
    }

    private int itemsPerBlock() {
      int bundle = line.vectors() * FourierVector.WIDTH;
      return direct() + (collected() + bundle - 1) / bundle;
    }

    @Override
    public int items() {
      return blocks * itemsPerBlock();
    }

    @Override
    public int groups() {
      return blocks;
    }

    @Override
    public int cost() {
      return line.vectors() * FourierVector.WIDTH * line.n() * 16;
    }

    @Override
    public void run(int begin, int end) {
      int slot = slots.take();
      float[][] scratch = arrays[slot];
      int perBlock = itemsPerBlock();
      int direct = direct();
      int size = in.length / blocks;
      for (int item = begin; item < end; item++) {
        int base = item / perBlock * size;
        int index = item % perBlock;
        if (index < direct) {
          direct(base, index, scratch);
        } else {
          collect(base, index - direct, scratch);
        }
      }
      slots.give(slot);
    }

    private void direct(int base, int index, float[][] scratch) {
      int width = FourierVector.WIDTH;
      int bundle = line.vectors();
      if (rows == 1) {
        int vector = index * bundle;
        transform(base + vector * width, width, Math.min(bundle, across / width - vector), scratch);
      } else {
        int perColumn = (rows + bundle - 1) / bundle;
        int first = index % perColumn * bundle;
        transform(base + index / perColumn * width + first * row, row, Math.min(bundle, rows - first), scratch);
      }
    }

    private void transform(int base, int next, int vectors, float[][] scratch) {
      switch (direction) {
        case FORWARD -> line.forward(in, base, step, next, out, base, step, next, vectors, scratch);
        case INVERSE -> line.inverse(in, base, step, next, out, base, step, next, vectors, scratch);
      }
    }

    /** Whether the lines of a vector, from line {@code first} on, are those of two rows. */
    private boolean halves(int first) {
      return across == FourierVector.HALF_WIDTH && first % FourierVector.WIDTH == 0
          && first + FourierVector.WIDTH <= across * rows;
    }

    private void collect(int base, int index, float[][] scratch) {
      int width = FourierVector.WIDTH;
      int bundle = line.vectors();
      int lines = across * rows;
      int first = lines - collected() + index * bundle * width;
      int vectors = Math.min(bundle, (lines - first + width - 1) / width);
      float[] tile = scratch[3];
      int n = line.n();
      for (int v = 0; v < vectors; v++) {
        int from = first + v * width;
        if (halves(from)) {
          int at = base + from / across * row;
          FourierVector.gatherHalves(n, in, at, at + row, step, tile, vectors, v);
        } else {
          FourierVector.gather(n, in, base, from, Math.min(width, lines - from), across, row, step, tile, vectors, v,
              scratch[0]);
        }
      }
      switch (direction) {
        case FORWARD -> line.forward(
            tile, 0, vectors * width, width, tile, 0, vectors * width, width, vectors, scratch);
        case INVERSE -> line.inverse(
            tile, 0, vectors * width, width, tile, 0, vectors * width, width, vectors, scratch);
      }
      for (int v = 0; v < vectors; v++) {
        int from = first + v * width;
        if (halves(from)) {
          int at = base + from / across * row;
          FourierVector.scatterHalves(n, tile, vectors, v, out, at, at + row, step);
        } else {
          FourierVector.scatter(n, tile, vectors, v, out, base, from, Math.min(width, lines - from), across, row, step,
              scratch[0]);
        }
      }
    }
  }
}
