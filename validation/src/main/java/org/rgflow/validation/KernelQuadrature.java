package org.rgflow.validation;

import org.rgflow.spectral.ModeSchedule.Transition;
import org.rgflow.transport.CellGrid;

/**
 * The density of a {@link ModeTheory} along the flow, by quadrature of the transition kernel of the subject under test:
 *
 * <pre>  P_τ(φ) = ∫ Π_k N(φ_k; a_k x_k, n_k) P_0(x) dx,</pre>
 *
 * with its derivatives. Sums over cell centres are the trapezoidal rule on analytic functions that have fallen to
 * nothing at the ends: the error is below 1e-12 as long as √n is above about 1.3 cells.
 */
final class KernelQuadrature {
  private static final int LINE_CELLS = 500;
  private static final int PLANE_CELLS = 130;

  private final ModeTheory theory;
  private final Subject subject;
  private final CellGrid source;
  private final double[] start;

  KernelQuadrature(ModeTheory theory, Subject subject) {
    this.theory = theory;
    this.subject = subject;
    source = theory.grid(theory.modes() == 1 ? LINE_CELLS : PLANE_CELLS);
    start = source.gibbs(source.values(theory::action));
  }

  /** P_0 with its score. */
  Law start() {
    double[][] score = new double[theory.modes()][];
    for (int k = 0; k < score.length; k++) {
      int mode = k;
      score[k] = source.values((x, y) -> -theory.force(mode, x, y));
    }
    return new Law(source, start, score);
  }

  /** P_τ with its score, on the quadrature's own grid. */
  Law at(double time) {
    Transition step = theory.transition(subject, time);
    double[][] x = kernel(step, 0, source.nx(), source.nx(), source::x, source::x);
    double[] density;
    double[][] score;
    if (theory.modes() == 1) {
      density = apply(x[0], start, source.nx(), 1);
      score = new double[][] {apply(x[1], start, source.nx(), 1)};
    } else {
      double[][] y = kernel(step, 1, source.ny(), source.ny(), source::y, source::y);
      double[] alongX = apply(x[0], start, source.nx(), source.ny());
      density = applyRows(y[0], alongX, source.nx(), source.ny());
      score = new double[][] {
        applyRows(y[0], apply(x[1], start, source.nx(), source.ny()), source.nx(), source.ny()),
        applyRows(y[1], alongX, source.nx(), source.ny())
      };
    }
    for (double[] s : score) {
      for (int i = 0; i < s.length; i++) {
        s[i] = density[i] > Double.MIN_NORMAL ? s[i] / density[i] : 0;
      }
    }
    return new Law(source, density, score);
  }

  /** The second derivatives of ln P_τ on the quadrature's own grid: {∂₁₁} of one mode, {∂₁₁, ∂₁₂, ∂₂₂} of two. */
  double[][] curvature(double time) {
    Law law = at(time);
    Transition step = theory.transition(subject, time);
    int nx = source.nx();
    double[][] x = kernel(step, 0, nx, nx, source::x, source::x);
    if (theory.modes() == 1) {
      return new double[][] {logarithmic(law, 0, 0, apply(x[2], start, nx, 1))};
    }
    int ny = source.ny();
    double[][] y = kernel(step, 1, ny, ny, source::y, source::y);
    return new double[][] {
      logarithmic(law, 0, 0, applyRows(y[0], apply(x[2], start, nx, ny), nx, ny)),
      logarithmic(law, 0, 1, applyRows(y[1], apply(x[1], start, nx, ny), nx, ny)),
      logarithmic(law, 1, 1, applyRows(y[2], apply(x[0], start, nx, ny), nx, ny))
    };
  }

  /** ∂_ij ln P = ∂_ij P / P − ∂_i ln P ∂_j ln P. */
  private static double[] logarithmic(Law law, int i, int j, double[] second) {
    for (int k = 0; k < second.length; k++) {
      double p = law.density()[k];
      second[k] = p > Double.MIN_NORMAL ? second[k] / p - law.score()[i][k] * law.score()[j][k] : 0;
    }
    return second;
  }

  /** P_τ at the centres of another grid. */
  double[] density(double time, CellGrid target) {
    Transition step = theory.transition(subject, time);
    double[] result = apply(kernel(step, 0, target.nx(), source.nx(), target::x, source::x)[0], start, source.nx(),
        source.ny());
    return theory.modes() == 1 ? result
        : applyRows(kernel(step, 1, target.ny(), source.ny(), target::y, source::y)[0], result, target.nx(),
            source.ny());
  }

  private interface Centre {
    double of(int index);
  }

  /** The kernel's values times the width of a source cell, and its first and second derivatives, row by target. */
  private double[][] kernel(Transition step, int mode, int targets, int sources, Centre target, Centre from) {
    double width = mode == 0 ? source.dx() : source.dy();
    double deviation = step.noise()[mode];
    double[] value = new double[targets * sources];
    double[] slope = new double[targets * sources];
    double[] bend = new double[targets * sources];
    for (int i = 0; i < targets; i++) {
      for (int j = 0; j < sources; j++) {
        double z = (target.of(i) - step.decay()[mode] * from.of(j)) / deviation;
        double g = width * Math.exp(-0.5 * z * z) / (deviation * Math.sqrt(2 * Math.PI));
        value[i * sources + j] = g;
        slope[i * sources + j] = -z / deviation * g;
        bend[i * sources + j] = (z * z - 1) / (deviation * deviation) * g;
      }
    }
    return new double[][] {value, slope, bend};
  }

  /** A matrix on the first index: {@code result[y][i] = Σ_j matrix[i][j] p[y][j]}. */
  private static double[] apply(double[] matrix, double[] p, int nx, int ny) {
    int targets = matrix.length / nx;
    double[] result = new double[targets * ny];
    for (int y = 0; y < ny; y++) {
      for (int i = 0; i < targets; i++) {
        double sum = 0;
        for (int j = 0; j < nx; j++) {
          sum += matrix[i * nx + j] * p[y * nx + j];
        }
        result[y * targets + i] = sum;
      }
    }
    return result;
  }

  /** A matrix on the second index: {@code result[i][x] = Σ_j matrix[i][j] p[j][x]}. */
  private static double[] applyRows(double[] matrix, double[] p, int nx, int ny) {
    int targets = matrix.length / ny;
    double[] result = new double[targets * nx];
    for (int i = 0; i < targets; i++) {
      for (int j = 0; j < ny; j++) {
        double factor = matrix[i * ny + j];
        for (int x = 0; x < nx; x++) {
          result[i * nx + x] += factor * p[j * nx + x];
        }
      }
    }
    return result;
  }
}
