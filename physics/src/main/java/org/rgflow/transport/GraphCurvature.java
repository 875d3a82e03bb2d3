package org.rgflow.transport;

/**
 * Coarse Ricci curvature of graphs (Ollivier 2009; Lin, Lu &amp; Yau 2011). A walker of idleness α stays at x with
 * probability α and goes to each neighbour with (1 − α)/d_x, a law m_x. Then
 *
 * <pre>
 *   κ_α(x, y) = 1 − W₁(m_x, m_y)/d(x, y),      κ_LLY(x, y) = lim_{α→1} κ_α(x, y)/(1 − α).
 * </pre>
 *
 * W₁ is exact, by {@link ExactTransport} on the neighbourhoods.
 */
public final class GraphCurvature {
  private final Graph graph;

  public GraphCurvature(Graph graph) {
    this.graph = graph;
  }

  /**
   * Ollivier's κ_α of two different vertices.
   *
   * @param idleness α from 0 to 1
   * @throws IllegalArgumentException if the vertices are the same or α is out of range
   */
  public double ollivier(int x, int y, double idleness) {
    if (x == y) {
      throw new IllegalArgumentException("curvature belongs to two different vertices, not to " + x + " alone");
    }
    if (!(idleness >= 0 && idleness <= 1)) {
      throw new IllegalArgumentException("the idleness lies between 0 and 1, not at " + idleness);
    }
    int rows = graph.degree(x) + 1;
    int columns = graph.degree(y) + 1;
    double[] cost = new double[rows * columns];
    double[] source = walk(x, idleness);
    double[] target = walk(y, idleness);
    for (int i = 0; i < rows; i++) {
      int[] distance = graph.distances(i == 0 ? x : graph.neighbour(x, i - 1));
      for (int j = 0; j < columns; j++) {
        cost[i * columns + j] = distance[j == 0 ? y : graph.neighbour(y, j - 1)];
      }
    }
    double w1 = ExactTransport.solve(new TransportProblem(source, target, new CostMatrix(rows, columns, cost))).cost();
    return 1 - w1 / graph.distances(x)[y];
  }

  private double[] walk(int vertex, double idleness) {
    int degree = graph.degree(vertex);
    double[] law = new double[degree + 1];
    law[0] = idleness;
    for (int k = 1; k <= degree; k++) {
      law[k] = (1 - idleness) / degree;
    }
    return law;
  }

  /**
   * Lin, Lu and Yau's curvature of an edge. As a function of α, κ_α is linear from α = 1/(D + 1) to κ_1 = 0, D being
   * the larger degree (Bourne, Cushing, Liu, Münch &amp; Peyerimhoff, 1704.04398), so that the limit is
   * (1 + 1/D) κ_{1/(D+1)}, without any limit being taken.
   *
   * @throws IllegalArgumentException if the vertices are not neighbours
   */
  public double linLuYau(int x, int y) {
    requireEdge(x, y);
    int degree = Math.max(graph.degree(x), graph.degree(y));
    return (1 + 1.0 / degree) * ollivier(x, y, 1.0 / (degree + 1));
  }

  /**
   * What the curvature of an edge would be if no two neighbours of its ends were closer than on a tree,
   * 2/d_x + 2/d_y − 2: exact (Lin–Lu–Yau) on trees, a lower bound elsewhere.
   *
   * <p>This is the edge formula of Sheshmani et al. (2402.17090, eq. 31) put right: as printed the neighbours of the
   * second vertex, which contribute −(1 − 1/d_y), are missing. Either form ignores cycles. On the square lattice, of
   * curvature 0, it gives −1, and −¼ as printed.
   *
   * @throws IllegalArgumentException if the vertices are not neighbours
   */
  public double treeFormula(int x, int y) {
    requireEdge(x, y);
    return 2.0 / graph.degree(x) + 2.0 / graph.degree(y) - 2;
  }

  private void requireEdge(int x, int y) {
    if (graph.distances(x)[y] != 1) {
      throw new IllegalArgumentException("there is no edge (" + x + ", " + y + ")");
    }
  }
}
