package org.rgflow.transport;

import java.util.Arrays;
import org.rgflow.kernels.TransportVector;

/**
 * Entropic optimal transport by Sinkhorn's iteration with potentials in the log domain and ε-scaling (Schmitzer,
 * "Stabilized sparse scaling algorithms", 1610.06519, algorithm 2).
 *
 * <p>From ε = max |c|/100 the regularisation is halved until it is what was asked for, each level starting from the
 * potentials of the last. Iterations are products with the kernel exp((f_i + g_j − c_ij)/ε) into which the potentials
 * are absorbed, one pass over memory each, and the marginal error that decides on convergence is a by-product. When a
 * scaling leaves [1e-50, 1e50] it is absorbed in turn, after a soft minimum f_i = −ε ln Σ_j b_j exp((g_j − c_ij)/ε) of
 * either side, which neither overflows nor underflows for any ε. The last level is accelerated.
 *
 * <p>Memory: the kernel, as large as the cost. Nothing is allocated in an iteration. An instance holds settings only,
 * and may be used by many threads.
 */
public final class Sinkhorn {
  private static final double LARGEST_SCALING = 1e50;
  /** max |c|/ε of the first level: exp(−100) is well within range. */
  private static final double FIRST_LEVEL = 100;
  /** L1 marginal error, relative to the total mass, and number of iterations that end a level above the last. */
  private static final double LEVEL_TOLERANCE = 1e-2;
  private static final int LEVEL_ITERATIONS = 20;

  private final double epsilon;
  private final double tolerance;
  private final int maxIterations;

  /** Tolerance 1e-9, at most 100,000 iterations. */
  public Sinkhorn(double epsilon) {
    this(epsilon, 1e-9, 100_000);
  }

  /**
   * @param epsilon ε &gt; 0, in units of the cost
   * @param tolerance largest L1 error of the target marginal, relative to the total mass
   * @param maxIterations passes over the matrix after which the iteration ends without convergence
   * @throws IllegalArgumentException if one of them is not positive
   */
  public Sinkhorn(double epsilon, double tolerance, int maxIterations) {
    if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
      throw new IllegalArgumentException("the regularisation epsilon must be > 0 and finite, not " + epsilon);
    }
    if (!(tolerance > 0)) {
      throw new IllegalArgumentException("the tolerance must be > 0, not " + tolerance);
    }
    if (maxIterations < 1) {
      throw new IllegalArgumentException("at least one iteration is needed, not " + maxIterations);
    }
    this.epsilon = epsilon;
    this.tolerance = tolerance;
    this.maxIterations = maxIterations;
  }

  /** OT_ε(a, b), its potentials and its plan. */
  public EntropicPlan solve(TransportProblem problem) {
    CostMatrix matrix = problem.cost();
    double[] cost = matrix.value();
    double[] a = problem.source();
    double[] b = problem.target();
    int rows = matrix.rows();
    int columns = matrix.columns();
    double[] kernel = new double[cost.length];
    double[] f = new double[rows];
    double[] g = new double[columns];
    double[] u = new double[rows];
    double[] w = new double[columns]; // b v
    double[] z = new double[columns]; // ln v
    double[] zBefore = new double[columns];
    double[] y = new double[columns];
    double[] rowScratch = new double[rows];
    double[] columnScratch = new double[columns];
    double total = sum(b);
    double error = Double.POSITIVE_INFINITY;
    int iterations = 0;
    double level = Math.max(epsilon, matrix.scale() / FIRST_LEVEL);
    while (true) {
      boolean last = level == epsilon;
      double goal = (last ? tolerance : Math.max(tolerance, LEVEL_TOLERANCE)) * total;
      int end = last ? maxIterations : Math.min(maxIterations, iterations + LEVEL_ITERATIONS);
      boolean settled = false;
      boolean inRange = true;
      while (!settled) {
        if (!inRange) {
          // half steps that are safe for any ε; then the kernel's rows sum to 1, and its columns nearly so
          withMass(g, b, level, columnScratch);
          TransportVector.softMinimum(0, rows, cost, columnScratch, f, columns, level);
          withMass(f, a, level, rowScratch);
          TransportVector.softMinimumOfColumns(cost, rowScratch, g, columnScratch, rows, columns, level);
          withMass(g, b, level, columnScratch);
          TransportVector.softMinimum(0, rows, cost, columnScratch, f, columns, level);
        }
        TransportVector.gibbs(0, rows, cost, f, g, kernel, columns, 1 / level);
        Arrays.fill(z, 0);
        Arrays.fill(zBefore, 0);
        System.arraycopy(b, 0, w, 0, columns);
        Acceleration acceleration = new Acceleration();
        iterations++;
        inRange = true;
        while (inRange) {
          TransportVector.sweep(kernel, a, w, u, y, rows, columns);
          error = 0;
          for (int j = 0; j < columns; j++) {
            error += Math.abs(w[j] * y[j] - b[j]);
          }
          inRange = inRange(u) && inRange(y);
          settled = inRange && (error <= goal || iterations >= end);
          if (settled || !inRange) {
            break;
          }
          if (last) {
            acceleration.observe(error);
          }
          // Sinkhorn's step is ln v ← −ln y
          for (int j = 0; j < columns; j++) {
            double next = acceleration.next(zBefore[j], z[j], -Math.log(y[j]));
            zBefore[j] = z[j];
            z[j] = next;
            w[j] = b[j] * Math.exp(next);
          }
          iterations++;
        }
        for (int j = 0; j < columns; j++) {
          g[j] += level * z[j];
        }
        if (settled) {
          for (int i = 0; i < rows; i++) {
            f[i] += level * Math.log(u[i]);
          }
        } else if (iterations >= end) {
          withMass(g, b, level, columnScratch);
          TransportVector.softMinimum(0, rows, cost, columnScratch, f, columns, level);
          TransportVector.gibbs(0, rows, cost, f, g, kernel, columns, 1 / level);
          Arrays.fill(u, 1);
          System.arraycopy(b, 0, w, 0, columns);
          settled = true;
        }
      }
      if (last) {
        break;
      }
      level = Math.max(epsilon, 0.5 * level);
    }
    // the plan is a u k w
    TransportVector.costOfRow(0, rows, cost, kernel, w, rowScratch, columns);
    double planCost = 0;
    double value = 0;
    for (int i = 0; i < rows; i++) {
      planCost += a[i] * u[i] * rowScratch[i];
      value += a[i] * f[i];
    }
    for (int j = 0; j < columns; j++) {
      value += b[j] * g[j];
    }
    return new EntropicPlan(epsilon, planCost, value, f, g, error / total, iterations, error <= tolerance * total);
  }

  /**
   * OT_ε(a, a) for a symmetric cost, by the averaged iteration f ← ½(f + T f), which converges in a few steps (Feydy et
   * al., 1810.08278).
   *
   * @throws IllegalArgumentException if the cost is not square
   */
  public double selfTransport(double[] mass, CostMatrix matrix) {
    TransportProblem problem = new TransportProblem(mass, mass, matrix);
    int n = mass.length;
    double total = sum(mass);
    double[] f = new double[n];
    double[] image = new double[n];
    double[] scratch = new double[n];
    double level = Math.max(epsilon, matrix.scale());
    for (int iteration = 0; iteration < maxIterations; iteration++) {
      withMass(f, mass, level, scratch);
      TransportVector.softMinimum(0, n, problem.cost().value(), scratch, image, n, level);
      double change = 0;
      for (int i = 0; i < n; i++) {
        change += mass[i] * Math.abs(Math.expm1((f[i] - image[i]) / level));
        f[i] = 0.5 * (f[i] + image[i]);
      }
      if (level == epsilon) {
        if (change <= tolerance * total) {
          break;
        }
      } else {
        level = Math.max(epsilon, 0.5 * level);
      }
    }
    double value = 0;
    for (int i = 0; i < n; i++) {
      value += 2 * mass[i] * f[i];
    }
    return value;
  }

  /**
   * The debiased Sinkhorn divergence S_ε = OT_ε(a, b) − ½ OT_ε(a, a) − ½ OT_ε(b, b) of two measures of equal mass:
   * 0 if and only if they agree, positive otherwise, between W at ε → 0 and a kernel distance at ε → ∞ (Feydy et al.,
   * 1810.08278).
   *
   * @param between cost c(x_i, y_j)
   * @param withinSource cost c(x_i, x_k), symmetric
   * @param withinTarget cost c(y_j, y_l), symmetric
   */
  public double divergence(
      double[] source, double[] target, CostMatrix between, CostMatrix withinSource, CostMatrix withinTarget) {
    return solve(new TransportProblem(source, target, between)).value()
        - 0.5 * selfTransport(source, withinSource) - 0.5 * selfTransport(target, withinTarget);
  }

  private static void withMass(double[] potential, double[] mass, double epsilon, double[] result) {
    for (int i = 0; i < mass.length; i++) {
      result[i] = potential[i] + epsilon * Math.log(mass[i]);
    }
  }

  private static boolean inRange(double[] scaling) {
    for (double s : scaling) {
      if (!(s >= 1 / LARGEST_SCALING && s <= LARGEST_SCALING)) {
        return false;
      }
    }
    return true;
  }

  private static double sum(double[] mass) {
    double sum = 0;
    for (double m : mass) {
      sum += m;
    }
    return sum;
  }

  /**
   * Second-order Richardson iteration (Golub &amp; Varga 1961). Near the solution Sinkhorn's map of ln v is linear with
   * eigenvalues between 0 and some λ &lt; 1; with z' = S z the iteration
   *
   * <pre>
   *   z⁺ = ρ [z + γ(z' − z)] + (1 − ρ) z⁻,   γ = 2/(2 − λ),  ρ = 2/(1 + √(1 − σ²)),  σ = λ/(2 − λ),
   * </pre>
   *
   * takes of order (1 − λ)^(−½) steps where Sinkhorn's takes (1 − λ)^(−1). λ is read off from the fall of the error, at
   * first of the plain iteration, later from what is left of the slowest mode; without progress the iteration is plain
   * again, which always converges.
   */
  private static final class Acceleration {
    /** Steps between two looks at the error: at least so many, and as many as should lower it by e^E_FOLDS. */
    private static final int WINDOW = 10;
    private static final double E_FOLDS = 1;
    /** λ below which nothing is to be gained, and above which none is believed. */
    private static final double SMALLEST = 0.3;
    private static final double LARGEST = 1 - 1e-9;

    private int age;
    private int window = WINDOW;
    private double windowError = Double.NaN;
    private double lambda;
    private double gamma = 1;
    private double rho = 1;

    void observe(double error) {
      if (Double.isNaN(windowError)) {
        windowError = error;
      }
      if (age++ < window) {
        return;
      }
      double rate = Math.pow(error / windowError, 1.0 / window);
      if (!(rate < 1)) {
        lambda = 0;
      } else if (lambda == 0) {
        lambda = rate > SMALLEST ? Math.min(rate, LARGEST) : 0;
      } else if (rate > Math.sqrt(rho - 1)) {
        // the eigenvalue of a mode that falls at this rate: rate² − ρ [1 − γ(1 − λ)] rate + ρ − 1 = 0
        double left = 1 - (1 - (rate * rate + rho - 1) / (rho * rate)) / gamma;
        lambda = Math.min(Math.max(lambda, left), LARGEST);
      }
      double sigma = lambda / (2 - lambda);
      gamma = 2 / (2 - lambda);
      rho = 2 / (1 + Math.sqrt(1 - sigma * sigma));
      window = (int) Math.max(WINDOW, E_FOLDS / (1 - Math.sqrt(rho - 1)));
      age = 1;
      windowError = error;
    }

    double next(double before, double now, double image) {
      return rho * (now + gamma * (image - now)) + (1 - rho) * before;
    }
  }
}
