package org.rgflow.transport;

import java.util.ArrayDeque;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * Optimal transport on a graph in the metric of Maas ("Gradient flows of the entropy for finite Markov chains",
 * 1102.5238). For transition rates K(x, y) that are reversible, π(x)K(x, y) = π(y)K(y, x), and densities ρ relative to
 * π,
 *
 * <pre>
 *   W²(ρ₀, ρ₁) = inf ½ ∫₀¹ Σ_{xy} (ψ(x) − ψ(y))² θ(ρ(x), ρ(y)) K(x, y) π(x) dt,
 *   ρ̇(x) + Σ_y (ψ(y) − ψ(x)) θ(ρ(x), ρ(y)) K(x, y) = 0,      θ the {@linkplain LogarithmicMean logarithmic mean}.
 * </pre>
 *
 * The gradient flow of the entropy H(ρ) = Σ π ρ ln ρ in this metric is the chain's own equation
 * ρ̇(x) = Σ_y K(x, y)(ρ(y) − ρ(x)).
 *
 * <p>Geodesics minimise the action discretised in time as by Benamou and Brenier, with N steps and the mean of two
 * neighbouring times in θ. The momentum of a step is eliminated by a Laplace equation, which leaves a convex function
 * of the densities, minimised by Newton's method with a block-tridiagonal Hessian: O(N n³) per iteration, so meant for
 * graphs of up to a few hundred points. The error of W is O(N⁻²) where densities stay positive.
 */
public final class GraphTransport {
  private static final int MAX_ITERATIONS = 200;
  /** Relative error of detailed balance taken for rounding. */
  private static final double ROUNDING = 1e-10;

  private final int points;
  private final double[] stationary;
  private final int[] tail;
  private final int[] head;
  /** π(tail) K(tail, head). */
  private final double[] conductance;

  /**
   * @param rates K(x, y) ≥ 0 for x ≠ y; the diagonal is of no consequence
   * @throws IllegalArgumentException if the rates are not those of a connected, reversible chain
   */
  public GraphTransport(double[][] rates) {
    points = rates.length;
    if (points < 2) {
      throw new IllegalArgumentException("a chain needs at least two points, not " + points);
    }
    int edges = 0;
    for (int x = 0; x < points; x++) {
      if (rates[x].length != points) {
        throw new IllegalArgumentException("row " + x + " of the rates has " + rates[x].length + " entries, not "
            + points);
      }
      for (int y = 0; y < points; y++) {
        if (y != x && (!(rates[x][y] >= 0) || Double.isInfinite(rates[x][y]))) {
          throw new IllegalArgumentException("rate (" + x + ", " + y + ") must be finite and not negative, not "
              + rates[x][y]);
        }
        if (y > x && rates[x][y] > 0) {
          edges++;
        }
      }
    }
    stationary = stationary(rates);
    tail = new int[edges];
    head = new int[edges];
    conductance = new double[edges];
    int e = 0;
    for (int x = 0; x < points; x++) {
      for (int y = x + 1; y < points; y++) {
        double out = stationary[x] * rates[x][y];
        double back = stationary[y] * rates[y][x];
        if (!(Math.abs(out - back) <= ROUNDING * (out + back))) {
          throw new IllegalArgumentException("the rates are not reversible: detailed balance fails between " + x
              + " and " + y);
        }
        if (out > 0) {
          tail[e] = x;
          head[e] = y;
          conductance[e++] = 0.5 * (out + back);
        }
      }
    }
  }

  /** π by detailed balance along a spanning tree. */
  private static double[] stationary(double[][] rates) {
    int n = rates.length;
    double[] pi = new double[n];
    pi[0] = 1;
    double total = 1;
    ArrayDeque<Integer> queue = new ArrayDeque<>();
    queue.add(0);
    int reached = 1;
    while (!queue.isEmpty()) {
      int x = queue.remove();
      for (int y = 0; y < n; y++) {
        if (pi[y] == 0 && y != x && rates[x][y] > 0 && rates[y][x] > 0) {
          pi[y] = pi[x] * rates[x][y] / rates[y][x];
          total += pi[y];
          reached++;
          queue.add(y);
        }
      }
    }
    if (reached < n) {
      throw new IllegalArgumentException("the chain is not connected: " + reached + " of " + n
          + " points are reached from point 0");
    }
    for (int x = 0; x < n; x++) {
      pi[x] /= total;
    }
    return pi;
  }

  /** π, of total 1. */
  public double[] stationary() {
    return stationary.clone();
  }

  /** The chain's equation: ρ̇(x) = Σ_y K(x, y)(ρ(y) − ρ(x)). */
  public double[] generator(double[] density) {
    double[] rate = new double[points];
    for (int e = 0; e < tail.length; e++) {
      double flow = conductance[e] * (density[head[e]] - density[tail[e]]);
      rate[tail[e]] += flow;
      rate[head[e]] -= flow;
    }
    return relative(rate);
  }

  /** H(ρ) = Σ π ρ ln ρ = KL(πρ‖π). */
  public double entropy(double[] density) {
    double sum = 0;
    for (int x = 0; x < points; x++) {
      sum += density[x] > 0 ? stationary[x] * density[x] * Math.log(density[x]) : 0;
    }
    return sum;
  }

  /** −dH/dt along the chain's equation: ½ Σ_{xy} (ρ(x) − ρ(y))(ln ρ(x) − ln ρ(y)) K(x, y) π(x). */
  public double dissipation(double[] density) {
    double sum = 0;
    for (int e = 0; e < tail.length; e++) {
      double s = density[tail[e]];
      double t = density[head[e]];
      sum += s == t ? 0 : conductance[e] * (s - t) * Math.log(s / t);
    }
    return sum;
  }

  /**
   * Minus the gradient of a functional F in this metric, ρ̇(x) = Σ_y (F'(y) − F'(x)) θ(ρ(x), ρ(y)) K(x, y).
   *
   * @param derivative F'(x) = π(x)⁻¹ ∂F/∂ρ(x)
   */
  public double[] steepestDescent(double[] density, double[] derivative) {
    double[] rate = new double[points];
    for (int e = 0; e < tail.length; e++) {
      double flow = conductance[e] * LogarithmicMean.value(density[tail[e]], density[head[e]])
          * (derivative[head[e]] - derivative[tail[e]]);
      rate[tail[e]] += flow;
      rate[head[e]] -= flow;
    }
    return relative(rate);
  }

  /**
   * The squared length ½ Σ (ψ(x) − ψ(y))² θ K π of a change ρ̇ at ρ.
   *
   * @param density ρ &gt; 0
   * @param rate ρ̇ with Σ π ρ̇ = 0
   */
  public double speedSquared(double[] density, double[] rate) {
    Step step = new Step();
    double[] mass = new double[points];
    double[] next = new double[points];
    for (int x = 0; x < points; x++) {
      mass[x] = stationary[x] * density[x];
      next[x] = stationary[x] * rate[x];
    }
    return step.solve(mass, next);
  }

  private double[] relative(double[] mass) {
    for (int x = 0; x < points; x++) {
      mass[x] /= stationary[x];
    }
    return mass;
  }

  /**
   * The distance on two points with the rate p both ways, between the densities (1 − r, 1 + r) of r = from and r = to:
   *
   * <pre>  W = (2p)^(−½) |∫ √(artanh r / r) dr|   (Maas, section 2),</pre>
   *
   * integrated in t = artanh r by Gauss' rule to rounding.
   *
   * @param from between −1 and 1
   * @param to between −1 and 1
   */
  public static double twoPointDistance(double p, double from, double to) {
    if (!(p > 0)) {
      throw new IllegalArgumentException("the rate must be > 0, not " + p);
    }
    if (!(Math.abs(from) <= 1 && Math.abs(to) <= 1)) {
      throw new IllegalArgumentException("r lies between -1 and 1, not at " + from + " or " + to);
    }
    double a = artanh(from);
    double b = artanh(to);
    // √(t / tanh t) / cosh² t is smooth, and below 1e-16 beyond |t| = 20
    double[] node = {0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363};
    double[] weight = {0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763};
    int panels = 64;
    double half = 0.5 * (b - a) / panels;
    double sum = 0;
    for (int k = 0; k < panels; k++) {
      double middle = a + (2 * k + 1) * half;
      for (int i = 0; i < node.length; i++) {
        sum += weight[i] * (density(middle - half * node[i]) + density(middle + half * node[i]));
      }
    }
    return Math.abs(sum * half) / Math.sqrt(2 * p);
  }

  private static double density(double t) {
    double cosh = Math.cosh(t);
    return Math.sqrt(Math.abs(t) < 1e-8 ? 1 : t / Math.tanh(t)) / (cosh * cosh);
  }

  private static double artanh(double r) {
    return Math.max(-20, Math.min(20, 0.5 * (Math.log1p(r) - Math.log1p(-r))));
  }

  /**
   * A geodesic at N + 1 equally spaced times.
   *
   * @param density ρ [time][point]
   * @param distance W
   * @param iterations Newton steps
   */
  public record Geodesic(double[][] density, double distance, int iterations) {}

  /**
   * The geodesic between two densities relative to π, which may vanish in places.
   *
   * @param steps N ≥ 1
   * @throws IllegalArgumentException if a density is negative or Σ π ρ is not 1
   * @throws ArithmeticException if Newton's method does not converge
   */
  public Geodesic geodesic(double[] from, double[] to, int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("a geodesic needs at least one step, not " + steps);
    }
    double[][] mass = new double[steps + 1][points];
    mass[0] = mass(from);
    mass[steps] = mass(to);
    for (int k = 1; k < steps; k++) {
      double t = (double) k / steps;
      double mixed = 0.2 * t * (1 - t); // so that every point has some
      for (int x = 0; x < points; x++) {
        mass[k][x] = (1 - mixed) * ((1 - t) * mass[0][x] + t * mass[steps][x]) + mixed * stationary[x];
      }
    }
    Step[] step = new Step[steps];
    for (int k = 0; k < steps; k++) {
      step[k] = new Step();
    }
    double action = action(step, mass);
    int n = points - 1;
    int inner = steps - 1;
    int iterations = 0;
    double[][] trial = new double[steps + 1][points];
    trial[0] = mass[0];
    trial[steps] = mass[steps];
    while (inner > 0) {
      if (++iterations > MAX_ITERATIONS) {
        throw new ArithmeticException("the geodesic has not converged after " + MAX_ITERATIONS + " Newton steps");
      }
      DMatrixRMaj[] direction = newton(step, mass, inner, n);
      double slope = 0;
      double longest = 1;
      for (int k = 1; k <= inner; k++) {
        double last = 0;
        for (int i = 0; i < n; i++) {
          double d = direction[k - 1].get(i);
          last -= d;
          slope += d * (step[k - 1].gradientAfter[i] + step[k].gradientBefore[i]);
          longest = d < 0 ? Math.min(longest, -0.9 * mass[k][i] / d) : longest;
        }
        longest = last < 0 ? Math.min(longest, -0.9 * mass[k][n] / last) : longest;
      }
      if (-slope <= 1e-13 * action) {
        break;
      }
      double length = longest;
      double next;
      while (true) {
        for (int k = 1; k <= inner; k++) {
          double last = 0;
          for (int i = 0; i < n; i++) {
            double d = direction[k - 1].get(i);
            trial[k][i] = mass[k][i] + length * d;
            last -= d;
          }
          trial[k][n] = mass[k][n] + length * last;
        }
        next = action(step, trial);
        if (next <= action + 1e-4 * length * slope || length < 1e-12) {
          break;
        }
        length *= 0.5;
      }
      if (length < 1e-12) {
        break; // no descent beyond rounding
      }
      action = next;
      double[][] swap = mass;
      mass = trial;
      trial = swap;
    }
    double[][] density = new double[steps + 1][points];
    for (int k = 0; k <= steps; k++) {
      for (int x = 0; x < points; x++) {
        density[k][x] = mass[k][x] / stationary[x];
      }
    }
    return new Geodesic(density, Math.sqrt(Math.max(0, action)), iterations);
  }

  private double[] mass(double[] density) {
    if (density.length != points) {
      throw new IllegalArgumentException("a density on " + density.length + " points, where the chain has " + points);
    }
    double[] mass = new double[points];
    double sum = 0;
    for (int x = 0; x < points; x++) {
      if (!(density[x] >= 0)) {
        throw new IllegalArgumentException("point " + x + ": a density must not be negative, as " + density[x]);
      }
      mass[x] = stationary[x] * density[x];
      sum += mass[x];
    }
    if (!(Math.abs(sum - 1) <= ROUNDING)) {
      throw new IllegalArgumentException("a density relative to the stationary law has total mass 1, not " + sum);
    }
    return mass;
  }

  /** Σ_k N·(squared length of step k): the action. */
  private double action(Step[] step, double[][] mass) {
    double sum = 0;
    double[] middle = new double[points];
    double[] change = new double[points];
    for (int k = 0; k < step.length; k++) {
      for (int x = 0; x < points; x++) {
        middle[x] = 0.5 * (mass[k][x] + mass[k + 1][x]);
        change[x] = mass[k + 1][x] - mass[k][x];
      }
      sum += step[k].solve(middle, change);
    }
    return sum * step.length;
  }

  /** The Newton direction of all inner times: block elimination of the tridiagonal Hessian. */
  private DMatrixRMaj[] newton(Step[] step, double[][] mass, int inner, int n) {
    action(step, mass);
    for (Step s : step) {
      s.expand(step.length);
    }
    DMatrixRMaj[] pivot = new DMatrixRMaj[inner];
    DMatrixRMaj[] right = new DMatrixRMaj[inner];
    DMatrixRMaj[] solved = new DMatrixRMaj[inner];
    for (int k = 0; k < inner; k++) {
      pivot[k] = new DMatrixRMaj(n, n);
      right[k] = new DMatrixRMaj(n, 1);
      CommonOps_DDRM.add(step[k].after, step[k + 1].before, pivot[k]);
      for (int i = 0; i < n; i++) {
        right[k].set(i, 0, -step[k].gradientAfter[i] - step[k + 1].gradientBefore[i]);
      }
      if (k > 0) {
        // coupling of time k and k+1: step[k].cross[i][j], i before, j after
        DMatrixRMaj work = new DMatrixRMaj(n, n);
        CommonOps_DDRM.multTransA(step[k].cross, solved[k - 1], work);
        CommonOps_DDRM.subtractEquals(pivot[k], work);
        DMatrixRMaj shift = new DMatrixRMaj(n, 1);
        CommonOps_DDRM.multTransA(solved[k - 1], right[k - 1], shift);
        CommonOps_DDRM.subtractEquals(right[k], shift);
      }
      if (k < inner - 1) {
        LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.lu(n);
        solver.setA(pivot[k].copy());
        solved[k] = new DMatrixRMaj(n, n);
        solver.solve(step[k + 1].cross.copy(), solved[k]);
      }
    }
    DMatrixRMaj[] direction = new DMatrixRMaj[inner];
    for (int k = inner - 1; k >= 0; k--) {
      direction[k] = new DMatrixRMaj(n, 1);
      if (k < inner - 1) {
        DMatrixRMaj shift = new DMatrixRMaj(n, 1);
        CommonOps_DDRM.mult(step[k + 1].cross, direction[k + 1], shift);
        CommonOps_DDRM.subtractEquals(right[k], shift);
      }
      LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.lu(n);
      solver.setA(pivot[k].copy());
      solver.solve(right[k].copy(), direction[k]);
    }
    return direction;
  }

  /**
   * δᵀ L(ρ̄)⁻¹ δ of one step and its derivatives, L being the Laplacian with the conductances πKθ. The last point is
   * taken for ground: its potential is 0 and its mass what the others leave.
   */
  private final class Step {
    private final int n = points - 1;
    private final DMatrixRMaj laplacian = new DMatrixRMaj(n, n);
    private final DMatrixRMaj inverse = new DMatrixRMaj(n, n);
    private final double[] density = new double[points];
    private final double[] potential = new double[points];
    private final double[] gradientBefore = new double[points];
    private final double[] gradientAfter = new double[points];
    private DMatrixRMaj before;
    private DMatrixRMaj after;
    private DMatrixRMaj cross;

    /** δᵀ L⁻¹ δ for masses in the middle and a change of mass δ; infinite where L is singular. */
    double solve(double[] middle, double[] change) {
      for (int x = 0; x < points; x++) {
        density[x] = middle[x] / stationary[x];
      }
      laplacian.zero();
      for (int e = 0; e < tail.length; e++) {
        double c = conductance[e] * LogarithmicMean.value(density[tail[e]], density[head[e]]);
        add(laplacian, tail[e], tail[e], c);
        add(laplacian, head[e], head[e], c);
        add(laplacian, tail[e], head[e], -c);
        add(laplacian, head[e], tail[e], -c);
      }
      LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.chol(n);
      if (!solver.setA(laplacian.copy())) {
        return Double.POSITIVE_INFINITY;
      }
      solver.invert(inverse);
      double sum = 0;
      for (int i = 0; i < n; i++) {
        potential[i] = 0;
        for (int j = 0; j < n; j++) {
          potential[i] += inverse.get(i, j) * change[j];
        }
        sum += change[i] * potential[i];
      }
      return sum;
    }

    private void add(DMatrixRMaj matrix, int i, int j, double value) {
      if (i < n && j < n) {
        matrix.add(i, j, value);
      }
    }

    /** Gradient and Hessian with respect to the masses before and after, times the number of steps. */
    void expand(int steps) {
      int m = points;
      // columns of ∂L/∂(mass) ψ, halved since the middle is half of either; curvature of θ
      DMatrixRMaj g = new DMatrixRMaj(m, m);
      DMatrixRMaj bend = new DMatrixRMaj(m, m);
      double[] pull = new double[m];
      for (int e = 0; e < tail.length; e++) {
        int x = tail[e];
        int y = head[e];
        double s = density[x];
        double t = density[y];
        double difference = potential[x] - potential[y];
        double c = conductance[e];
        double byS = 0.5 / stationary[x] * c * LogarithmicMean.derivative(s, t);
        double byT = 0.5 / stationary[y] * c * LogarithmicMean.derivative(t, s);
        g.add(x, x, byS * difference);
        g.add(y, x, -byS * difference);
        g.add(x, y, byT * difference);
        g.add(y, y, -byT * difference);
        pull[x] -= byS * difference * difference;
        pull[y] -= byT * difference * difference;
        double second = -c * difference * difference * LogarithmicMean.secondDerivative(s, t) * 0.25;
        double ratio = s / t;
        bend.add(x, x, second / stationary[x] / stationary[x]);
        bend.add(x, y, -second * ratio / stationary[x] / stationary[y]);
        bend.add(y, x, -second * ratio / stationary[x] / stationary[y]);
        bend.add(y, y, second * ratio * ratio / stationary[y] / stationary[y]);
      }
      DMatrixRMaj forward = new DMatrixRMaj(n, n);
      DMatrixRMaj backward = new DMatrixRMaj(n, n);
      DMatrixRMaj curvature = new DMatrixRMaj(n, n);
      for (int i = 0; i < n; i++) {
        double push = 2 * potential[i];
        double pulled = pull[i] - pull[n];
        gradientAfter[i] = steps * (push + pulled);
        gradientBefore[i] = steps * (-push + pulled);
        for (int j = 0; j < n; j++) {
          double unit = i == j ? 1 : 0;
          double moved = g.get(i, j) - g.get(i, n);
          forward.set(i, j, unit - moved);
          backward.set(i, j, -unit - moved);
          curvature.set(i, j, steps * (bend.get(i, j) - bend.get(i, n) - bend.get(n, j) + bend.get(n, n)));
        }
      }
      before = quadratic(backward, backward, curvature, steps);
      after = quadratic(forward, forward, curvature, steps);
      cross = quadratic(backward, forward, curvature, steps);
    }

    private DMatrixRMaj quadratic(DMatrixRMaj left, DMatrixRMaj right, DMatrixRMaj curvature, int steps) {
      DMatrixRMaj half = CommonOps_DDRM.mult(inverse, right, null);
      DMatrixRMaj result = new DMatrixRMaj(n, n);
      CommonOps_DDRM.multTransA(2.0 * steps, left, half, result);
      CommonOps_DDRM.addEquals(result, curvature);
      return result;
    }
  }
}
