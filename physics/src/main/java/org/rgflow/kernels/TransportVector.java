package org.rgflow.kernels;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link TransportKernels} with the Vector API. Exponentials are of relative error 5e-16 and sums run in as many parts
 * as there are accumulators: equal to the naive form up to a relative 1e-14 times the square root of the length.
 */
public final class TransportVector {
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  private static final int N = DOUBLES.length();
  /** Below this e^x is taken for 0. */
  private static final double SMALLEST = -708;
  /** Above this e^x is taken for e^709, 8e307. */
  private static final double LARGEST = 709;
  /** 1.5·2^52: a sum with it is rounded to an integer, which stands in the low bits. */
  private static final double ROUND = 0x1.8p52;
  private static final double LOG2_E = 1.4426950408889634;
  private static final double LN2_HIGH = 0x1.62e42fee00000p-1;
  private static final double LN2_LOW = 0x1.a39ef35793c76p-33;

  private TransportVector() {}

  /** e^x: 2^k e^r, |r| ≤ ½ ln 2, with the Taylor polynomial of degree 13. */
  private static DoubleVector exp(DoubleVector x) {
    VectorMask<Double> zero = x.compare(VectorOperators.LT, SMALLEST);
    DoubleVector clipped = x.max(SMALLEST).min(LARGEST);
    DoubleVector shifted = clipped.mul(LOG2_E).add(ROUND);
    DoubleVector k = shifted.sub(ROUND);
    DoubleVector r = k.fma(DoubleVector.broadcast(DOUBLES, -LN2_HIGH), clipped);
    r = k.fma(DoubleVector.broadcast(DOUBLES, -LN2_LOW), r);
    DoubleVector p = DoubleVector.broadcast(DOUBLES, 1.0 / 6227020800.0);
    p = p.fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 479001600));
    p = p.fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 39916800));
    p = p.fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 3628800));
    p = p.fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 362880));
    p = p.fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 40320));
    p = p.fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 5040));
    p = p.fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 720));
    p = p.fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 120));
    p = p.fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 24));
    p = p.fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 6));
    p = p.fma(r, DoubleVector.broadcast(DOUBLES, 0.5));
    p = p.fma(r, DoubleVector.broadcast(DOUBLES, 1));
    p = p.fma(r, DoubleVector.broadcast(DOUBLES, 1));
    DoubleVector power =
        shifted.reinterpretAsLongs().add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
    return p.mul(power).blend(0, zero);
  }

  /** {@link TransportKernels#gibbs} for {@code begin <= row < end}. */
  public static void gibbs(
      int begin, int end, double[] cost, double[] f, double[] g, double[] kernel, int columns, double inverse) {
    for (int row = begin; row < end; row++) {
      int at = row * columns;
      double potential = f[row];
      int j = 0;
      for (; j <= columns - N; j += N) {
        DoubleVector x = DoubleVector.fromArray(DOUBLES, g, j).add(potential)
            .sub(DoubleVector.fromArray(DOUBLES, cost, at + j)).mul(inverse);
        exp(x).intoArray(kernel, at + j);
      }
      for (; j < columns; j++) {
        kernel[at + j] = Math.exp((potential + g[j] - cost[at + j]) * inverse);
      }
    }
  }

  /** {@link TransportKernels#softMinimum} for {@code begin <= row < end}. */
  public static void softMinimum(int begin, int end, double[] cost, double[] h, double[] f, int columns,
      double epsilon) {
    double inverse = 1 / epsilon;
    for (int row = begin; row < end; row++) {
      int at = row * columns;
      DoubleVector top = DoubleVector.broadcast(DOUBLES, Double.NEGATIVE_INFINITY);
      int j = 0;
      for (; j <= columns - N; j += N) {
        top = top.max(DoubleVector.fromArray(DOUBLES, h, j).sub(DoubleVector.fromArray(DOUBLES, cost, at + j)));
      }
      double largest = top.reduceLanes(VectorOperators.MAX);
      for (; j < columns; j++) {
        largest = Math.max(largest, h[j] - cost[at + j]);
      }
      DoubleVector parts = DoubleVector.zero(DOUBLES);
      for (j = 0; j <= columns - N; j += N) {
        parts = parts.add(exp(DoubleVector.fromArray(DOUBLES, h, j).sub(DoubleVector.fromArray(DOUBLES, cost, at + j))
            .sub(largest).mul(inverse)));
      }
      double sum = parts.reduceLanes(VectorOperators.ADD);
      for (; j < columns; j++) {
        sum += Math.exp((h[j] - cost[at + j] - largest) * inverse);
      }
      f[row] = -largest - epsilon * Math.log(sum);
    }
  }

  /**
   * {@link TransportKernels#softMinimumOfColumn} for all columns, in two passes over the rows.
   *
   * @param largest scratch, one number per column
   */
  public static void softMinimumOfColumns(
      double[] cost, double[] h, double[] g, double[] largest, int rows, int columns, double epsilon) {
    double inverse = 1 / epsilon;
    Arrays.fill(largest, 0, columns, Double.NEGATIVE_INFINITY);
    Arrays.fill(g, 0, columns, 0);
    for (int i = 0; i < rows; i++) {
      int at = i * columns;
      int j = 0;
      for (; j <= columns - N; j += N) {
        DoubleVector x = DoubleVector.broadcast(DOUBLES, h[i]).sub(DoubleVector.fromArray(DOUBLES, cost, at + j));
        x.max(DoubleVector.fromArray(DOUBLES, largest, j)).intoArray(largest, j);
      }
      for (; j < columns; j++) {
        largest[j] = Math.max(largest[j], h[i] - cost[at + j]);
      }
    }
    for (int i = 0; i < rows; i++) {
      int at = i * columns;
      int j = 0;
      for (; j <= columns - N; j += N) {
        DoubleVector x = DoubleVector.broadcast(DOUBLES, h[i]).sub(DoubleVector.fromArray(DOUBLES, cost, at + j))
            .sub(DoubleVector.fromArray(DOUBLES, largest, j)).mul(inverse);
        exp(x).add(DoubleVector.fromArray(DOUBLES, g, j)).intoArray(g, j);
      }
      for (; j < columns; j++) {
        g[j] += Math.exp((h[i] - cost[at + j] - largest[j]) * inverse);
      }
    }
    for (int j = 0; j < columns; j++) {
      g[j] = -largest[j] - epsilon * Math.log(g[j]);
    }
  }

  /**
   * {@link TransportKernels#scaleRow} for all rows and {@link TransportKernels#sumColumn} for all columns in one pass
   * over the kernel, four rows at a time.
   */
  public static void sweep(double[] kernel, double[] a, double[] w, double[] u, double[] y, int rows, int columns) {
    Arrays.fill(y, 0, columns, 0);
    int row = 0;
    for (; row <= rows - 4; row += 4) {
      four(row, kernel, a, w, u, y, columns);
    }
    for (; row < rows; row++) {
      TransportKernels.scaleRow(row, kernel, w, u, columns);
      double scale = a[row] * u[row];
      for (int j = 0; j < columns; j++) {
        y[j] += scale * kernel[row * columns + j];
      }
    }
  }

  private static void four(int row, double[] kernel, double[] a, double[] w, double[] u, double[] y, int columns) {
    int k0 = row * columns;
    int k1 = k0 + columns;
    int k2 = k1 + columns;
    int k3 = k2 + columns;
    DoubleVector s0 = DoubleVector.zero(DOUBLES);
    DoubleVector s1 = s0;
    DoubleVector s2 = s0;
    DoubleVector s3 = s0;
    int j = 0;
    for (; j <= columns - N; j += N) {
      DoubleVector x = DoubleVector.fromArray(DOUBLES, w, j);
      s0 = DoubleVector.fromArray(DOUBLES, kernel, k0 + j).fma(x, s0);
      s1 = DoubleVector.fromArray(DOUBLES, kernel, k1 + j).fma(x, s1);
      s2 = DoubleVector.fromArray(DOUBLES, kernel, k2 + j).fma(x, s2);
      s3 = DoubleVector.fromArray(DOUBLES, kernel, k3 + j).fma(x, s3);
    }
    double t0 = s0.reduceLanes(VectorOperators.ADD);
    double t1 = s1.reduceLanes(VectorOperators.ADD);
    double t2 = s2.reduceLanes(VectorOperators.ADD);
    double t3 = s3.reduceLanes(VectorOperators.ADD);
    for (int i = j; i < columns; i++) {
      t0 += kernel[k0 + i] * w[i];
      t1 += kernel[k1 + i] * w[i];
      t2 += kernel[k2 + i] * w[i];
      t3 += kernel[k3 + i] * w[i];
    }
    u[row] = 1 / t0;
    u[row + 1] = 1 / t1;
    u[row + 2] = 1 / t2;
    u[row + 3] = 1 / t3;
    double c0 = a[row] * u[row];
    double c1 = a[row + 1] * u[row + 1];
    double c2 = a[row + 2] * u[row + 2];
    double c3 = a[row + 3] * u[row + 3];
    for (j = 0; j <= columns - N; j += N) {
      DoubleVector sum = DoubleVector.fromArray(DOUBLES, y, j);
      sum = DoubleVector.fromArray(DOUBLES, kernel, k0 + j).fma(DoubleVector.broadcast(DOUBLES, c0), sum);
      sum = DoubleVector.fromArray(DOUBLES, kernel, k1 + j).fma(DoubleVector.broadcast(DOUBLES, c1), sum);
      sum = DoubleVector.fromArray(DOUBLES, kernel, k2 + j).fma(DoubleVector.broadcast(DOUBLES, c2), sum);
      sum = DoubleVector.fromArray(DOUBLES, kernel, k3 + j).fma(DoubleVector.broadcast(DOUBLES, c3), sum);
      sum.intoArray(y, j);
    }
    for (; j < columns; j++) {
      y[j] += c0 * kernel[k0 + j] + c1 * kernel[k1 + j] + c2 * kernel[k2 + j] + c3 * kernel[k3 + j];
    }
  }

  /** {@link TransportKernels#costOfRow} for {@code begin <= row < end}. */
  public static void costOfRow(
      int begin, int end, double[] cost, double[] kernel, double[] w, double[] result, int columns) {
    for (int row = begin; row < end; row++) {
      int at = row * columns;
      DoubleVector parts = DoubleVector.zero(DOUBLES);
      int j = 0;
      for (; j <= columns - N; j += N) {
        parts = DoubleVector.fromArray(DOUBLES, cost, at + j).mul(DoubleVector.fromArray(DOUBLES, kernel, at + j))
            .fma(DoubleVector.fromArray(DOUBLES, w, j), parts);
      }
      double sum = parts.reduceLanes(VectorOperators.ADD);
      for (; j < columns; j++) {
        sum += cost[at + j] * kernel[at + j] * w[j];
      }
      result[row] = sum;
    }
  }
}
