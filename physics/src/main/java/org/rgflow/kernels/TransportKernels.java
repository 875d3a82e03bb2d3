package org.rgflow.kernels;

/**
 * Sinkhorn's iteration in double. Costs and Gibbs kernels are row-major, {@code [row][column]}; f and g are the
 * potentials of rows and columns, and a Gibbs kernel is k_ij = exp((f_i + g_j − c_ij)/ε).
 */
public final class TransportKernels {
  private TransportKernels() {}

  /** {@code kernel[row][j] = exp((f[row] + g[j] − cost[row][j]) · inverse)}, inverse = 1/ε. */
  public static void gibbs(int row, double[] cost, double[] f, double[] g, double[] kernel, int columns,
      double inverse) {
    int at = row * columns;
    for (int j = 0; j < columns; j++) {
      kernel[at + j] = Math.exp((f[row] + g[j] - cost[at + j]) * inverse);
    }
  }

  /**
   * {@code f[row] = −ε ln Σ_j exp((h[j] − cost[row][j])/ε)}, shifted by the largest exponent.
   *
   * @param h g_j + ε ln b_j; −∞ for a column without mass
   */
  public static void softMinimum(int row, double[] cost, double[] h, double[] f, int columns, double epsilon) {
    int at = row * columns;
    double largest = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < columns; j++) {
      largest = Math.max(largest, h[j] - cost[at + j]);
    }
    double sum = 0;
    for (int j = 0; j < columns; j++) {
      sum += Math.exp((h[j] - cost[at + j] - largest) / epsilon);
    }
    f[row] = -largest - epsilon * Math.log(sum);
  }

  /** {@code g[column] = −ε ln Σ_i exp((h[i] − cost[i][column])/ε)}, shifted by the largest exponent. */
  public static void softMinimumOfColumn(
      int column, double[] cost, double[] h, double[] g, int rows, int columns, double epsilon) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < rows; i++) {
      largest = Math.max(largest, h[i] - cost[i * columns + column]);
    }
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      sum += Math.exp((h[i] - cost[i * columns + column] - largest) / epsilon);
    }
    g[column] = -largest - epsilon * Math.log(sum);
  }

  /** {@code u[row] = 1/Σ_j kernel[row][j] w[j]}. */
  public static void scaleRow(int row, double[] kernel, double[] w, double[] u, int columns) {
    double sum = 0;
    for (int j = 0; j < columns; j++) {
      sum += kernel[row * columns + j] * w[j];
    }
    u[row] = 1 / sum;
  }

  /** {@code y[column] = Σ_i a[i] u[i] kernel[i][column]}. */
  public static void sumColumn(int column, double[] kernel, double[] a, double[] u, double[] y, int rows, int columns) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      sum += a[i] * u[i] * kernel[i * columns + column];
    }
    y[column] = sum;
  }

  /** {@code result[row] = Σ_j cost[row][j] kernel[row][j] w[j]}. */
  public static void costOfRow(int row, double[] cost, double[] kernel, double[] w, double[] result, int columns) {
    double sum = 0;
    for (int j = 0; j < columns; j++) {
      sum += cost[row * columns + j] * kernel[row * columns + j] * w[j];
    }
    result[row] = sum;
  }
}
