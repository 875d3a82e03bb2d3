package org.rgflow.sampler;

import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;

/**
 * A colouring of the sites in which no two neighbours share a colour. Even sides give the two colours
 * of a checkerboard. If a side is odd there are three: with c(x) = x mod 2, but 2 for the last site of
 * an odd side, neighbours within a row or column differ in c, and the colour is (c(x) + c(y)) mod 3.
 */
record Checkerboard(Lattice lattice) {
  int colours() {
    return lattice.lx() % 2 == 0 && lattice.ly() % 2 == 0 ? 2 : 3;
  }

  int colour(int x, int y) {
    return (along(x, lattice.lx()) + along(y, lattice.ly())) % colours();
  }

  private static int along(int x, int side) {
    return x == side - 1 && side % 2 == 1 ? 2 : x % 2;
  }

  /** Elements of a row of {@link #neighbourhood}: a block's 16 or 8 lanes, or single elements if it has others. */
  static int width(FieldLayout layout) {
    int lanes = layout.lanes();
    return lanes == FieldLayout.MAX_LANES || lanes == FieldLayout.MAX_LANES / 2 ? lanes : 1;
  }

  /**
   * The table [5][rows] of a colour: first elements, counted from the first of a block, of the rows of
   * its sites and of their neighbours at x+1, x−1, y+1 and y−1.
   */
  int[] neighbourhood(FieldLayout layout, int colour) {
    int lx = lattice.lx();
    int ly = lattice.ly();
    int sites = 0;
    for (int site = 0; site < lx * ly; site++) {
      sites += colour(site % lx, site / lx) == colour ? 1 : 0;
    }
    int lanes = layout.lanes();
    int width = width(layout);
    int perSite = lanes / width;
    int rows = sites * perSite;
    int[] table = new int[5 * rows];
    int row = 0;
    for (int y = 0; y < ly; y++) {
      for (int x = 0; x < lx; x++) {
        if (colour(x, y) != colour) {
          continue;
        }
        for (int part = 0; part < perSite; part++) {
          int lane = part * width;
          table[row] = site(x, y) * lanes + lane;
          table[rows + row] = site(x + 1 == lx ? 0 : x + 1, y) * lanes + lane;
          table[2 * rows + row] = site(x == 0 ? lx - 1 : x - 1, y) * lanes + lane;
          table[3 * rows + row] = site(x, y + 1 == ly ? 0 : y + 1) * lanes + lane;
          table[4 * rows + row] = site(x, y == 0 ? ly - 1 : y - 1) * lanes + lane;
          row++;
        }
      }
    }
    return table;
  }

  private int site(int x, int y) {
    return y * lattice.lx() + x;
  }
}
