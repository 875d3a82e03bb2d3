package org.rgflow.transport;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * Exact optimal transport on the line. For a cost h(x − y) with h convex the monotone rearrangement, which matches the
 * quantiles of the two laws, is optimal (Santambrogio, "Optimal Transport for Applied Mathematicians", theorem 2.9):
 *
 * <pre>  W_p^p = ∫₀¹ |X(u) − Y(u)|^p du.</pre>
 *
 * Cost: O(n log n) for sorting. Points need not be sorted or distinct.
 */
public final class LineTransport {
  private LineTransport() {}

  /**
   * W_p (not its power) of two samples of equally weighted points.
   *
   * @throws IllegalArgumentException if p &lt; 1 or there are no points
   */
  public static double distance(double[] x, double[] y, double p) {
    requirePower(p);
    if (x.length != y.length) {
      return distance(x, TransportProblem.uniform(x.length), y, TransportProblem.uniform(y.length), p);
    }
    if (x.length == 0) {
      throw new IllegalArgumentException("there are no points to transport");
    }
    double[] from = x.clone();
    double[] to = y.clone();
    Arrays.sort(from);
    Arrays.sort(to);
    double sum = 0;
    for (int i = 0; i < from.length; i++) {
      sum += power(from[i] - to[i], p);
    }
    return Math.pow(sum / from.length, 1 / p);
  }

  /**
   * W_p (not its power) between Σ a_i δ(x_i) and Σ b_j δ(y_j), masses of total 1.
   *
   * @throws IllegalArgumentException if p &lt; 1, or the masses are refused by {@link TransportProblem}
   */
  public static double distance(double[] x, double[] a, double[] y, double[] b, double p) {
    requirePower(p);
    return Math.pow(plan(x, a, y, b, z -> power(z, p)).cost(), 1 / p);
  }

  /**
   * The monotone plan and its potentials. The cells along which the plan walks, empty ones included, are a spanning
   * tree; potentials that fit the cost on them are feasible because the cost of sorted points is a Monge matrix.
   *
   * @param cost h, convex: c_ij = h(x_i − y_j)
   * @throws IllegalArgumentException if the masses are not finite, not negative and of the same total
   */
  public static TransportPlan plan(double[] x, double[] a, double[] y, double[] b, DoubleUnaryOperator cost) {
    if (x.length != a.length || y.length != b.length) {
      throw new IllegalArgumentException(
          "points and masses differ in number: " + x.length + " and " + a.length + ", " + y.length + " and "
          + b.length);
    }
    TransportProblem.requireBalance(a, b);
    int[] from = order(x);
    int[] to = order(y);
    int steps = x.length + y.length - 1;
    int[] source = new int[steps];
    int[] target = new int[steps];
    double[] mass = new double[steps];
    double[] u = new double[x.length];
    double[] v = new double[y.length];
    int i = 0;
    int j = 0;
    double left = a[from[0]];
    double wanted = b[to[0]];
    double value = 0;
    int count = 0;
    for (int step = 0; step < steps; step++) {
      double c = cost.applyAsDouble(x[from[i]] - y[to[j]]);
      if (step == 0) {
        v[to[0]] = c;
      }
      double moved = Math.min(left, wanted);
      if (moved > 0) {
        source[count] = from[i];
        target[count] = to[j];
        mass[count++] = moved;
        value += moved * c;
      }
      left -= moved;
      wanted -= moved;
      boolean nextSource = j == y.length - 1 || i < x.length - 1 && left <= wanted;
      if (step == steps - 1) {
        break;
      }
      if (nextSource) {
        i++;
        left = a[from[i]];
        u[from[i]] = cost.applyAsDouble(x[from[i]] - y[to[j]]) - v[to[j]];
      } else {
        j++;
        wanted = b[to[j]];
        v[to[j]] = cost.applyAsDouble(x[from[i]] - y[to[j]]) - u[from[i]];
      }
    }
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("points and costs must be finite");
    }
    TransportPlan.centre(u, a, v, b);
    return new TransportPlan(
        value, Arrays.copyOf(source, count), Arrays.copyOf(target, count), Arrays.copyOf(mass, count), u, v);
  }

  /**
   * Point masses on the line.
   *
   * @param point positions
   * @param mass their masses
   */
  public record Atoms(double[] point, double[] mass) {}

  /**
   * The W₂ barycentre of laws on the line: its quantile function is the weighted mean of theirs (Agueh &amp; Carlier
   * 2011).
   *
   * @param laws of equal total mass
   * @param weights not negative, of any positive total
   * @return atoms in ascending order, neighbours at equal places being one
   * @throws IllegalArgumentException if the numbers do not agree, or the total masses differ
   */
  public static Atoms barycentre(Atoms[] laws, double[] weights) {
    if (laws.length == 0 || laws.length != weights.length) {
      throw new IllegalArgumentException(laws.length + " laws and " + weights.length + " weights");
    }
    double total = 0;
    int atoms = 0;
    int[][] order = new int[laws.length][];
    double[] left = new double[laws.length];
    for (int k = 0; k < laws.length; k++) {
      TransportProblem.requireBalance(laws[0].mass, laws[k].mass);
      if (!(weights[k] >= 0)) {
        throw new IllegalArgumentException("a weight must not be negative, as " + weights[k]);
      }
      total += weights[k];
      order[k] = order(laws[k].point);
      left[k] = laws[k].mass[order[k][0]];
      atoms += order[k].length;
    }
    double[] point = new double[atoms];
    double[] mass = new double[atoms];
    int[] at = new int[laws.length];
    int count = 0;
    while (true) {
      double place = 0;
      double moved = Double.POSITIVE_INFINITY;
      int first = -1;
      for (int k = 0; k < laws.length; k++) {
        place += weights[k] / total * laws[k].point[order[k][at[k]]];
        // the last atom of a law lasts to the end
        if (left[k] < moved && at[k] < order[k].length - 1) {
          moved = left[k];
          first = k;
        }
      }
      double step = first < 0 ? left[0] : moved;
      if (step > 0) {
        if (count > 0 && point[count - 1] == place) {
          mass[count - 1] += step;
        } else {
          point[count] = place;
          mass[count++] = step;
        }
      }
      if (first < 0) {
        return new Atoms(Arrays.copyOf(point, count), Arrays.copyOf(mass, count));
      }
      for (int k = 0; k < laws.length; k++) {
        left[k] -= step;
      }
      left[first] = laws[first].mass[order[first][++at[first]]];
    }
  }

  private static double power(double z, double p) {
    return p == 2 ? z * z : p == 1 ? Math.abs(z) : Math.pow(Math.abs(z), p);
  }

  private static int[] order(double[] x) {
    return IntStream.range(0, x.length).boxed().sorted(Comparator.comparingDouble(i -> x[i])).mapToInt(i -> i)
        .toArray();
  }

  private static void requirePower(double p) {
    if (!(p >= 1) || Double.isInfinite(p)) {
      throw new IllegalArgumentException("W_p needs a finite p >= 1, not " + p);
    }
  }
}
