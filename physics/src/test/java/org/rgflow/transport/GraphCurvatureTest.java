package org.rgflow.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class GraphCurvatureTest {
  /** Zachary's karate club (1977): neighbours of higher number of vertices 0, 1, …, as in NetworkX. */
  private static final int[][] KARATE = {
    {1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 17, 19, 21, 31}, {2, 3, 7, 13, 17, 19, 21, 30}, {3, 7, 27, 28, 32, 8, 9, 13},
    {7, 12, 13}, {6, 10}, {6, 10, 16}, {16}, {}, {30, 32, 33}, {33}, {}, {}, {}, {33}, {32, 33}, {32, 33}, {}, {}, {32, 33},
    {33}, {32, 33}, {}, {32, 33}, {25, 27, 29, 32, 33}, {25, 27, 31}, {31}, {29, 33}, {33}, {31, 33}, {32, 33}, {32, 33},
    {32, 33}, {33}, {}
  };

  private static Graph graph(int[][] higher) {
    int count = 0;
    for (int[] row : higher) {
      count += row.length;
    }
    int[][] edges = new int[count][];
    for (int x = 0; x < higher.length; x++) {
      for (int y : higher[x]) {
        edges[--count] = new int[] {x, y};
      }
    }
    return new Graph(higher.length, edges);
  }

  /** The example of GraphRicciCurvature (Ni et al.), idleness ½: the first edges of vertex 0. */
  @Test
  void karateClub() {
    GraphCurvature curvature = new GraphCurvature(graph(KARATE));
    double[] expected = {0.111111, -0.143750, 0.041667, -0.114583, -0.281250};
    for (int k = 0; k < expected.length; k++) {
      assertThat(curvature.ollivier(0, k + 1, 0.5)).isCloseTo(expected[k], within(5e-7));
    }
  }

  /** Lin, Lu &amp; Yau (2011): complete graphs n/(n − 1), cycles, hypercubes 2/n; the torus of length 5 has 5-cycles. */
  @Test
  void knownCurvatures() {
    assertThat(edge(Graph.complete(3))).isCloseTo(1.5, within(1e-14));
    assertThat(edge(Graph.complete(4))).isCloseTo(4.0 / 3, within(1e-14));
    assertThat(edge(Graph.cycle(4))).isCloseTo(1, within(1e-14));
    assertThat(edge(Graph.cycle(5))).isCloseTo(0.5, within(1e-14));
    assertThat(edge(Graph.cycle(6))).isCloseTo(0, within(1e-14));
    assertThat(edge(Graph.cycle(9))).isCloseTo(0, within(1e-14));
    for (int n = 2; n <= 5; n++) {
      assertThat(edge(Graph.hypercube(n))).isCloseTo(2.0 / n, within(1e-14));
    }
    assertThat(edge(Graph.torus(5))).isCloseTo(0.25, within(1e-14));
    assertThat(edge(Graph.torus(6))).isCloseTo(0, within(1e-14));
  }

  private static double edge(Graph graph) {
    return new GraphCurvature(graph).linLuYau(0, 1);
  }

  @Test
  void linLuYauIsTheLimitOfLargeIdleness() {
    Graph club = graph(KARATE);
    GraphCurvature curvature = new GraphCurvature(club);
    for (int k = 0; k < club.degree(32); k++) {
      int other = club.neighbour(32, k);
      assertThat(curvature.linLuYau(32, other)).isCloseTo(curvature.ollivier(32, other, 0.999) / 0.001, within(1e-9));
    }
    assertThat(curvature.ollivier(0, 33, 1)).isCloseTo(0, within(1e-15));
  }

  @Test
  void theTreeFormulaHoldsOnTreesAndBoundsFromBelow() {
    Random random = new Random(1);
    int[][] edges = new int[29][];
    for (int x = 1; x < 30; x++) {
      edges[x - 1] = new int[] {random.nextInt(x), x};
    }
    GraphCurvature tree = new GraphCurvature(new Graph(30, edges));
    for (int[] edge : edges) {
      assertThat(tree.treeFormula(edge[0], edge[1])).isCloseTo(tree.linLuYau(edge[0], edge[1]), within(1e-13));
    }
    GraphCurvature club = new GraphCurvature(graph(KARATE));
    for (int x = 0; x < KARATE.length; x++) {
      for (int y : KARATE[x]) {
        assertThat(club.treeFormula(x, y)).isLessThanOrEqualTo(club.linLuYau(x, y) + 1e-13);
      }
    }
    // the square lattice: −1 where the curvature is 0
    GraphCurvature lattice = new GraphCurvature(Graph.torus(8));
    assertThat(lattice.treeFormula(0, 1)).isEqualTo(-1);
    assertThat(lattice.linLuYau(0, 1)).isCloseTo(0, within(1e-14));
  }

  @Test
  void refusesWhatIsNoEdge() {
    GraphCurvature curvature = new GraphCurvature(Graph.cycle(6));
    assertThatThrownBy(() -> curvature.linLuYau(0, 2)).hasMessageContaining("no edge (0, 2)");
    assertThatThrownBy(() -> curvature.ollivier(1, 1, 0)).hasMessageContaining("different");
    assertThatThrownBy(() -> curvature.ollivier(0, 1, 2)).hasMessageContaining("idleness");
    assertThatThrownBy(() -> new Graph(3, new int[][] {{0, 1}})).hasMessageContaining("not connected");
    assertThatThrownBy(() -> new Graph(2, new int[][] {{0, 1}, {1, 0}})).hasMessageContaining("twice");
    assertThatThrownBy(() -> new Graph(2, new int[][] {{0, 2}})).hasMessageContaining("[0, 2]");
  }
}
