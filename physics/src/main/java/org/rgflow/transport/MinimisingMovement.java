package org.rgflow.transport;

import java.util.Arrays;

/**
 * Minimising movements (Jordan, Kinderlehrer &amp; Otto 1998) for KL(·‖Q) on a grid: from P the density P' that
 * minimises
 *
 * <pre>  KL(P'‖Q) + W²(P, P')/(2h).</pre>
 *
 * W is the discrete transport distance (Maas, 1102.5238) of the Markov chain by which {@link FokkerPlanck} represents
 * the equation, with the action of Benamou and Brenier over the step taken at its middle, W² ≈ δᵀ L(½(P + P'))⁻¹ δ,
 * δ = P' − P. This is exact up to a relative O(|δ|²), and makes the step the minimum of a convex function: mass is
 * conserved, the density is positive, KL + W²/(2h) never exceeds the KL before. As h → 0 the steps converge at first
 * order to the equation on the same grid.
 *
 * <p>The minimum is found by Newton's method for density and potential, with a banded symmetric factorisation; cost per
 * iteration O(n) on an interval of n cells and O(n²) on a plane of n cells.
 */
public final class MinimisingMovement {
  private static final int MAX_ITERATIONS = 100;
  /** Total relative change of mass at which Newton's method ends. */
  private static final double CONVERGED = 1e-12;
  /** Mass given to cells that have none, so that logarithms exist. */
  private static final double FLOOR = 1e-250;

  private final FokkerPlanck equation;
  private final CellGrid grid;
  private final int cells;
  private final int band;
  /** The position of a cell in the order of elimination: along the shorter side first. */
  private final int[] place;

  public MinimisingMovement(FokkerPlanck equation) {
    this.equation = equation;
    grid = equation.grid();
    cells = grid.cells();
    int nx = grid.nx();
    int ny = grid.ny();
    place = new int[cells];
    for (int k = 0; k < cells; k++) {
      place[k] = nx <= ny ? k : k % nx * ny + k / nx;
    }
    band = 2 * Math.min(nx, ny) + 1;
  }

  /**
   * One step.
   *
   * @param density P'
   * @param distanceSquared W² of the step
   * @param relativeEntropy KL(P'‖Q)
   * @param iterations of Newton's method
   */
  public record Step(double[] density, double distanceSquared, double relativeEntropy, int iterations) {}

  /**
   * @param density P, of integral 1
   * @param step h &gt; 0
   * @throws IllegalArgumentException if P is no density or h is not positive
   * @throws ArithmeticException if Newton's method does not converge
   */
  public Step step(double[] density, double step) {
    grid.requireDensity(density);
    if (!(step > 0) || Double.isInfinite(step)) {
      throw new IllegalArgumentException("the step of a minimising movement must be > 0, not " + step);
    }
    double volume = grid.volume();
    double[] start = new double[cells];
    double[] mass = equation.implicitStep(density, step); // agrees to first order
    for (int k = 0; k < cells; k++) {
      start[k] = density[k] * volume;
      mass[k] = Math.max(FLOOR, mass[k] * volume);
    }
    Newton newton = new Newton(start, mass, step);
    for (int k = 0; k < cells; k++) {
      newton.phi[k] = -step * (Math.log(mass[k]) + equation.potential(k));
    }
    for (int iteration = 1; iteration <= MAX_ITERATIONS; iteration++) {
      if (newton.iterate() <= CONVERGED) {
        double distance = 0;
        for (int k = 0; k < cells; k++) {
          distance += newton.phi[k] * (mass[k] - start[k]);
          mass[k] /= volume;
        }
        return new Step(mass, Math.max(0, distance), equation.relativeEntropy(mass), iteration);
      }
    }
    throw new ArithmeticException("the minimising movement has not converged after " + MAX_ITERATIONS
        + " Newton steps; take a smaller step than " + step);
  }

  /**
   * Stationarity of φ·δ − ½ φᵀL(m̄)φ + h Σ m (ln m + U), a minimum in m and a maximum in φ. With dm = m e the unknowns
   * are (φ, e) of each cell, and rows of e are multiplied by m, so that far tails are as well scaled as the middle.
   */
  private final class Newton {
    private final double[] start;
    private final double[] mass;
    private final double[] phi = new double[cells];
    private final double step;
    /** Band of the symmetric matrix, by columns from the diagonal downwards: [column][row − column]. */
    private final double[] matrix = new double[2 * cells * (band + 1)];
    private final double[] line = new double[band + 1];
    private final double[] residual = new double[2 * cells];

    Newton(double[] start, double[] mass, double step) {
      this.start = start;
      this.mass = mass;
      this.step = step;
    }

    /** One step that keeps masses positive; returns Σ |dm|, or ∞ if the step was not Newton's everywhere. */
    double iterate() {
      Arrays.fill(matrix, 0);
      Arrays.fill(residual, 0);
      for (int k = 0; k < cells; k++) {
        int f = 2 * place[k];
        residual[f] -= mass[k] - start[k];
        residual[f + 1] -= mass[k] * (phi[k] + step * (Math.log(mass[k]) + equation.potential(k)));
        add(f + 1, f, mass[k]);
        add(f + 1, f + 1, step * mass[k]);
      }
      int nx = grid.nx();
      for (int k = 0; k < cells; k++) {
        if (k % nx < nx - 1 && equation.rateRight(k) > 0) {
          edge(k, k + 1, equation.rateRight(k));
        }
        if (k + nx < cells && equation.rateUp(k) > 0) {
          edge(k, k + nx, equation.rateUp(k));
        }
      }
      solve();
      double change = 0;
      boolean small = true;
      for (int k = 0; k < cells; k++) {
        double e = residual[2 * place[k] + 1];
        change += mass[k] * Math.abs(e);
        small &= e > -0.5;
        phi[k] += residual[2 * place[k]];
        // where much is to be lost the logarithm of the mass is what is linear
        mass[k] = Math.max(FLOOR, mass[k] * (e > -0.5 ? 1 + e : Math.exp(e)));
      }
      if (Double.isNaN(change)) {
        throw new ArithmeticException("the minimising movement has no finite Newton step");
      }
      return small ? change : Double.POSITIVE_INFINITY;
    }

    /** The neighbours i and j: conductance w = k θ(m̄_i, r m̄_j), r = e^(U_j − U_i). */
    private void edge(int i, int j, double rate) {
      double r = Math.exp(equation.potential(j) - equation.potential(i));
      double s = 0.5 * (start[i] + mass[i]);
      double t = 0.5 * (start[j] + mass[j]) * r;
      double w = rate * LogarithmicMean.value(s, t);
      double byI = 0.5 * rate * LogarithmicMean.derivative(s, t) * mass[i];
      double byJ = 0.5 * rate * LogarithmicMean.derivative(t, s) * r * mass[j];
      double second = 0.25 * rate * LogarithmicMean.secondDerivative(s, t);
      double ratio = -s / t * r;
      double d = phi[i] - phi[j];
      int fi = 2 * place[i];
      int fj = 2 * place[j];
      residual[fi] += w * d;
      residual[fj] -= w * d;
      residual[fi + 1] += 0.5 * byI * d * d;
      residual[fj + 1] += 0.5 * byJ * d * d;
      add(fi, fi, -w);
      add(fj, fj, -w);
      couple(fi, fj, w);
      add(fi + 1, fi, -byI * d);
      couple(fi + 1, fj, byI * d);
      add(fj + 1, fj, byJ * d);
      couple(fj + 1, fi, -byJ * d);
      double bend = -0.5 * second * d * d;
      add(fi + 1, fi + 1, bend * mass[i] * mass[i]);
      add(fj + 1, fj + 1, bend * ratio * ratio * mass[j] * mass[j]);
      couple(fi + 1, fj + 1, bend * ratio * mass[i] * mass[j]);
    }

    private void couple(int a, int b, double value) {
      add(Math.max(a, b), Math.min(a, b), value);
    }

    private void add(int row, int column, double value) {
      matrix[column * (band + 1) + row - column] += value;
    }

    /**
     * LDLᵀ without exchange of rows, which a quasi-definite matrix (negative in φ, positive in e) has in any order
     * (Vanderbei 1995); then the solution in place of the residual.
     */
    private void solve() {
      int n = 2 * cells;
      int stride = band + 1;
      for (int j = 0; j < n; j++) {
        double pivot = matrix[j * stride];
        System.arraycopy(matrix, j * stride, line, 0, stride);
        int end = Math.min(n - 1, j + band);
        for (int i = j + 1; i <= end; i++) {
          double factor = line[i - j] / pivot;
          if (factor == 0) {
            continue;
          }
          subtract(matrix, i * stride, factor, line, i - j, end - i + 1);
          residual[i] -= factor * residual[j];
        }
      }
      for (int j = n - 1; j >= 0; j--) {
        double sum = residual[j];
        int end = Math.min(n - 1, j + band);
        for (int i = j + 1; i <= end; i++) {
          sum -= matrix[j * stride + i - j] * residual[i];
        }
        residual[j] = sum / matrix[j * stride];
      }
    }

    private static void subtract(double[] to, int at, double factor, double[] from, int start, int count) {
      for (int k = 0; k < count; k++) {
        to[at + k] -= factor * from[start + k];
      }
    }
  }
}
