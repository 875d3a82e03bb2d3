package org.rgflow.kernels;

/**
 * Cluster updates of the signs in S = Σ [ −h Σ_μ φφ₊ + u φ² + g φ⁴ ] at fixed |φ|: an Ising model with
 * couplings J = h|φφ₊| on its links (Brower &amp; Tamayo 1989), whose Fortuin–Kasteleyn bonds are set with
 * probability 1 − e^(−2J) = 1 − e^(−2hφφ₊) where φφ₊ &gt; 0, and never elsewhere.
 *
 * <p>The link from site x to x+1 is number 0 of site x, the one to y+1 number 1. On a side of length 2
 * both links between two sites have their own numbers. A link's bond is set if −ln w &lt; 2hφφ₊, where w
 * is word 0 or 1 of the counter of its site's element.
 */
public final class ClusterKernels {
  static final int COIN = 4;
  private static final int STAYS = -1;

  private ClusterKernels() {}

  /**
   * The Swendsen–Wang bonds of one element (Swendsen &amp; Wang 1987), and the coin that decides whether a
   * cluster with its root here is flipped.
   *
   * @param bonds per element: bits 0 and 1 the bonds of its links 0 and 1, bit 2 the coin
   */
  public static void bonds(
      int element, float[] field, int[] bonds, float h, int[] stream, int streamId, int lx, int ly, int lanes) {
    int width = lx * lanes;
    int row = element / width;
    int j = element - row * width;
    int block = row / ly;
    int y = row - block * ly;
    int up = (y == ly - 1 ? block * ly : row + 1) * width + j;
    int right = j >= width - lanes ? element - (width - lanes) : element + lanes;
    float f = 2f * h * field[element];
    int x0 = -PhiloxKernels.logUniform(PhiloxKernels.word(0, element, streamId, stream)) < f * field[right] ? 1 : 0;
    int y0 = -PhiloxKernels.logUniform(PhiloxKernels.word(1, element, streamId, stream)) < f * field[up] ? 2 : 0;
    bonds[element] = x0 | y0 | (PhiloxKernels.word(2, element, streamId, stream) & COIN);
  }

  /**
   * Joins the bonds of one replica (item = block·lanes + lane) into clusters and flips those whose coin
   * says so: union–find in which every root is its cluster's first site (Hoshen &amp; Kopelman 1976),
   * with path halving.
   *
   * @param parent work, sites per replica including padding, {@code [item][site]}
   */
  public static void flipClusters(int item, float[] field, int[] bonds, int[] parent, int lx, int ly, int lanes) {
    int sites = lx * ly;
    int first = item * sites;
    int block = item / lanes;
    int base = block * sites * lanes + item - block * lanes;
    for (int site = 0; site < sites; site++) {
      parent[first + site] = site;
    }
    int site = 0;
    for (int y = 0; y < ly; y++) {
      int above = y == ly - 1 ? site - y * lx : site + lx;
      for (int x = 0; x < lx; x++) {
        int bond = bonds[base + site * lanes];
        if ((bond & 1) != 0) {
          join(parent, first, site, x == lx - 1 ? site - x : site + 1);
        }
        if ((bond & 2) != 0) {
          join(parent, first, site, above);
        }
        site++;
        above++;
      }
    }
    for (site = 0; site < sites; site++) {
      int at = base + site * lanes;
      int root = parent[first + site];
      // Roots come before their clusters, so a parent has its decision already.
      int decision = root == site ? STAYS - ((bonds[at] >> 2) & 1) : parent[first + root];
      parent[first + site] = decision;
      field[at] = (float) (3 + 2 * decision) * field[at]; // ±1, without a branch that nothing can predict
    }
  }

  private static void join(int[] parent, int first, int a, int b) {
    int rootA = root(parent, first, a);
    int rootB = root(parent, first, b);
    if (rootA < rootB) {
      parent[first + rootB] = rootA;
    } else {
      parent[first + rootA] = rootB;
    }
  }

  private static int root(int[] parent, int first, int site) {
    int s = site;
    int p = parent[first + s];
    while (p != s) {
      int grandparent = parent[first + p];
      parent[first + s] = grandparent;
      s = grandparent;
      p = parent[first + s];
    }
    return s;
  }

  /**
   * Grows and flips {@code clusters[0]} Wolff clusters (Wolff 1989) of one replica (item =
   * block·lanes + lane), one after another, each from a random site. A site is flipped when it joins, so
   * its sign also marks it; the work is proportional to the cluster, and every link is tried at most
   * once. Cluster c draws its bonds from stream {@code streamId + c} and its first site from word 0 of
   * counter {@code item} in stream {@code seedStreamId + c}.
   *
   * @param stack work, sites per replica including padding, {@code [item][site]}
   * @param flipped per replica: increased by the number of sites flipped
   */
  public static void wolff(int item, float[] field, int[] stack, double[] flipped, int[] clusters, float h,
      int[] stream, int streamId, int seedStreamId, int lx, int ly, int lanes) {
    int sites = lx * ly;
    int first = item * sites;
    int block = item / lanes;
    int base = block * sites * lanes + item - block * lanes;
    int count = 0;
    for (int cluster = 0; cluster < clusters[0]; cluster++) {
      int id = streamId + cluster;
      int seed = PhiloxKernels.multiplyHigh(PhiloxKernels.word(0, item, seedStreamId + cluster, stream), sites);
      field[base + seed * lanes] = -field[base + seed * lanes];
      stack[first] = seed;
      int top = 1;
      while (top > 0) {
        top--;
        count++;
        int site = stack[first + top];
        int y = site / lx;
        int x = site - y * lx;
        // The site is flipped already: with its old sign, 2hφφ' = f·φ'.
        float f = -2f * h * field[base + site * lanes];
        for (int direction = 0; direction < 4; direction++) {
          int other;
          int owner;
          if (direction == 0) {
            other = x == lx - 1 ? site - x : site + 1;
            owner = site;
          } else if (direction == 1) {
            other = y == ly - 1 ? x : site + lx;
            owner = site;
          } else if (direction == 2) {
            other = x == 0 ? site + (lx - 1) : site - 1;
            owner = other;
          } else {
            other = y == 0 ? site + (ly - 1) * lx : site - lx;
            owner = other;
          }
          int at = base + other * lanes;
          float twoJ = f * field[at];
          if (twoJ > 0f) {
            int word = PhiloxKernels.word(direction & 1, base + owner * lanes, id, stream);
            if (-PhiloxKernels.logUniform(word) < twoJ) {
              field[at] = -field[at];
              stack[first + top] = other;
              top++;
            }
          }
        }
      }
    }
    flipped[item] += count;
  }
}
