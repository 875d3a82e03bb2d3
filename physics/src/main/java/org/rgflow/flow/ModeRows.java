package org.rgflow.flow;

import org.rgflow.lattice.Lattice;
import org.rgflow.spectral.LatticeModes;

/**
 * Rows of coefficients that depend on a mode's frequencies alone: computed in double once for every
 * (f_x, f_y), spread over the modes in float.
 */
final class ModeRows {
  private final int[] pair;
  private final double[] momentum2;

  ModeRows(Lattice lattice) {
    LatticeModes modes = new LatticeModes(lattice);
    int width = lattice.lx() / 2 + 1;
    momentum2 = new double[width * (lattice.ly() / 2 + 1)];
    pair = new int[modes.size()];
    for (int mode = 0; mode < pair.length; mode++) {
      pair[mode] = modes.frequencyY(mode) * width + modes.frequencyX(mode);
      momentum2[pair[mode]] = modes.energy(mode);
    }
  }

  /** p̂² of every frequency pair. */
  double[] momentum2() {
    return momentum2;
  }

  int pairs() {
    return momentum2.length;
  }

  int modes() {
    return pair.length;
  }

  void spread(double[] values, float[] row) {
    for (int mode = 0; mode < pair.length; mode++) {
      row[mode] = (float) values[pair[mode]];
    }
  }
}
