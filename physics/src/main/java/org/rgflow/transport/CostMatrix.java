package org.rgflow.transport;

/**
 * The cost c_ij of moving a unit of mass from source i to target j, row-major: {@code value[i * columns + j]}.
 *
 * @param rows number of sources
 * @param columns number of targets
 * @param value finite costs; not copied, and not to be changed while in use
 */
public record CostMatrix(int rows, int columns, double[] value) {
  /** @throws IllegalArgumentException if the sizes do not agree or a cost is not finite */
  public CostMatrix {
    if (rows < 1 || columns < 1 || (long) rows * columns != value.length) {
      throw new IllegalArgumentException("a cost matrix of " + rows + "x" + columns + " does not have " + value.length
          + " entries");
    }
    for (int k = 0; k < value.length; k++) {
      if (!Double.isFinite(value[k])) {
        throw new IllegalArgumentException("cost (" + k / columns + ", " + k % columns + ") must be finite, not "
            + value[k]);
      }
    }
  }

  /** The cost |x_i − y_j|^p of the Euclidean distance. */
  public static CostMatrix distance(double[][] x, double[][] y, double power) {
    if (!(power > 0)) {
      throw new IllegalArgumentException("the power of the distance must be > 0, not " + power);
    }
    double[] value = new double[Math.multiplyExact(x.length, y.length)];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < y.length; j++) {
        if (x[i].length != y[j].length) {
          throw new IllegalArgumentException("source " + i + " has " + x[i].length + " coordinates, target " + j
              + " has " + y[j].length);
        }
        double square = 0;
        for (int d = 0; d < x[i].length; d++) {
          double difference = x[i][d] - y[j][d];
          square += difference * difference;
        }
        value[i * y.length + j] = power == 2 ? square : power == 1 ? Math.sqrt(square) : Math.pow(square, 0.5 * power);
      }
    }
    return new CostMatrix(x.length, y.length, value);
  }

  /** The cost given as rows, copied. */
  public static CostMatrix of(double[][] rows) {
    int columns = rows.length == 0 ? 0 : rows[0].length;
    double[] value = new double[Math.multiplyExact(rows.length, columns)];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length != columns) {
        throw new IllegalArgumentException("row " + i + " of the cost has " + rows[i].length + " entries, row 0 has "
            + columns);
      }
      System.arraycopy(rows[i], 0, value, i * columns, columns);
    }
    return new CostMatrix(rows.length, columns, value);
  }

  public double get(int row, int column) {
    return value[row * columns + column];
  }

  /** max |c_ij|. */
  public double scale() {
    double scale = 0;
    for (double c : value) {
      scale = Math.max(scale, Math.abs(c));
    }
    return scale;
  }
}
