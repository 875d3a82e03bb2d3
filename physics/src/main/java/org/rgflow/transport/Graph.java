package org.rgflow.transport;

import java.util.Arrays;

/** An undirected, connected graph without loops and multiple edges, all edges being of length 1. */
public final class Graph {
  private final int[][] neighbours;

  /**
   * @param vertices their number
   * @param edges pairs of vertices, each edge once, in any order
   * @throws IllegalArgumentException if an edge is none, comes twice, or the graph is not connected
   */
  public Graph(int vertices, int[][] edges) {
    int[] degree = new int[vertices];
    for (int[] edge : edges) {
      if (edge.length != 2 || edge[0] == edge[1] || Math.min(edge[0], edge[1]) < 0
          || Math.max(edge[0], edge[1]) >= vertices) {
        throw new IllegalArgumentException("no edge of a graph on " + vertices + " vertices: " + Arrays.toString(edge));
      }
      degree[edge[0]]++;
      degree[edge[1]]++;
    }
    neighbours = new int[vertices][];
    for (int v = 0; v < vertices; v++) {
      neighbours[v] = new int[degree[v]];
    }
    for (int[] edge : edges) {
      neighbours[edge[0]][--degree[edge[0]]] = edge[1];
      neighbours[edge[1]][--degree[edge[1]]] = edge[0];
    }
    for (int v = 0; v < vertices; v++) {
      Arrays.sort(neighbours[v]);
      for (int k = 1; k < neighbours[v].length; k++) {
        if (neighbours[v][k] == neighbours[v][k - 1]) {
          throw new IllegalArgumentException("the edge (" + v + ", " + neighbours[v][k] + ") comes twice");
        }
      }
    }
    if (vertices < 2 || Arrays.stream(distances(0)).anyMatch(d -> d < 0)) {
      throw new IllegalArgumentException("the graph is not connected");
    }
  }

  /** K_n. */
  public static Graph complete(int n) {
    int[][] edges = new int[n * (n - 1) / 2][];
    int count = 0;
    for (int x = 0; x < n; x++) {
      for (int y = x + 1; y < n; y++) {
        edges[count++] = new int[] {x, y};
      }
    }
    return new Graph(n, edges);
  }

  /** C_n, n ≥ 3. */
  public static Graph cycle(int n) {
    int[][] edges = new int[n][];
    for (int x = 0; x < n; x++) {
      edges[x] = new int[] {x, (x + 1) % n};
    }
    return new Graph(n, edges);
  }

  /** The hypercube {0, 1}ⁿ; vertices are numbered by their bits. */
  public static Graph hypercube(int n) {
    int[][] edges = new int[n << n - 1][];
    int count = 0;
    for (int x = 0; x < 1 << n; x++) {
      for (int bit = 0; bit < n; bit++) {
        if ((x >> bit & 1) == 0) {
          edges[count++] = new int[] {x, x | 1 << bit};
        }
      }
    }
    return new Graph(1 << n, edges);
  }

  /** The periodic lattice L × L, L ≥ 3; site (x, y) is vertex y L + x. */
  public static Graph torus(int length) {
    int[][] edges = new int[2 * length * length][];
    for (int y = 0; y < length; y++) {
      for (int x = 0; x < length; x++) {
        int site = y * length + x;
        edges[2 * site] = new int[] {site, y * length + (x + 1) % length};
        edges[2 * site + 1] = new int[] {site, (y + 1) % length * length + x};
      }
    }
    return new Graph(length * length, edges);
  }

  public int vertices() {
    return neighbours.length;
  }

  public int degree(int vertex) {
    return neighbours[vertex].length;
  }

  /** The k-th neighbour of a vertex, in ascending order. */
  public int neighbour(int vertex, int k) {
    return neighbours[vertex][k];
  }

  /** The number of edges from a vertex to every other, −1 where there is no way. */
  public int[] distances(int from) {
    int[] distance = new int[neighbours.length];
    Arrays.fill(distance, -1);
    distance[from] = 0;
    int[] queue = new int[neighbours.length];
    queue[0] = from;
    int end = 1;
    for (int at = 0; at < end; at++) {
      for (int next : neighbours[queue[at]]) {
        if (distance[next] < 0) {
          distance[next] = distance[queue[at]] + 1;
          queue[end++] = next;
        }
      }
    }
    return distance;
  }
}
