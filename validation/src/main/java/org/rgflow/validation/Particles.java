package org.rgflow.validation;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.rgflow.device.Device;
import org.rgflow.flow.Flow;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.spectral.MatrixTransform;
import org.rgflow.spectral.ModeTransform;
import org.rgflow.transport.CellGrid;

/**
 * Langevin particles of a {@link ModeTheory}: independent draws of P_0, taken along the flows of the library on a
 * device.
 *
 * <p>The flows work on lattice fields. Here the sites of a 2×2 lattice stand for its modes, which have p̂² = 0, 4, 4,
 * 8, through a transform that changes nothing; so the modes are independent but for P_0. One mode is carried twice, in
 * the modes of p̂² = 4; two are carried in those of 4 and 8.
 */
final class Particles {
  /** Makes the flow under test. */
  interface Maker {
    Flow make(Device device, ModeTransform transform, RandomStream stream);
  }

  private static final Lattice LATTICE = Lattice.square(2);
  private static final double[] IDENTITY = {1, 0, 0, 1};
  /** Fields that flow side by side. */
  private static final int BATCH = 1 << 16;
  /** Cells of the tables by which single modes are drawn; their width is 1e-3 of that of the density. */
  private static final int TABLE = 1 << 14;

  private final MonteCarlo setting;
  private final ModeTheory theory;
  /** {@code [mode][particle]}. */
  private final float[][] start;

  Particles(MonteCarlo setting, ModeTheory theory, int count) {
    this.setting = setting;
    this.theory = theory;
    start = draw(theory, count, new RandomStream(setting.seed()).provider(Streams.START));
  }

  /** φ_0 of a mode of a particle. */
  double start(int mode, int particle) {
    return start[mode][particle];
  }

  int count() {
    return start[0].length;
  }

  /**
   * Draws of P_0: each mode from its own P_0 ∝ e^(−S_0) with the other at 0, by the inverse of its distribution
   * function; two are accepted with probability e^(−6bφ₁²φ₂²), which is what is missing.
   */
  private static float[][] draw(ModeTheory theory, int count, UniformRandomProvider random) {
    double[][] table = new double[theory.modes()][];
    CellGrid[] line = new CellGrid[theory.modes()];
    for (int k = 0; k < table.length; k++) {
      boolean first = k == 0;
      double reach = first ? theory.reachX() : theory.reachY();
      line[k] = CellGrid.line(TABLE, -reach, reach);
      CellGrid cells = line[k];
      double[] density = cells.gibbs(cells.values(x -> first ? theory.action(x, 0) : theory.action(0, x)));
      table[k] = new double[TABLE + 1];
      for (int i = 0; i < TABLE; i++) {
        table[k][i + 1] = table[k][i] + density[i] * cells.dx();
      }
    }
    float[][] result = new float[theory.modes()][count];
    double[] candidate = new double[theory.modes()];
    int accepted = 0;
    while (accepted < count) {
      for (int k = 0; k < candidate.length; k++) {
        candidate[k] = quantile(table[k], line[k], random.nextDouble());
      }
      if (theory.modes() == 1 || random.nextDouble() < Math.exp(-6 * theory.quartic() * square(candidate[0]
          * candidate[1]))) {
        for (int k = 0; k < candidate.length; k++) {
          result[k][accepted] = (float) candidate[k];
        }
        accepted++;
      }
    }
    return result;
  }

  private static double square(double x) {
    return x * x;
  }

  private static double quantile(double[] cumulative, CellGrid line, double level) {
    double u = level * cumulative[TABLE];
    int low = 0;
    int high = TABLE;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (cumulative[middle] <= u) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double inside = (u - cumulative[low]) / (cumulative[high] - cumulative[low]);
    return line.x0() + (low + inside) * line.dx();
  }

  /** Where the particles start from; with the same noise the two differ by what is odd in it. */
  enum Side {
    AS_DRAWN, REFLECTED
  }

  /**
   * The particles at a time.
   *
   * @param seed of the noise
   * @return {@code [mode][particle]}
   */
  float[][] flow(Maker maker, double time, long seed, Side side) {
    float[][] from = new float[start.length][];
    for (int k = 0; k < from.length; k++) {
      from[k] = start[k].clone();
      for (int i = 0; i < count() && side == Side.REFLECTED; i++) {
        from[k][i] = -from[k][i];
      }
    }
    int copies = theory.modes() == 1 ? 2 : 1;
    int[] place = theory.modes() == 1 ? new int[] {1, 2} : new int[] {1, 3};
    float[][] end = new float[theory.modes()][count()];
    int fields = (count() + copies - 1) / copies;
    FieldLayout layout = new FieldLayout(LATTICE, Math.min(BATCH, fields));
    try (Flow flow = maker.make(setting.device(), new MatrixTransform(layout, IDENTITY, IDENTITY),
        new RandomStream(seed))) {
      for (int first = 0; first < fields; first += layout.replicas()) {
        Arrays.fill(flow.field(), 0);
        copy(layout, first * copies, place, from, flow.field(), true);
        flow.advance(Double.POSITIVE_INFINITY, 1 / Math.sqrt(time));
        copy(layout, first * copies, place, end, flow.field(), false);
      }
    }
    return end;
  }

  /** Copies particles into fields, or out of them. */
  private void copy(FieldLayout layout, int first, int[] place, float[][] particles, float[] field, boolean in) {
    int copies = place.length / particles.length;
    for (int r = 0; r < layout.replicas(); r++) {
      for (int m = 0; m < place.length; m++) {
        int particle = first + r * copies + m % copies;
        if (particle < count()) {
          int at = layout.index(r, place[m]);
          int mode = m / copies;
          if (in) {
            field[at] = particles[mode][particle];
          } else {
            particles[mode][particle] = field[at];
          }
        }
      }
    }
  }
}
