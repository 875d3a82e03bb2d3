package org.rgflow.validation;

import java.util.Arrays;
import org.rgflow.transport.CellGrid;
import org.rgflow.validation.figure.Curve;

/**
 * Particles counted in bins, against the probabilities of the bins.
 *
 * @param bins on the line or in the plane
 * @param probability of each bin
 */
record Histogram(CellGrid bins, double[] probability) {
  /** Cells of the density along each side of a bin. */
  private static final int FINE = 12;
  /** Bins that expect fewer particles than this are taken together with what lies outside. */
  private static final double FEW = 20;

  /** Samples a density on a grid. */
  interface Density {
    double[] on(CellGrid grid);
  }

  /** The probabilities of a smooth density: sums over 12 cells, or 12×12, of each bin. */
  static Histogram of(CellGrid bins, Density density) {
    int rows = bins.ny() == 1 ? 1 : FINE;
    CellGrid fine = new CellGrid(bins.nx() * FINE, bins.x0(), bins.dx() / FINE, bins.ny() * rows, bins.y0(),
        bins.dy() / rows);
    return of(bins, fine, density.on(fine));
  }

  /** The probabilities of a density on a grid of which every cell lies in one bin, or outside. */
  static Histogram of(CellGrid bins, CellGrid grid, double[] density) {
    double[] probability = new double[bins.cells()];
    for (int k = 0; k < density.length; k++) {
      int bin = bin(bins, grid.x(k % grid.nx()), grid.y(k / grid.nx()));
      if (bin >= 0) {
        probability[bin] += density[k] * grid.volume();
      }
    }
    return new Histogram(bins, probability);
  }

  private static int bin(CellGrid bins, double x, double y) {
    int i = (int) Math.floor((x - bins.x0()) / bins.dx());
    int j = bins.ny() == 1 ? 0 : (int) Math.floor((y - bins.y0()) / bins.dy());
    return i >= 0 && i < bins.nx() && j >= 0 && j < bins.ny() ? j * bins.nx() + i : -1;
  }

  /** The numbers of particles {@code first … last−1} in each bin. */
  int[] count(float[][] particles, int first, int last) {
    int[] count = new int[bins.cells()];
    for (int k = first; k < last; k++) {
      int bin = bin(bins, particles[0][k], particles.length == 1 ? 0 : particles[1][k]);
      if (bin >= 0) {
        count[bin]++;
      }
    }
    return count;
  }

  /** Number of bins that {@link #chiSquared} sums over, less one. */
  int degreesOfFreedom(int particles) {
    int frequent = 0;
    double rest = 1;
    for (double p : probability) {
      if (p * particles >= FEW) {
        frequent++;
        rest -= p;
      }
    }
    return countsRest(rest, particles) ? frequent : frequent - 1;
  }

  /** Whether what is rare, or outside, makes a bin; otherwise its probability may be a rounding error. */
  private static boolean countsRest(double rest, int particles) {
    return rest * particles >= 1;
  }

  /**
   * Σ (n_i − N p_i)²/(N p_i), with one bin for all that are rare. Its upper tail is longer than the normal one: four
   * standard deviations above its mean it is by chance once in 2,000 at 46 degrees of freedom, in 6,500 at 220.
   */
  double chiSquared(float[][] particles) {
    int total = particles[0].length;
    int[] count = count(particles, 0, total);
    double[] observed = new double[count.length];
    for (int i = 0; i < count.length; i++) {
      observed[i] = (double) count[i] / total;
    }
    return total * squaredDeviation(observed, total);
  }

  /** What χ² would be on average more, if the probabilities were others. */
  double noncentrality(Histogram other, int particles) {
    return particles * squaredDeviation(other.probability, particles);
  }

  private double squaredDeviation(double[] observed, int particles) {
    double sum = 0;
    double rest = 1;
    double observedRest = 1;
    for (int i = 0; i < probability.length; i++) {
      if (probability[i] * particles >= FEW) {
        double difference = observed[i] - probability[i];
        sum += difference * difference / probability[i];
        rest -= probability[i];
        observedRest -= observed[i];
      }
    }
    return countsRest(rest, particles) ? sum + (observedRest - rest) * (observedRest - rest) / rest : sum;
  }

  /** Σ (n_i/N − p_i)² of particles {@code first … last−1}; on average (1 − Σp²)/N. */
  double meanSquare(float[][] particles, int first, int last) {
    int[] count = count(particles, first, last);
    double sum = 0;
    for (int i = 0; i < count.length; i++) {
      double difference = (double) count[i] / (last - first) - probability[i];
      sum += difference * difference;
    }
    return sum;
  }

  /** The observed density of particles along mode 1. */
  Curve curve(String label, float[][] particles) {
    int[] count = count(particles, 0, particles[0].length);
    double[] density = new double[bins.nx()];
    for (int k = 0; k < count.length; k++) {
      density[k % bins.nx()] += count[k] / (particles[0].length * bins.dx());
    }
    double[] edges = new double[bins.nx() + 1];
    Arrays.setAll(edges, i -> bins.x0() + i * bins.dx());
    return Curve.steps(label, edges, density);
  }
}
