package org.rgflow.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransportKernelsTest {
  @ParameterizedTest
  @CsvSource({"1,1", "3,5", "4,8", "7,17", "5,64", "14,19"})
  void vectorsAgreeWithTheNaiveForm(int rows, int columns) {
    Random random = new Random(rows * 100 + columns);
    double[] cost = random.doubles(rows * columns, 0, 3).toArray();
    double[] f = random.doubles(rows, -1, 1).toArray();
    double[] g = random.doubles(columns, -1, 1).toArray();
    double[] a = random.doubles(rows).toArray();
    double[] w = random.doubles(columns).toArray();
    for (double epsilon : new double[] {1, 0.05, 1e-3}) {
      double[] expected = new double[cost.length];
      double[] actual = new double[cost.length];
      double shift = epsilon < 0.01 ? -1.5 : 0; // e^x stays finite
      double[] low = f.clone();
      for (int i = 0; i < rows; i++) {
        low[i] += shift;
        TransportKernels.gibbs(i, cost, low, g, expected, columns, 1 / epsilon);
      }
      TransportVector.gibbs(0, rows, cost, low, g, actual, columns, 1 / epsilon);
      same(actual, expected, 1e-14 + 1e-15 / epsilon);

      double[] h = g.clone();
      if (columns > 2) {
        h[1] = Double.NEGATIVE_INFINITY;
      }
      double[] row = new double[rows];
      double[] rowVector = new double[rows];
      for (int i = 0; i < rows; i++) {
        TransportKernels.softMinimum(i, cost, h, row, columns, epsilon);
      }
      TransportVector.softMinimum(0, rows, cost, h, rowVector, columns, epsilon);
      same(rowVector, row, 1e-13);

      double[] column = new double[columns];
      double[] columnVector = new double[columns];
      for (int j = 0; j < columns; j++) {
        TransportKernels.softMinimumOfColumn(j, cost, f, column, rows, columns, epsilon);
      }
      TransportVector.softMinimumOfColumns(cost, f, columnVector, new double[columns], rows, columns, epsilon);
      same(columnVector, column, 1e-13);
    }
    double[] kernel = random.doubles(rows * columns, 0.1, 1).toArray();
    double[] u = new double[rows];
    double[] uVector = new double[rows];
    double[] y = new double[columns];
    double[] yVector = new double[columns];
    for (int i = 0; i < rows; i++) {
      TransportKernels.scaleRow(i, kernel, w, u, columns);
    }
    for (int j = 0; j < columns; j++) {
      TransportKernels.sumColumn(j, kernel, a, u, y, rows, columns);
    }
    TransportVector.sweep(kernel, a, w, uVector, yVector, rows, columns);
    same(uVector, u, 1e-13);
    same(yVector, y, 1e-13);
    for (int i = 0; i < rows; i++) {
      TransportKernels.costOfRow(i, cost, kernel, w, u, columns);
    }
    TransportVector.costOfRow(0, rows, cost, kernel, w, uVector, columns);
    same(uVector, u, 1e-13);
  }

  /** e^x over its whole range: overflow is excluded by the caller, underflow is 0 below −708. */
  @ParameterizedTest
  @CsvSource({"-800,-700", "-700,-600", "-40,-30", "-1,1", "30,40", "600,709"})
  void exponentialsAreAccurate(double from, double to) {
    double[] x = new Random(1).doubles(64, from, to).toArray();
    double[] actual = new double[64];
    TransportVector.gibbs(0, 1, new double[64], new double[1], x, actual, 64, 1);
    for (int i = 0; i < 64; i++) {
      assertThat(actual[i]).isCloseTo(x[i] < -708 ? 0 : Math.exp(x[i]), within(5e-16 * Math.exp(x[i])));
    }
  }

  private static void same(double[] actual, double[] expected, double relative) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(relative * Math.abs(expected[i]) + 1e-300));
    }
  }
}
