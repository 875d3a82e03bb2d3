package org.rgflow.transport;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;

/**
 * Transport problems whose optimal plan, value and potentials are known, for testing solvers (as the tests of GeomLoss
 * do).
 *
 * @param problem masses and cost
 * @param solution an optimal plan with optimal potentials
 */
public record KnownTransport(TransportProblem problem, TransportPlan solution) {
  /** All mass at one point x, all mass at another, y: cost |x − y|². */
  public static KnownTransport diracs(double[] x, double[] y) {
    CostMatrix cost = CostMatrix.distance(new double[][] {x}, new double[][] {y}, 2);
    double half = 0.5 * cost.get(0, 0);
    return new KnownTransport(TransportProblem.uniform(cost), new TransportPlan(cost.get(0, 0), new int[1], new int[1],
        new double[] {1}, new double[] {half}, new double[] {half}));
  }

  /** a = b = (½, ½) and the cost 1 of a change of place: nothing moves. */
  public static KnownTransport twoPoints() {
    TransportProblem problem = TransportProblem.uniform(CostMatrix.of(new double[][] {{0, 1}, {1, 0}}));
    return new KnownTransport(problem, new TransportPlan(
        0, new int[] {0, 1}, new int[] {0, 1}, new double[] {0.5, 0.5}, new double[2], new double[2]));
  }

  /**
   * Random points x_i and their images y = ∇φ(x) under the gradient of a convex function, in random order, at cost
   * |x − y|². By Brenier's theorem (1991) the plan x_i → ∇φ(x_i) is optimal, with potentials
   * u = |x|² − 2φ(x), v = |y|² − 2φ*(y), φ*(∇φ(x)) = x·∇φ(x) − φ(x). Here
   * φ = Σ_d [½ s_d x_d² + t_d x_d + ln cosh x_d], s_d between ½ and 2.
   *
   * @param points number of points
   * @param dimension their number of coordinates
   * @param seed of the points, which are normal, of their masses and of φ
   */
  public static KnownTransport convexGradient(int points, int dimension, long seed) {
    UniformRandomProvider random = new RandomStream(seed).provider(Streams.TRANSPORT);
    double[] stretch = new double[dimension];
    double[] shift = new double[dimension];
    for (int d = 0; d < dimension; d++) {
      stretch[d] = random.nextDouble(0.5, 2);
      shift[d] = random.nextDouble(-1, 1);
    }
    int[] place = new int[points];
    for (int i = 0; i < points; i++) {
      int k = random.nextInt(i + 1);
      place[i] = place[k];
      place[k] = i;
    }
    double[][] x = new double[points][dimension];
    double[][] y = new double[points][dimension];
    double[] a = new double[points];
    double[] b = new double[points];
    double[] u = new double[points];
    double[] v = new double[points];
    int[] source = new int[points];
    double total = 0;
    for (int i = 0; i < points; i++) {
      source[i] = i;
      double phi = 0;
      double[] image = y[place[i]];
      for (int d = 0; d < dimension; d++) {
        double z = Math.sqrt(-2 * Math.log1p(-random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
        x[i][d] = z;
        image[d] = stretch[d] * z + shift[d] + Math.tanh(z);
        phi += 0.5 * stretch[d] * z * z + shift[d] * z + Math.log(Math.cosh(z));
        u[i] += z * z;
        v[place[i]] += image[d] * image[d] - 2 * z * image[d];
      }
      u[i] -= 2 * phi;
      v[place[i]] += 2 * phi;
      a[i] = random.nextDouble(0.5, 1.5);
      total += a[i];
    }
    double value = 0;
    CostMatrix cost = CostMatrix.distance(x, y, 2);
    for (int i = 0; i < points; i++) {
      a[i] /= total;
      b[place[i]] = a[i];
      value += a[i] * cost.get(i, place[i]);
    }
    TransportPlan.centre(u, a, v, b);
    return new KnownTransport(new TransportProblem(a, b, cost),
        new TransportPlan(value, source, place, a.clone(), u, v));
  }

  /** Points on a line in random order, equal masses: the sorted matching, at cost |x − y|^p, p ≥ 1. */
  public static KnownTransport permutation(int points, double p, long seed) {
    UniformRandomProvider random = new RandomStream(seed).provider(Streams.TRANSPORT);
    double[][] x = new double[points][1];
    double[][] y = new double[points][1];
    double[] from = new double[points];
    double[] to = new double[points];
    for (int i = 0; i < points; i++) {
      x[i][0] = from[i] = random.nextDouble(-1, 1);
      y[i][0] = to[i] = random.nextDouble(0, 3);
    }
    double[] mass = TransportProblem.uniform(points);
    return new KnownTransport(new TransportProblem(mass, mass, CostMatrix.distance(x, y, p)),
        LineTransport.plan(from, mass, to, mass, z -> Math.pow(Math.abs(z), p)));
  }

  /** Every source is at every target's distance: any plan is optimal, and the simplex method fully degenerate. */
  public static KnownTransport constantCost(int points) {
    double[] value = new double[points * points];
    Arrays.fill(value, 1);
    int[] place = new int[points];
    Arrays.setAll(place, i -> i);
    double[] half = new double[points];
    Arrays.fill(half, 0.5);
    return new KnownTransport(TransportProblem.uniform(new CostMatrix(points, points, value)),
        new TransportPlan(1, place, place, TransportProblem.uniform(points), half, half.clone()));
  }
}
