package org.rgflow.validation;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.Estimator;
import org.rgflow.statistics.Observables;
import org.rgflow.statistics.TimeSeries;

/**
 * What was measured of the fields of a {@link FieldSample} at one scale, one number for each field.
 *
 * @param series of the standard observables, by name
 * @param power mean square of the modes of each band, [band][field]
 * @param fractions of the sites whose |φ| lies in each interval, [interval][field]
 * @param modes coefficients of the modes of smallest p̂², [field][mode]
 */
record FieldStatistics(Lattice lattice, int chains, Map<String, double[]> series, double[][] power,
    double[][] fractions, double[][] modes) {
  /** Of one long chain, as many stretches have means that are taken for independent. */
  private static final int STRETCHES = 256;

  int size() {
    return modes.length;
  }

  /** The chain that is at these fields one after the other. */
  FieldStatistics visiting(int[] fields) {
    Map<String, double[]> chosen = new LinkedHashMap<>();
    series.forEach((name, values) -> chosen.put(name, pick(values, fields)));
    return new FieldStatistics(lattice, 1, chosen, pick(power, fields), pick(fractions, fields),
        Arrays.stream(fields).mapToObj(i -> modes[i]).toArray(double[][]::new));
  }

  /**
   * Bands and fractions as weighted means: of each value O its pseudo-value Ō + (w/⟨w⟩)(O − Ō), Ō = ⟨wO⟩/⟨w⟩, whose
   * mean is Ō, with the error of Ō to first order (delta method).
   */
  FieldStatistics weighted(double[] logWeights) {
    double largest = Arrays.stream(logWeights).max().orElseThrow();
    double[] weight = Arrays.stream(logWeights).map(x -> Math.exp(x - largest)).toArray();
    double average = Arrays.stream(weight).average().orElseThrow();
    Arrays.setAll(weight, i -> weight[i] / average);
    return new FieldStatistics(lattice, chains, series, weighted(power, weight), weighted(fractions, weight), modes);
  }

  private static double[][] weighted(double[][] components, double[] weight) {
    double[][] result = new double[components.length][];
    for (int c = 0; c < components.length; c++) {
      double[] values = components[c];
      double sum = 0;
      for (int i = 0; i < values.length; i++) {
        sum += weight[i] * values[i];
      }
      double mean = sum / values.length;
      result[c] = new double[values.length];
      Arrays.setAll(result[c], i -> mean + weight[i] * (values[i] - mean));
    }
    return result;
  }

  private static double[] pick(double[] values, int[] fields) {
    return Arrays.stream(fields).mapToDouble(i -> values[i]).toArray();
  }

  private static double[][] pick(double[][] values, int[] fields) {
    return Arrays.stream(values).map(row -> pick(row, fields)).toArray(double[][]::new);
  }

  TimeSeries series(String name) {
    return TimeSeries.interleaved(series.get(name), chains);
  }

  Map<String, Estimate> observables(Phi4Action action, Estimator method) {
    return Observables.evaluate(series, chains, lattice, action, method);
  }

  /** Means over chains, or over stretches of the only one: [component][block]. */
  double[][] blocks(double[][] components) {
    int blocks = chains > 1 ? chains : STRETCHES;
    double[][] means = new double[components.length][blocks];
    for (int c = 0; c < components.length; c++) {
      int[] count = new int[blocks];
      for (int i = 0; i < size(); i++) {
        int block = chains > 1 ? i % chains : (int) ((long) i * blocks / size());
        means[c][block] += components[c][i];
        count[block]++;
      }
      for (int b = 0; b < blocks; b++) {
        means[c][b] /= count[b];
      }
    }
    return means;
  }

  /** Mean over all fields of each component. */
  static double[] means(double[][] components) {
    return Arrays.stream(components).mapToDouble(row -> Arrays.stream(row).average().orElseThrow()).toArray();
  }

  /** Mean of points. */
  static double[] centre(double[][] points) {
    double[] mean = new double[points[0].length];
    for (double[] point : points) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += point[i] / points.length;
      }
    }
    return mean;
  }

  /** Covariance of points around their mean. */
  static DMatrixRMaj covariance(double[][] points, double[] centre) {
    int n = centre.length;
    DMatrixRMaj result = new DMatrixRMaj(n, n);
    double[] from = new double[n];
    for (double[] point : points) {
      for (int i = 0; i < n; i++) {
        from[i] = point[i] - centre[i];
        for (int j = 0; j <= i; j++) {
          result.data[i * n + j] += from[i] * from[j] / (points.length - 1);
        }
      }
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        result.data[j * n + i] = result.data[i * n + j];
      }
    }
    return result;
  }
}
