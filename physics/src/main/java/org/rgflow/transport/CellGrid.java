package org.rgflow.transport;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * A regular grid of cells on an interval or a rectangle. A function on it is an array of its values at the centres,
 * {@code value[j * nx + i]}; a density is normalised by Σ p · {@link #volume()} = 1.
 *
 * @param nx cells along x
 * @param x0 left end
 * @param dx width of a cell
 * @param ny cells along y, 1 on an interval
 * @param y0 lower end
 * @param dy height of a cell, 1 on an interval
 */
public record CellGrid(int nx, double x0, double dx, int ny, double y0, double dy) {
  /** @throws IllegalArgumentException if there are no cells or they have no volume */
  public CellGrid {
    if (nx < 2 || ny < 1 || !(dx > 0) || !(dy > 0) || !Double.isFinite(x0 + nx * dx)
        || !Double.isFinite(y0 + ny * dy)) {
      throw new IllegalArgumentException("no grid: " + nx + " cells of width " + dx + " from " + x0 + ", "
          + ny + " of height " + dy + " from " + y0);
    }
  }

  /** The interval from {@code left} to {@code right}. */
  public static CellGrid line(int cells, double left, double right) {
    return new CellGrid(cells, left, (right - left) / cells, 1, 0, 1);
  }

  /** The rectangle from (left, bottom) to (right, top). */
  public static CellGrid plane(int nx, double left, double right, int ny, double bottom, double top) {
    return new CellGrid(nx, left, (right - left) / nx, ny, bottom, (top - bottom) / ny);
  }

  public int cells() {
    return nx * ny;
  }

  /** The volume of a cell. */
  public double volume() {
    return dx * dy;
  }

  /** The centre of column i. */
  public double x(int i) {
    return x0 + (i + 0.5) * dx;
  }

  /** The centre of row j. */
  public double y(int j) {
    return y0 + (j + 0.5) * dy;
  }

  /** The values of a function of x at the centres. */
  public double[] values(DoubleUnaryOperator function) {
    return values((x, y) -> function.applyAsDouble(x));
  }

  /** The values of a function of x and y at the centres. */
  public double[] values(DoubleBinaryOperator function) {
    double[] value = new double[cells()];
    for (int j = 0; j < ny; j++) {
      for (int i = 0; i < nx; i++) {
        value[j * nx + i] = function.applyAsDouble(x(i), y(j));
      }
    }
    return value;
  }

  /** Σ p f · volume. */
  public double mean(double[] density, DoubleBinaryOperator function) {
    double sum = 0;
    for (int j = 0; j < ny; j++) {
      for (int i = 0; i < nx; i++) {
        sum += density[j * nx + i] * function.applyAsDouble(x(i), y(j));
      }
    }
    return sum * volume();
  }

  /**
   * The density proportional to e^(−U), the largest exponent being taken out first.
   *
   * @param potential U at the centres
   */
  public double[] gibbs(double[] potential) {
    requireSize(potential);
    double least = Double.POSITIVE_INFINITY;
    for (double u : potential) {
      if (!Double.isFinite(u)) {
        throw new IllegalArgumentException("a potential must be finite, not " + u);
      }
      least = Math.min(least, u);
    }
    double[] density = new double[cells()];
    double sum = 0;
    for (int k = 0; k < density.length; k++) {
      density[k] = Math.exp(least - potential[k]);
      sum += density[k];
    }
    for (int k = 0; k < density.length; k++) {
      density[k] /= sum * volume();
    }
    return density;
  }

  void requireSize(double[] value) {
    if (value.length != cells()) {
      throw new IllegalArgumentException(value.length + " values on a grid of " + cells() + " cells");
    }
  }

  /** Refuses what is negative somewhere or of a total other than 1. */
  void requireDensity(double[] density) {
    requireSize(density);
    double sum = 0;
    for (int k = 0; k < density.length; k++) {
      if (!(density[k] >= 0)) {
        throw new IllegalArgumentException("cell " + k + ": a density must not be negative, as " + density[k]);
      }
      sum += density[k] * volume();
    }
    if (!(Math.abs(sum - 1) <= 1e-9)) {
      throw new IllegalArgumentException("a density must have the integral 1, not " + sum);
    }
  }
}
