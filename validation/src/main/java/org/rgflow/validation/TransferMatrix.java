package org.rgflow.validation;

import java.util.Arrays;
import java.util.Comparator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;

/**
 * Exact expectation values on very small lattices by transfer matrix and Gauss quadrature, the
 * reference for samplers.
 *
 * <p>The single-site weight e^(−uφ²−gφ⁴) of {@link Phi4Action} is turned into an n-point Gauss rule
 * (discretised Stieltjes procedure for the recurrence, Golub–Welsch for nodes and weights), so that a
 * column of L_y sites has n^(L_y) states s with weight
 * D(s) = Π w(φ_i) · exp(h Σ φ_i φ_{i+1}), and neighbouring columns are coupled by
 * T(s, s') = Π_i e^(h φ_i φ'_i), which acts one site at a time at n^(L_y+1) operations a site. Then
 *
 * <pre>  Z = Σ_{s₁} D(s₁) ⟨s₁| T (D T)^(L_x−1) |s₁⟩,</pre>
 *
 * and the powers of the magnetisation Σφ are carried along as a binomial expansion. The first column
 * runs over orbits of the permutations of the column for L_y ≤ 3 (all of them are lattice symmetries)
 * and over the global sign. The integrand is entire, so the error falls faster than exponentially in
 * n; compare two values of n.
 */
public final class TransferMatrix {
  /**
   * Exact expectation values.
   *
   * @param logZ ln ∫ Π dφ e^(−S)
   * @param phi2 ⟨φ²⟩ per site
   * @param phi4 ⟨φ⁴⟩ per site
   * @param susceptibility V⟨m²⟩, m = Σφ/V
   * @param binder 1 − ⟨m⁴⟩/(3⟨m²⟩²)
   */
  public record Result(double logZ, double phi2, double phi4, double susceptibility, double binder) {}

  private static final int POWERS = 5;
  private static final int[][] BINOMIAL = {{1}, {1, 1}, {1, 2, 1}, {1, 3, 3, 1}, {1, 4, 6, 4, 1}};

  private TransferMatrix() {}

  /**
   * @param lattice L_x arbitrary, L_y = 2 or 3
   * @param points nodes per site, 2 to 40
   * @throws IllegalArgumentException if L_y is larger or the action has no quartic term
   */
  public static Result solve(Lattice lattice, Phi4Action action, int points) {
    if (lattice.ly() > 3) {
      throw new IllegalArgumentException("the transfer matrix is for L_y = 2 and 3, not for " + lattice);
    }
    if (!(action.quartic() > 0)) {
      throw new IllegalArgumentException("the transfer matrix needs a quartic term");
    }
    if (points < 2 || points > 40) {
      throw new IllegalArgumentException("between 2 and 40 quadrature points, not " + points);
    }
    return new Column(lattice, action, points).solve();
  }

  /** Nodes and weights of the Gauss rule for e^(−uφ²−gφ⁴) on the line; nodes ascending and symmetric. */
  static double[][] gaussRule(double u, double g, int points) {
    // The measure on a fine uniform grid (trapezoidal rule, spectrally accurate), up to e^(−90).
    double floor = u < 0 ? -u * u / (4 * g) : 0;
    double reach = 0.1;
    while (u * reach * reach + g * Math.pow(reach, 4) - floor < 90) {
      reach *= 1.02;
    }
    int half = 2000;
    double step = reach / half;
    int size = 2 * half + 1;
    double[] x = new double[size];
    double[] w = new double[size];
    double total = 0;
    for (int i = 0; i < size; i++) {
      x[i] = (i - half) * step;
      w[i] = Math.exp(-x[i] * x[i] * (u + g * x[i] * x[i]) + floor);
      total += w[i];
    }
    // Orthonormal recurrence x p_k = β_{k+1} p_{k+1} + β_k p_{k−1}; the diagonal vanishes by symmetry.
    DMatrixRMaj jacobi = new DMatrixRMaj(points, points);
    double[] previous = new double[size];
    double[] current = new double[size];
    Arrays.fill(current, 1 / Math.sqrt(total));
    double beta = 0;
    for (int k = 1; k < points; k++) {
      double norm = 0;
      double[] next = new double[size];
      for (int i = 0; i < size; i++) {
        next[i] = x[i] * current[i] - beta * previous[i];
        norm += w[i] * next[i] * next[i];
      }
      beta = Math.sqrt(norm);
      for (int i = 0; i < size; i++) {
        next[i] /= beta;
      }
      jacobi.set(k - 1, k, beta);
      jacobi.set(k, k - 1, beta);
      previous = current;
      current = next;
    }
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(points, true, true);
    eigen.decompose(jacobi);
    Integer[] order = new Integer[points];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> eigen.getEigenvalue(i).getReal()));
    double mass = total * step * Math.exp(-floor);
    double[] nodes = new double[points];
    double[] weights = new double[points];
    for (int i = 0; i < points; i++) {
      nodes[i] = eigen.getEigenvalue(order[i]).getReal();
      double first = eigen.getEigenVector(order[i]).get(0);
      weights[i] = mass * first * first;
    }
    for (int i = 0; i < points / 2; i++) {
      int j = points - 1 - i;
      double node = 0.5 * (nodes[j] - nodes[i]);
      double weight = 0.5 * (weights[i] + weights[j]);
      nodes[i] = -node;
      nodes[j] = node;
      weights[i] = weight;
      weights[j] = weight;
    }
    if (points % 2 == 1) {
      nodes[points / 2] = 0;
    }
    return new double[][] {nodes, weights};
  }

  private static final class Column {
    private final int n;
    private final int states;
    private final int columns;
    private final int rows;
    private final double[] nodes;
    private final double[] coupling;
    private final double[] weight;
    private final double[] magnetisation;
    private final double[][] current;
    private final double[][] next;
    private final double[] scratch;

    Column(Lattice lattice, Phi4Action action, int points) {
      n = points;
      columns = lattice.lx();
      rows = lattice.ly();
      double h = action.hopping();
      double[][] rule = gaussRule(action.quadratic(), action.quartic(), points);
      nodes = rule[0];
      coupling = new double[n * n];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          coupling[i * n + j] = Math.exp(h * nodes[i] * nodes[j]);
        }
      }
      states = (int) Math.pow(n, rows);
      weight = new double[states];
      magnetisation = new double[states];
      int[] digits = new int[rows];
      for (int s = 0; s < states; s++) {
        digits(s, digits);
        double w = 1;
        double bonds = 0;
        double m = 0;
        for (int r = 0; r < rows; r++) {
          w *= rule[1][digits[r]];
          bonds += nodes[digits[r]] * nodes[digits[(r + 1) % rows]];
          m += nodes[digits[r]];
        }
        weight[s] = w * Math.exp(h * bonds);
        magnetisation[s] = m;
      }
      current = new double[POWERS][states];
      next = new double[POWERS][states];
      scratch = new double[states];
    }

    private void digits(int state, int[] digits) {
      for (int r = 0; r < rows; r++) {
        digits[r] = state % n;
        state /= n;
      }
    }

    Result solve() {
      double z = 0;
      double phi2 = 0;
      double phi4 = 0;
      double[] moment = new double[POWERS];
      int[] digits = new int[rows];
      for (int s = 0; s < states; s++) {
        digits(s, digits);
        int multiplicity = orbit(digits);
        if (multiplicity == 0) {
          continue;
        }
        double[] powers = trace(s, digits);
        double first = multiplicity * weight[s];
        double square = 0;
        double fourth = 0;
        for (int r = 0; r < rows; r++) {
          double x2 = nodes[digits[r]] * nodes[digits[r]];
          square += x2;
          fourth += x2 * x2;
        }
        z += first * powers[0];
        phi2 += first * powers[0] * square / rows;
        phi4 += first * powers[0] * fourth / rows;
        for (int k = 0; k < POWERS; k++) {
          moment[k] += first * powers[k];
        }
      }
      int volume = columns * rows;
      double m2 = moment[2] / z;
      double m4 = moment[4] / z;
      return new Result(Math.log(z), phi2 / z, phi4 / z, m2 / volume, 1 - m4 / (3 * m2 * m2));
    }

    /** Size of the orbit of a column under permutations and the sign, 0 unless the column represents it. */
    private int orbit(int[] digits) {
      for (int r = 1; r < rows; r++) {
        if (digits[r] < digits[r - 1]) {
          return 0;
        }
      }
      int permutations = 1;
      int run = 1;
      for (int r = 1; r < rows; r++) {
        run = digits[r] == digits[r - 1] ? run + 1 : 1;
        permutations = permutations * (r + 1) / run;
      }
      // The mirror image n−1−d, sorted, compared lexicographically.
      for (int r = 0; r < rows; r++) {
        int mirrored = n - 1 - digits[rows - 1 - r];
        if (digits[r] != mirrored) {
          return digits[r] < mirrored ? 2 * permutations : 0;
        }
      }
      return permutations;
    }

    /** Σ over the other columns of (Σφ)^k, k = 0 … 4, the first column being {@code state}. */
    private double[] trace(int state, int[] digits) {
      double[] link = new double[states];
      int[] other = new int[rows];
      for (int s = 0; s < states; s++) {
        digits(s, other);
        double product = 1;
        for (int r = 0; r < rows; r++) {
          product *= coupling[digits[r] * n + other[r]];
        }
        link[s] = product;
        double power = 1;
        for (int k = 0; k < POWERS; k++) {
          current[k][s] = product * power; // total magnetisation of the columns so far
          power *= magnetisation[state];
        }
      }
      double[] result = new double[POWERS];
      for (int column = 1; column < columns; column++) {
        absorb();
        if (column < columns - 1) {
          for (int k = 0; k < POWERS; k++) {
            couple(current[k]);
          }
        }
      }
      for (int k = 0; k < POWERS; k++) {
        double sum = 0;
        for (int s = 0; s < states; s++) {
          sum += current[k][s] * link[s];
        }
        result[k] = sum;
      }
      return result;
    }

    /** v_k ← D Σ_j binom(k, j) M^(k−j) v_j: the column's weight and its magnetisation. */
    private void absorb() {
      for (int s = 0; s < states; s++) {
        double m = magnetisation[s];
        for (int k = 0; k < POWERS; k++) {
          double sum = 0;
          double power = 1;
          for (int j = k; j >= 0; j--) {
            sum += BINOMIAL[k][j] * power * current[j][s];
            power *= m;
          }
          next[k][s] = sum * weight[s];
        }
      }
      for (int k = 0; k < POWERS; k++) {
        double[] swap = current[k];
        current[k] = next[k];
        next[k] = swap;
      }
    }

    /** v ← T v, one site of the column after the other. */
    private void couple(double[] v) {
      double[] from = v;
      double[] to = scratch;
      int stride = 1;
      for (int r = 0; r < rows; r++) {
        for (int block = 0; block < states; block += stride * n) {
          for (int i = 0; i < n; i++) {
            int target = block + i * stride;
            Arrays.fill(to, target, target + stride, 0);
            for (int j = 0; j < n; j++) {
              double c = coupling[i * n + j];
              int source = block + j * stride;
              for (int q = 0; q < stride; q++) {
                to[target + q] += c * from[source + q];
              }
            }
          }
        }
        double[] swap = from;
        from = to;
        to = swap;
        stride *= n;
      }
      if (from != v) {
        System.arraycopy(from, 0, v, 0, states);
      }
    }
  }
}
