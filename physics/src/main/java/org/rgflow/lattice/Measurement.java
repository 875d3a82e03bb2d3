package org.rgflow.lattice;

import java.util.LinkedHashMap;
import java.util.Map;
import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.kernels.CorrelationVector;
import org.rgflow.launch.ColumnSums;
import org.rgflow.launch.RowSums;

/**
 * Measures the field of every replica: site sums on the device, in double, and from them
 *
 * <ul>
 *   <li>{@code m} = Σφ/V, {@code phi2} = Σφ²/V, {@code phi4} = Σφ⁴/V,
 *   <li>{@code gradient2} = Σ_x Σ_μ (φ(x+μ)−φ(x))²/V,
 *   <li>{@code gkx} = |Σ_x φ e^(−ikx)|²/V at the smallest momentum k = (2π/L_x, 0), and {@code gky} in y,
 *   <li>the time-slice correlator (1/T) Σ_s φ̃(s) φ̃(s+t) / (V/T), t = 0 … ⌊T/2⌋, where φ̃(s) is the sum
 *       of the field over slice s: slices in the direction of the longer side, averaged over both
 *       directions on a square lattice. Its sum over all t is χ of that configuration.
 * </ul>
 */
public final class Measurement implements AutoCloseable {
  private final FieldLayout layout;
  private final double[] rows;
  private final double[] columns;
  private final Program program;
  private final Session session;
  private final Map<String, double[]> values = new LinkedHashMap<>();
  private final double[] correlator;
  /** Sums over the slices of a direction, followed by them once more. */
  private final double[] along;
  private final double[] products;
  private final double[][] waveX;
  private final double[][] waveY;

  /** @param field the buffer that {@link #measure} reads, in {@code layout} */
  public Measurement(FieldLayout layout, float[] field, Device device) {
    this.layout = layout;
    Lattice lattice = layout.lattice();
    int lanes = layout.lanes();
    rows = new double[4 * layout.blocks() * lattice.ly() * lanes];
    columns = new double[layout.blocks() * lattice.lx() * lanes];
    for (String name : new String[] {"m", "phi2", "phi4", "gradient2", "gkx", "gky"}) {
      values.put(name, new double[layout.replicas()]);
    }
    correlator = new double[layout.replicas() * separations()];
    along = new double[2 * extent()];
    products = new double[separations()];
    waveX = wave(lattice.lx());
    waveY = wave(lattice.ly());
    program = new Program("measurement")
        .input(field)
        .add(new RowSums(field, rows, lattice.lx(), lattice.ly(), lanes))
        .add(new ColumnSums(field, columns, lattice.lx(), lattice.ly(), lanes))
        .output(rows, columns);
    session = device.open(program);
  }

  /** Extent T of the correlator: the longer side. */
  public int extent() {
    return Math.max(layout.lattice().lx(), layout.lattice().ly());
  }

  /** Number of time separations t = 0 … ⌊T/2⌋. */
  public int separations() {
    return extent() / 2 + 1;
  }

  /** Measures the current field; the results are overwritten by the next measurement. */
  public void measure() {
    session.run(program);
    Lattice lattice = layout.lattice();
    int lx = lattice.lx();
    int ly = lattice.ly();
    int lanes = layout.lanes();
    double volume = lattice.sites();
    for (int replica = 0; replica < layout.replicas(); replica++) {
      int block = replica / lanes;
      int lane = replica % lanes;
      double s1 = 0;
      double s2 = 0;
      double s4 = 0;
      double gradient = 0;
      for (int y = 0; y < ly; y++) {
        int at = 4 * ((block * ly + y) * lanes + lane);
        along[y] = rows[at];
        s1 += rows[at];
        s2 += rows[at + 1];
        s4 += rows[at + 2];
        gradient += rows[at + 3];
      }
      values.get("m")[replica] = s1 / volume;
      values.get("phi2")[replica] = s2 / volume;
      values.get("phi4")[replica] = s4 / volume;
      values.get("gradient2")[replica] = gradient / volume;
      values.get("gky")[replica] = power(waveY) / volume;
      if (ly >= lx) {
        correlate(replica, ly, lx == ly ? 0.5 : 1, 0);
      }
      for (int x = 0; x < lx; x++) {
        along[x] = columns[(block * lx + x) * lanes + lane];
      }
      values.get("gkx")[replica] = power(waveX) / volume;
      if (lx >= ly) {
        correlate(replica, lx, lx == ly ? 0.5 : 1, lx == ly ? 1 : 0);
      }
    }
  }

  /** {cos, sin} of 2πs/n, s = 0 … n − 1. */
  private static double[][] wave(int n) {
    double[][] wave = new double[2][n];
    for (int s = 0; s < n; s++) {
      wave[0][s] = Math.cos(2 * Math.PI * s / n);
      wave[1][s] = Math.sin(2 * Math.PI * s / n);
    }
    return wave;
  }

  /** |Σ_s along(s) e^(−2πis/n)|². */
  private double power(double[][] wave) {
    double re = 0;
    double im = 0;
    for (int s = 0; s < wave[0].length; s++) {
      re += along[s] * wave[0][s];
      im += along[s] * wave[1][s];
    }
    return re * re + im * im;
  }

  private void correlate(int replica, int n, double weight, double keep) {
    System.arraycopy(along, 0, along, n, n);
    CorrelationVector.correlate(along, n, products, products.length);
    int first = replica * products.length;
    for (int t = 0; t < products.length; t++) {
      correlator[first + t] = keep * correlator[first + t] + weight * products[t] / layout.lattice().sites();
    }
  }

  /** The last values by series name, one per replica; the arrays are reused. */
  public Map<String, double[]> values() {
    return values;
  }

  /** The last correlators, {@code [replica][separation]}; the array is reused. */
  public double[] correlator() {
    return correlator;
  }

  /** Appends the last values to the series of an ensemble. */
  public void recordTo(Ensemble ensemble) {
    values.forEach(ensemble::record);
  }

  @Override
  public void close() {
    session.close();
  }
}
