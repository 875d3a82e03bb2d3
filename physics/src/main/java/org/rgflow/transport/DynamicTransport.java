package org.rgflow.transport;

import org.jtransforms.dct.DoubleDCT_1D;

/**
 * Dynamic optimal transport on an interval or a rectangle (Benamou &amp; Brenier 2000),
 *
 * <pre>  W₂² = min ∫₀¹∫ |m|²/ρ dx dt,   ∂_t ρ + ∂·m = 0,  ρ(0) = ρ₀, ρ(1) = ρ₁, no flux through the boundary,</pre>
 *
 * by proximal splitting on a staggered grid (Papadakis, Peyré &amp; Oudet 2014): densities at N + 1 times, momenta on
 * the faces between cells at the N times between. The two parts of the problem are the action of centred quantities,
 * whose proximal map is the root of a cubic in every cell, and the equation of continuity, onto which one projects by a
 * Poisson equation, diagonal in cosines. They are joined by the primal-dual iteration of Chambolle &amp; Pock (2011).
 *
 * <p>The error is that of the grid, and the iteration's, which falls slowly: some thousand iterations for four digits.
 * The equation of continuity holds to rounding.
 */
public final class DynamicTransport {
  /** σ of the primal-dual iteration, in units of mean density and length. */
  private static final double DUAL_STEP = 1;

  private final CellGrid grid;
  private final int steps;
  private final double tolerance;
  private final int maxIterations;

  /**
   * @param grid cells
   * @param steps N, time steps
   * @param tolerance relative difference of the two parts' momenta and densities at which the iteration ends
   * @param maxIterations iterations after which it ends without convergence
   * @throws IllegalArgumentException if one of the numbers is not positive
   */
  public DynamicTransport(CellGrid grid, int steps, double tolerance, int maxIterations) {
    if (steps < 1 || maxIterations < 1 || !(tolerance > 0)) {
      throw new IllegalArgumentException("steps, tolerance and iterations must be positive, not " + steps + ", "
          + tolerance + ", " + maxIterations);
    }
    this.grid = grid;
    this.steps = steps;
    this.tolerance = tolerance;
    this.maxIterations = maxIterations;
  }

  /** Tolerance 1e-5, at most 20,000 iterations. */
  public DynamicTransport(CellGrid grid, int steps) {
    this(grid, steps, 1e-5, 20_000);
  }

  /**
   * A path of densities and the momentum that carries it.
   *
   * @param distance W₂, the root of the action
   * @param density ρ [time 0..N][cell], integral 1
   * @param momentumX m_x [step][row j][face 0..nx], row-major in a step; 0 on the boundary
   * @param momentumY m_y [step][face 0..ny][column i], row-major in a step; 0 on the boundary
   * @param residual relative difference of the two parts, in L2
   * @param iterations that were made
   * @param converged whether the residual is below the tolerance
   */
  public record Path(double distance, double[][] density, double[][] momentumX, double[][] momentumY, double residual,
      int iterations, boolean converged) {}

  /**
   * @param from ρ₀, of integral 1
   * @param to ρ₁, of integral 1
   * @throws IllegalArgumentException if one is no density
   */
  public Path path(double[] from, double[] to) {
    grid.requireDensity(from);
    grid.requireDensity(to);
    return new Iteration(from, to).run();
  }

  /** All quantities are in units in which the mean density and the longer side are 1. */
  private final class Iteration {
    private final int nx = grid.nx();
    private final int ny = grid.ny();
    private final int cells = nx * ny;
    private final double length = Math.max(nx * grid.dx(), ny > 1 ? ny * grid.dy() : 0);
    private final double unit = 1 / (cells * grid.volume());
    private final double perT = steps;
    private final double perX = length / grid.dx();
    private final double perY = length / grid.dy();
    // on the staggered grid
    private final double[] rho = new double[(steps + 1) * cells];
    private final double[] mx = new double[steps * ny * (nx + 1)];
    private final double[] my = new double[steps * (ny + 1) * nx];
    private final double[] rhoAhead;
    private final double[] mxAhead;
    private final double[] myAhead;
    // at the centres: dual variables and the densities and momenta of the action
    private final double[] dualRho = new double[steps * cells];
    private final double[] dualX = new double[steps * cells];
    private final double[] dualY = new double[steps * cells];
    private final double[] poisson = new double[steps * cells];
    private final DoubleDCT_1D alongT = new DoubleDCT_1D(steps);
    private final DoubleDCT_1D alongX = new DoubleDCT_1D(nx);
    private final DoubleDCT_1D alongY = new DoubleDCT_1D(ny);
    private final double[] line = new double[Math.max(steps, Math.max(nx, ny))];
    private double action;
    private double residual;

    Iteration(double[] from, double[] to) {
      for (int k = 0; k <= steps; k++) {
        double t = (double) k / steps;
        for (int c = 0; c < cells; c++) {
          rho[k * cells + c] = ((1 - t) * from[c] + t * to[c]) / unit;
        }
      }
      project();
      rhoAhead = rho.clone();
      mxAhead = mx.clone();
      myAhead = my.clone();
    }

    Path run() {
      // σ τ ‖interpolation‖² ≤ 1
      double tau = 1 / DUAL_STEP;
      int iterations = 0;
      residual = Double.POSITIVE_INFINITY;
      while (iterations < maxIterations && residual > tolerance) {
        iterations++;
        ascend(DUAL_STEP);
        descend(tau);
      }
      double[][] density = new double[steps + 1][cells];
      double[][] momentumX = new double[steps][ny * (nx + 1)];
      double[][] momentumY = new double[steps][(ny + 1) * nx];
      for (int k = 0; k <= steps; k++) {
        for (int c = 0; c < cells; c++) {
          density[k][c] = unit * rho[k * cells + c];
        }
      }
      for (int k = 0; k < steps; k++) {
        for (int f = 0; f < momentumX[k].length; f++) {
          momentumX[k][f] = unit * length * mx[k * momentumX[k].length + f];
        }
        for (int f = 0; f < momentumY[k].length; f++) {
          momentumY[k][f] = unit * length * my[k * momentumY[k].length + f];
        }
      }
      return new Path(length * Math.sqrt(action / (steps * (double) cells)), density, momentumX, momentumY, residual,
          iterations, residual <= tolerance);
    }

    /** V ← V + σ I U, less σ times the proximal map of the action ½|m|²/ρ at that over σ. */
    private void ascend(double sigma) {
      double gamma = 1 / sigma;
      double difference = 0;
      double size = 0;
      action = 0;
      for (int k = 0; k < steps; k++) {
        for (int j = 0; j < ny; j++) {
          for (int i = 0; i < nx; i++) {
            int at = k * cells + j * nx + i;
            int faceX = (k * ny + j) * (nx + 1) + i;
            int faceY = (k * (ny + 1) + j) * nx + i;
            double r = 0.5 * (rhoAhead[at] + rhoAhead[at + cells]);
            double x = 0.5 * (mxAhead[faceX] + mxAhead[faceX + 1]);
            double y = 0.5 * (myAhead[faceY] + myAhead[faceY + nx]);
            double r0 = r + gamma * dualRho[at];
            double x0 = x + gamma * dualX[at];
            double y0 = y + gamma * dualY[at];
            double square = x0 * x0 + y0 * y0;
            double root = root(r0, square, gamma);
            double scale = root / (root + gamma);
            double px = scale * x0;
            double py = scale * y0;
            dualRho[at] = sigma * (r0 - root);
            dualX[at] = sigma * (x0 - px);
            dualY[at] = sigma * (y0 - py);
            difference += (r - root) * (r - root) + (x - px) * (x - px) + (y - py) * (y - py);
            size += root * root + px * px + py * py;
            action += root > 0 ? (px * px + py * py) / root : 0;
          }
        }
      }
      residual = Math.sqrt(difference / size);
    }

    /** The largest root of (ρ − ρ₀)(ρ + γ)² = ½γ|m₀|², or 0 if that is negative. */
    private static double root(double rho0, double square, double gamma) {
      if (rho0 * gamma * gamma + 0.5 * gamma * square <= 0) {
        return 0;
      }
      // Newton from the right of the root, where the cubic is convex and increasing
      double rho = Math.max(0, rho0) + Math.cbrt(0.5 * gamma * square);
      for (int n = 0; n < 60; n++) {
        double s = rho + gamma;
        double value = (rho - rho0) * s * s - 0.5 * gamma * square;
        double next = rho - value / (s * s + 2 * (rho - rho0) * s);
        if (!(next < rho - 1e-15 * rho)) {
          break;
        }
        rho = next;
      }
      return Math.max(0, rho);
    }

    /** U ← the projection of U − τ Iᵀ V; the extrapolation 2U' − U. */
    private void descend(double tau) {
      System.arraycopy(rho, 0, rhoAhead, 0, rho.length);
      System.arraycopy(mx, 0, mxAhead, 0, mx.length);
      System.arraycopy(my, 0, myAhead, 0, my.length);
      double half = 0.5 * tau;
      for (int k = 0; k < steps; k++) {
        for (int j = 0; j < ny; j++) {
          for (int i = 0; i < nx; i++) {
            int at = k * cells + j * nx + i;
            int faceX = (k * ny + j) * (nx + 1) + i;
            int faceY = (k * (ny + 1) + j) * nx + i;
            // the ends of time and the boundary are given
            if (k > 0) {
              rho[at] -= half * dualRho[at];
            }
            if (k < steps - 1) {
              rho[at + cells] -= half * dualRho[at];
            }
            if (i > 0) {
              mx[faceX] -= half * dualX[at];
            }
            if (i < nx - 1) {
              mx[faceX + 1] -= half * dualX[at];
            }
            if (j > 0) {
              my[faceY] -= half * dualY[at];
            }
            if (j < ny - 1) {
              my[faceY + nx] -= half * dualY[at];
            }
          }
        }
      }
      project();
      extrapolate(rho, rhoAhead);
      extrapolate(mx, mxAhead);
      extrapolate(my, myAhead);
    }

    private static void extrapolate(double[] value, double[] before) {
      for (int k = 0; k < value.length; k++) {
        before[k] = 2 * value[k] - before[k];
      }
    }

    /** The nearest fields of divergence 0: U − D* (D D*)⁻¹ D U. */
    private void project() {
      for (int k = 0; k < steps; k++) {
        for (int j = 0; j < ny; j++) {
          for (int i = 0; i < nx; i++) {
            int at = k * cells + j * nx + i;
            int faceX = (k * ny + j) * (nx + 1) + i;
            int faceY = (k * (ny + 1) + j) * nx + i;
            poisson[at] = perT * (rho[at + cells] - rho[at]) + perX * (mx[faceX + 1] - mx[faceX])
                + perY * (my[faceY + nx] - my[faceY]);
          }
        }
      }
      cosines(true);
      for (int k = 0; k < steps; k++) {
        for (int j = 0; j < ny; j++) {
          for (int i = 0; i < nx; i++) {
            int at = k * cells + j * nx + i;
            double eigenvalue = perT * perT * mode(k, steps) + perX * perX * mode(i, nx) + perY * perY * mode(j, ny);
            poisson[at] = eigenvalue > 0 ? poisson[at] / eigenvalue : 0;
          }
        }
      }
      cosines(false);
      for (int k = 0; k < steps; k++) {
        for (int j = 0; j < ny; j++) {
          for (int i = 0; i < nx; i++) {
            int at = k * cells + j * nx + i;
            int faceX = (k * ny + j) * (nx + 1) + i;
            int faceY = (k * (ny + 1) + j) * nx + i;
            if (k > 0) {
              rho[at] += perT * (poisson[at] - poisson[at - cells]);
            }
            if (i > 0) {
              mx[faceX] += perX * (poisson[at] - poisson[at - 1]);
            }
            if (j > 0) {
              my[faceY] += perY * (poisson[at] - poisson[at - nx]);
            }
          }
        }
      }
    }

    private static double mode(int k, int n) {
      double sine = Math.sin(0.5 * Math.PI * k / n);
      return 4 * sine * sine;
    }

    private void cosines(boolean forward) {
      for (int row = 0; row < steps * ny; row++) {
        transform(alongX, row * nx, 1, nx, forward);
      }
      for (int k = 0; k < steps; k++) {
        for (int i = 0; i < nx; i++) {
          transform(alongY, k * cells + i, nx, ny, forward);
        }
      }
      for (int c = 0; c < cells; c++) {
        transform(alongT, c, cells, steps, forward);
      }
    }

    private void transform(DoubleDCT_1D cosine, int start, int stride, int count, boolean forward) {
      if (count == 1) {
        return;
      }
      for (int k = 0; k < count; k++) {
        line[k] = poisson[start + k * stride];
      }
      if (forward) {
        cosine.forward(line, true);
      } else {
        cosine.inverse(line, true);
      }
      for (int k = 0; k < count; k++) {
        poisson[start + k * stride] = line[k];
      }
    }
  }
}
