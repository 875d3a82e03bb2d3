package org.rgflow.transport;

/**
 * The Fokker–Planck equation ∂_t P = ∂·(M P ∂ ln(P/Q)), Q ∝ e^(−U), with no flux through the boundary, on a grid of
 * cells by the scheme of Scharfetter &amp; Gummel (1969). The flux from cell i to its neighbour j at distance h is
 *
 * <pre>  F = (M/h) [B(U_j − U_i) P_i − B(U_i − U_j) P_j],   B(z) = z/(e^z − 1),</pre>
 *
 * which vanishes exactly for P ∝ e^(−U) and is second order in h. Chang &amp; Cooper's (1970) weight
 * δ = 1/w − 1/(e^w − 1), w = U_j − U_i, gives the same fluxes. In space the equation is thereby a reversible Markov
 * chain with the rates (M/h²) B(U_j − U_i): total mass is conserved, densities stay positive, and KL(P‖Q) falls. Both
 * integrators below keep all of this for steps of any size.
 *
 * <p>Polchinski's equation has M = B/2 and U = 2Ŝ. Where U and M move with t, make one instance per step.
 */
public final class FokkerPlanck {
  private final CellGrid grid;
  private final double[] potential;
  private final double[] stationary;
  /** Rates of leaving a cell to the right, to the left, upwards and downwards. */
  private final double[] right;
  private final double[] left;
  private final double[] up;
  private final double[] down;
  private final double fastest;

  /**
   * @param grid cells
   * @param potential U at their centres
   * @param mobilityX M along x
   * @param mobilityY M along y; of no consequence on an interval
   * @throws IllegalArgumentException if a mobility is negative or a potential not finite
   */
  public FokkerPlanck(CellGrid grid, double[] potential, double mobilityX, double mobilityY) {
    if (!(mobilityX >= 0 && mobilityY >= 0) || Double.isInfinite(mobilityX + mobilityY)) {
      throw new IllegalArgumentException("mobilities must be finite and not negative, not " + mobilityX + ", "
          + mobilityY);
    }
    this.grid = grid;
    this.potential = potential.clone();
    stationary = grid.gibbs(potential);
    int cells = grid.cells();
    int nx = grid.nx();
    right = new double[cells];
    left = new double[cells];
    up = new double[cells];
    down = new double[cells];
    double rateX = mobilityX / (grid.dx() * grid.dx());
    double rateY = mobilityY / (grid.dy() * grid.dy());
    double largest = 0;
    for (int k = 0; k < cells; k++) {
      int i = k % nx;
      right[k] = i < nx - 1 ? rateX * bernoulli(potential[k + 1] - potential[k]) : 0;
      left[k] = i > 0 ? rateX * bernoulli(potential[k - 1] - potential[k]) : 0;
      up[k] = k + nx < cells ? rateY * bernoulli(potential[k + nx] - potential[k]) : 0;
      down[k] = k >= nx ? rateY * bernoulli(potential[k - nx] - potential[k]) : 0;
      largest = Math.max(largest, right[k] + left[k] + up[k] + down[k]);
    }
    fastest = largest;
  }

  /** On an interval. */
  public FokkerPlanck(CellGrid grid, double[] potential, double mobility) {
    this(grid, potential, mobility, mobility);
  }

  /** B(z) = z/(e^z − 1), B(0) = 1. */
  static double bernoulli(double z) {
    return Math.abs(z) < 1e-10 ? 1 - 0.5 * z : z / Math.expm1(z);
  }

  public CellGrid grid() {
    return grid;
  }

  /** Q, of integral 1. */
  public double[] stationary() {
    return stationary.clone();
  }

  /** ∂_t P. */
  public double[] generator(double[] density) {
    grid.requireSize(density);
    double[] rate = new double[density.length];
    apply(density, rate);
    return rate;
  }

  private void apply(double[] p, double[] rate) {
    int nx = grid.nx();
    int cells = p.length;
    for (int k = 0; k < cells; k++) {
      double sum = -(right[k] + left[k] + up[k] + down[k]) * p[k];
      if (k % nx > 0) {
        sum += right[k - 1] * p[k - 1];
      }
      if (k % nx < nx - 1) {
        sum += left[k + 1] * p[k + 1];
      }
      if (k >= nx) {
        sum += up[k - nx] * p[k - nx];
      }
      if (k + nx < cells) {
        sum += down[k + nx] * p[k + nx];
      }
      rate[k] = sum;
    }
  }

  /** KL(P‖Q) = Σ P ln(P/Q) · volume. */
  public double relativeEntropy(double[] density) {
    grid.requireSize(density);
    double sum = 0;
    for (int k = 0; k < density.length; k++) {
      sum += density[k] > 0 ? density[k] * Math.log(density[k] / stationary[k]) : 0;
    }
    return sum * grid.volume();
  }

  /** −d/dt KL(P‖Q) along the equation: Σ over neighbours of Q_i k_ij (ρ_i − ρ_j)(ln ρ_i − ln ρ_j), ρ = P/Q &gt; 0. */
  public double dissipation(double[] density) {
    grid.requireSize(density);
    int nx = grid.nx();
    double sum = 0;
    for (int k = 0; k < density.length; k++) {
      if (k % nx < nx - 1) {
        sum += loss(k, k + 1, right[k], left[k + 1], density);
      }
      if (k + nx < density.length) {
        sum += loss(k, k + nx, up[k], down[k + nx], density);
      }
    }
    return sum * grid.volume();
  }

  private double loss(int i, int j, double there, double back, double[] p) {
    double force = Math.log(p[i]) - Math.log(p[j]) + potential[i] - potential[j];
    return force == 0 ? 0 : (there * p[i] - back * p[j]) * force;
  }

  /**
   * One step of the implicit Euler method, first order in time; on a plane the product of a step along x and one along
   * y, each of them a reversible Markov kernel with the stationary law Q (so that an endless step is, on a plane, one
   * sweep of a Gibbs sampler).
   *
   * @param step Δt ≥ 0
   */
  public double[] implicitStep(double[] density, double step) {
    grid.requireSize(density);
    requireTime(step);
    double[] result = density.clone();
    int nx = grid.nx();
    int ny = grid.ny();
    double[] ratio = new double[Math.max(nx, ny)];
    for (int j = 0; j < ny; j++) {
      sweep(result, j * nx, 1, nx, right, left, step, ratio);
    }
    if (ny > 1) {
      for (int i = 0; i < nx; i++) {
        sweep(result, i, nx, ny, up, down, step, ratio);
      }
    }
    return result;
  }

  /** Solves (1 − Δt L) p' = p along a line of cells by elimination; the matrix is an M-matrix with column sums 1. */
  private static void sweep(
      double[] p, int start, int stride, int count, double[] forth, double[] back, double step, double[] ratio) {
    // Pivots as 1 + Δt(rate onwards) + (what is left of the rate backwards): sums of positive terms only.
    double remainder = 1;
    for (int k = 0; k < count; k++) {
      int at = start + k * stride;
      double pivot = remainder + step * forth[at];
      p[at] /= pivot;
      if (k < count - 1) {
        int next = at + stride;
        double passed = step * forth[at] / pivot;
        p[next] += passed * p[at] * pivot;
        // 1 + Δt back(next) − passed · Δt back(next)
        ratio[k] = step * back[next] / pivot;
        remainder = 1 + step * back[next] * (remainder / pivot);
      }
    }
    for (int k = count - 2; k >= 0; k--) {
      int at = start + k * stride;
      p[at] += ratio[k] * p[at + stride];
    }
  }

  /**
   * The equation on the grid solved exactly in time, by uniformisation: with Λ the largest rate of leaving a cell,
   * e^(tL) = Σ_n e^(−Λt)(Λt)ⁿ/n! (1 + L/Λ)ⁿ, a mixture of Markov kernels. The series is cut at a remainder of 1e-16 per
   * unit of Λt/100. Cost: about Λt applications of L; Λ is of order M/h².
   *
   * @param time t ≥ 0
   */
  public double[] evolve(double[] density, double time) {
    grid.requireSize(density);
    requireTime(time);
    double[] current = density.clone();
    double[] power = new double[current.length];
    double[] next = new double[current.length];
    int parts = (int) Math.max(1, Math.ceil(fastest * time / 100));
    double mean = fastest * time / parts;
    for (int part = 0; part < parts && mean > 0; part++) {
      System.arraycopy(current, 0, power, 0, power.length);
      double weight = Math.exp(-mean);
      double left = 1 - weight;
      for (int k = 0; k < current.length; k++) {
        current[k] *= weight;
      }
      for (int n = 1; left > 1e-16 && (n < mean || weight > 1e-18); n++) {
        apply(power, next);
        weight *= mean / n;
        left -= weight;
        for (int k = 0; k < power.length; k++) {
          power[k] = Math.max(0, power[k] + next[k] / fastest);
          current[k] += weight * power[k];
        }
      }
      // what was cut off, a relative 1e-16, goes where the last power stands
      for (int k = 0; k < power.length && left > 0; k++) {
        current[k] += left * power[k];
      }
    }
    return current;
  }

  private static void requireTime(double time) {
    if (!(time >= 0) || Double.isInfinite(time)) {
      throw new IllegalArgumentException("a time must be finite and not negative, not " + time);
    }
  }

  /** U of a cell. */
  double potential(int cell) {
    return potential[cell];
  }

  /** Rate of going from a cell to its neighbour on the right. */
  double rateRight(int cell) {
    return right[cell];
  }

  /** Rate of going from a cell to its neighbour above. */
  double rateUp(int cell) {
    return up[cell];
  }
}
