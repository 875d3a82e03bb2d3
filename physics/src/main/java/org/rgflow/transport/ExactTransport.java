package org.rgflow.transport;

import java.util.Arrays;

/**
 * Exact discrete optimal transport by the primal network simplex method with strongly feasible trees (Cunningham 1976;
 * Ahuja, Magnanti &amp; Orlin, "Network Flows", ch. 11), pivots being sought block by block along the rows of the cost
 * (Kiraly &amp; Kovacs 2012).
 *
 * <p>The basis is a spanning tree of sources, targets and an artificial root, to which every node is joined at first at
 * a cost that no plan can afford. Each basic cell has c_ij = u_i + v_j; a cell with c_ij &lt; u_i + v_j enters, and the
 * blocking arc last met on the way round the cycle from its apex leaves, which rules out cycling. When no cell is left
 * to enter, masses and potentials are computed afresh from the tree, so that they carry no rounding of the pivots.
 *
 * <p>Memory: the cost, and a dozen numbers per node. 2,000 x 2,000 random points take seconds.
 */
public final class ExactTransport {
  /** Reduced cost, relative to the largest cost, that is taken for zero. */
  private static final double ROUNDING = 1e-14;

  private final double[] cost;
  private final int rows;
  private final int columns;
  private final int root;
  private final double artificial;
  private final double tolerance;

  // The tree. Node i < rows is source i, then come the targets and the root.
  private final int[] parent;
  private final int[] depth;
  private final int[] child;
  private final int[] next;
  private final int[] previous;
  /** Whether the arc between a node and its parent points to the parent. */
  private final boolean[] up;
  private final double[] flow;
  /** Potentials φ with φ_j − φ_i = c_ij along basic arcs i → j. */
  private final double[] potential;

  private ExactTransport(TransportProblem problem) {
    cost = problem.cost().value();
    rows = problem.cost().rows();
    columns = problem.cost().columns();
    root = rows + columns;
    double scale = problem.cost().scale();
    artificial = scale > 0 ? 3 * scale : 1;
    tolerance = ROUNDING * scale;
    int nodes = root + 1;
    parent = new int[nodes];
    depth = new int[nodes];
    child = new int[nodes];
    next = new int[nodes];
    previous = new int[nodes];
    up = new boolean[nodes];
    flow = new double[nodes];
    potential = new double[nodes];
    Arrays.fill(child, -1);
    parent[root] = -1;
    next[root] = -1;
    previous[root] = -1;
    for (int node = root - 1; node >= 0; node--) {
      flow[node] = node < rows ? problem.source()[node] : problem.target()[node - rows];
      // An arc without flow has to point to the root: that is what makes a tree strongly feasible.
      up[node] = node < rows || flow[node] == 0;
      depth[node] = 1;
      potential[node] = up[node] ? -artificial : artificial;
      attach(node, root);
    }
  }

  /**
   * An optimal plan and optimal potentials.
   *
   * @throws ArithmeticException if the pivots do not end, which needs costs that differ by rounding only
   */
  public static TransportPlan solve(TransportProblem problem) {
    ExactTransport simplex = new ExactTransport(problem);
    simplex.pivot();
    simplex.refresh(problem);
    simplex.pivot();
    simplex.refresh(problem);
    return simplex.plan(problem);
  }

  private void pivot() {
    int cells = rows * columns;
    int block = (int) Math.min(cells, Math.max(64, Math.round(Math.sqrt(cells))));
    long limit = 1000L * root + cells;
    int cell = 0;
    int row = 0;
    int column = 0;
    int seen = 0;
    for (long pivots = 0; pivots < limit; pivots++) {
      // The most negative reduced cost of a block; blocks without any are passed over.
      double best = -tolerance;
      int enter = -1;
      for (int left = block; seen < cells; ) {
        int run = Math.min(Math.min(columns - column, left), cells - seen);
        double u = potential[row];
        int base = rows - row * columns;
        for (int end = cell + run; cell < end; cell++) {
          double reduced = cost[cell] + u - potential[base + cell];
          if (reduced < best) {
            best = reduced;
            enter = cell;
          }
        }
        seen += run;
        left -= run;
        column += run;
        if (column == columns) {
          column = 0;
          if (++row == rows) {
            row = 0;
            cell = 0;
          }
        }
        if (left == 0) {
          if (enter >= 0) {
            break;
          }
          left = block;
        }
      }
      if (enter < 0) {
        return;
      }
      seen = 0;
      exchange(enter / columns, rows + enter % columns, cost[enter]);
    }
    throw new ArithmeticException("the simplex method has not ended after " + limit + " pivots");
  }

  /** Brings the arc first → second into the tree. */
  private void exchange(int first, int second, double arcCost) {
    int a = first;
    int b = second;
    while (a != b) {
      if (depth[a] >= depth[b]) {
        a = parent[a];
      } else {
        b = parent[b];
      }
    }
    int apex = a;
    // Flow runs apex → first → second → apex. Of the arcs that run dry, the last one on that way leaves.
    double change = Double.POSITIVE_INFINITY;
    int out = -1;
    boolean firstSide = true;
    for (int node = first; node != apex; node = parent[node]) {
      if (up[node] && flow[node] < change) {
        change = flow[node];
        out = node;
      }
    }
    for (int node = second; node != apex; node = parent[node]) {
      if (!up[node] && flow[node] <= change) {
        change = flow[node];
        out = node;
        firstSide = false;
      }
    }
    if (change > 0) {
      for (int node = first; node != apex; node = parent[node]) {
        flow[node] += up[node] ? -change : change;
      }
      for (int node = second; node != apex; node = parent[node]) {
        flow[node] += up[node] ? change : -change;
      }
    }
    // The tree below the leaving arc is hung up anew at the end of the entering arc that lies in it.
    int in = firstSide ? first : second;
    int newParent = firstSide ? second : first;
    boolean newUp = firstSide;
    double newFlow = change;
    int node = in;
    while (true) {
      int oldParent = parent[node];
      boolean oldUp = up[node];
      double oldFlow = flow[node];
      detach(node);
      attach(node, newParent);
      up[node] = newUp;
      flow[node] = newFlow;
      if (node == out) {
        break;
      }
      newParent = node;
      newUp = !oldUp;
      newFlow = oldFlow;
      node = oldParent;
    }
    double shift = firstSide ? potential[second] - arcCost - potential[first]
        : potential[first] + arcCost - potential[second];
    for (node = in; ; ) {
      potential[node] += shift;
      depth[node] = depth[parent[node]] + 1;
      if (child[node] >= 0) {
        node = child[node];
        continue;
      }
      while (node != in && next[node] < 0) {
        node = parent[node];
      }
      if (node == in) {
        break;
      }
      node = next[node];
    }
  }

  private void attach(int node, int to) {
    parent[node] = to;
    int sibling = child[to];
    next[node] = sibling;
    previous[node] = -1;
    if (sibling >= 0) {
      previous[sibling] = node;
    }
    child[to] = node;
  }

  private void detach(int node) {
    if (previous[node] >= 0) {
      next[previous[node]] = next[node];
    } else {
      child[parent[node]] = next[node];
    }
    if (next[node] >= 0) {
      previous[next[node]] = previous[node];
    }
  }

  /** Potentials from the root downwards and flows from the leaves upwards, from the tree alone. */
  private void refresh(TransportProblem problem) {
    int[] order = new int[root];
    int count = 0;
    for (int node = child[root]; node >= 0; ) {
      order[count++] = node;
      int above = parent[node];
      double c = above == root ? artificial : node < rows ? cost[node * columns + above - rows]
          : cost[above * columns + node - rows];
      potential[node] = up[node] ? potential[above] - c : potential[above] + c;
      if (child[node] >= 0) {
        node = child[node];
      } else {
        while (node != root && next[node] < 0) {
          node = parent[node];
        }
        node = node == root ? -1 : next[node];
      }
    }
    // surplus of the tree below a node, to be sent to its parent
    double[] surplus = new double[root + 1];
    for (int k = count - 1; k >= 0; k--) {
      int node = order[k];
      surplus[node] += node < rows ? problem.source()[node] : -problem.target()[node - rows];
      flow[node] = Math.max(0, up[node] ? surplus[node] : -surplus[node]);
      surplus[parent[node]] += surplus[node];
    }
  }

  private TransportPlan plan(TransportProblem problem) {
    int count = 0;
    for (int node = 0; node < root; node++) {
      if (parent[node] != root && flow[node] > 0) {
        count++;
      }
    }
    int[] source = new int[count];
    int[] target = new int[count];
    double[] mass = new double[count];
    double value = 0;
    int k = 0;
    for (int node = 0; node < root; node++) {
      if (parent[node] != root && flow[node] > 0) {
        source[k] = Math.min(node, parent[node]);
        target[k] = Math.max(node, parent[node]) - rows;
        mass[k] = flow[node];
        value += mass[k] * cost[source[k] * columns + target[k]];
        k++;
      }
    }
    double[] u = new double[rows];
    double[] v = new double[columns];
    for (int i = 0; i < rows; i++) {
      u[i] = -potential[i];
    }
    System.arraycopy(potential, rows, v, 0, columns);
    TransportPlan.centre(u, problem.source(), v, problem.target());
    return new TransportPlan(value, source, target, mass, u, v);
  }
}
