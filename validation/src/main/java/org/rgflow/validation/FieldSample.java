package org.rgflow.validation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rgflow.flow.Flow;
import org.rgflow.flow.RunningCovariance;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Measurement;
import org.rgflow.random.RandomStream;
import org.rgflow.spectral.FourierTransforms;
import org.rgflow.spectral.LatticeModes;

/**
 * Fields of one ensemble. Field i is number ⌊i / chains⌋ of chain i mod chains; independent fields are one chain.
 *
 * @param chains number of Markov chains that run side by side
 * @param values [field][y][x]
 */
record FieldSample(Lattice lattice, int chains, float[] values) {
  private static final int BATCH = 256;

  int size() {
    return values.length / lattice.sites();
  }

  /** The first fields. */
  FieldSample first(int count) {
    return new FieldSample(lattice, chains, Arrays.copyOf(values, count * lattice.sites()));
  }

  /** Another scale of the same fields: one step of Polchinski's flow, with noise of each field's own. */
  FieldSample flowed(MonteCarlo setting, RunningCovariance covariance, double from, double to, RandomStream stream) {
    FieldLayout layout = new FieldLayout(lattice, BATCH);
    float[] result = new float[values.length];
    try (Flow flow = setting.subject().polchinski(setting.device(), FourierTransforms.of(layout, setting.device()),
        covariance, stream)) {
      for (int done = 0; done < size(); done += BATCH) {
        int count = load(done, layout, flow.field());
        flow.advance(from, to);
        for (int i = 0; i < count; i++) {
          layout.gather(flow.field(), i, result, (done + i) * lattice.sites());
        }
      }
    }
    return new FieldSample(lattice, chains, result);
  }

  private int load(int first, FieldLayout layout, float[] buffer) {
    int count = Math.min(layout.replicas(), size() - first);
    for (int i = 0; i < count; i++) {
      layout.scatter(values, (first + i) * lattice.sites(), buffer, i);
    }
    return count;
  }

  /**
   * Orbits of modes in the order of p̂²: each for itself as long as there are few, the others in bands of about equal
   * numbers.
   */
  static List<LatticeModes.Shell> bands(Lattice lattice) {
    List<LatticeModes.Orbit> orbits = new LatticeModes(lattice).orbits();
    int single = orbits.size() <= 24 ? orbits.size() : 12;
    List<LatticeModes.Shell> bands = new ArrayList<>();
    for (int first = 0; first < orbits.size(); ) {
      int count = first < single ? 1 : Math.min(5, orbits.size() - first);
      List<LatticeModes.Orbit> some = orbits.subList(first, first + count);
      int[] modes = some.stream().flatMapToInt(o -> Arrays.stream(o.modes())).toArray();
      double momentum2 = some.stream().mapToDouble(o -> o.momentum2() * o.modes().length).sum() / modes.length;
      bands.add(new LatticeModes.Shell(momentum2, modes));
      first += count;
    }
    return bands;
  }

  /** Equally frequent intervals of |φ|: their upper ends, but the last one's, which is infinite. */
  double[] edges(int bins) {
    float[] some = new float[Math.min(values.length, 1 << 16)];
    for (int i = 0; i < some.length; i++) {
      some[i] = Math.abs(values[(int) ((long) i * values.length / some.length)]);
    }
    Arrays.sort(some);
    double[] edges = new double[bins - 1];
    Arrays.setAll(edges, j -> some[(int) ((long) (j + 1) * some.length / bins)]);
    return edges;
  }

  /**
   * What is measured of every field.
   *
   * @param edges see {@link #edges}
   * @param dimensions number of modes that are kept
   */
  FieldStatistics statistics(MonteCarlo setting, double[] edges, int dimensions) {
    FieldLayout layout = new FieldLayout(lattice, BATCH);
    List<LatticeModes.Shell> bands = bands(lattice);
    int[] kept = bands.stream().flatMapToInt(b -> Arrays.stream(b.modes())).limit(dimensions).toArray();
    Map<String, double[]> series = new LinkedHashMap<>();
    double[][] power = new double[bands.size()][size()];
    double[][] fractions = new double[edges.length + 1][size()];
    double[][] modes = new double[size()][kept.length];
    float[] buffer = new float[layout.size()];
    try (Measurement measurement = new Measurement(layout, buffer, setting.device());
        Modes analysis =
            new Modes(setting.device(), FourierTransforms.of(layout, setting.device()), setting.seed())) {
      for (int done = 0; done < size(); done += BATCH) {
        int count = load(done, layout, buffer);
        int first = done;
        measurement.measure();
        measurement.values().forEach((name, found) -> System.arraycopy(found, 0,
            series.computeIfAbsent(name, key -> new double[size()]), first, count));
        float[] c = analysis.of(buffer);
        for (int i = 0; i < count; i++) {
          for (int b = 0; b < power.length; b++) {
            double sum = 0;
            for (int mode : bands.get(b).modes()) {
              double x = c[layout.index(i, mode)];
              sum += x * x;
            }
            power[b][first + i] = sum / bands.get(b).modes().length;
          }
          for (int d = 0; d < kept.length; d++) {
            modes[first + i][d] = c[layout.index(i, kept[d])];
          }
        }
      }
    }
    double each = 1.0 / lattice.sites();
    for (int x = 0; x < values.length; x++) {
      int at = Arrays.binarySearch(edges, Math.abs(values[x]));
      fractions[at >= 0 ? at : -at - 1][x / lattice.sites()] += each;
    }
    return new FieldStatistics(lattice, chains, series, power, fractions, modes);
  }
}
