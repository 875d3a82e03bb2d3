package org.rgflow.learned;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.rgflow.lattice.Lattice;
import org.rgflow.spectral.LatticeModes;

/**
 * Kernels that have the symmetries of the lattice: W_xy is a function of x − y that reflections and, on a square
 * lattice, the exchange of the axes leave alone. It has one value for each orbit of distances, and in mode space one
 * eigenvalue for each orbit of modes; there are as many of either. The eigenvalues are
 *
 * <pre>  ŵ(k) = Σ_r w_r Σ_{Δ ∈ r} cos(2π f_x Δ_x/L_x) cos(2π f_y Δ_y/L_y).</pre>
 */
final class KernelOrbits {
  private final int count;
  private final int[] orbitOf;
  private final int[] modes;
  private final int[] start;
  private final int[] sizes;
  private final double[] eigenvalues;

  KernelOrbits(Lattice lattice) {
    List<LatticeModes.Orbit> orbits = new LatticeModes(lattice).orbits();
    count = orbits.size();
    orbitOf = new int[lattice.sites()];
    modes = new int[lattice.sites()];
    start = new int[count + 1];
    for (int k = 0; k < count; k++) {
      int[] members = orbits.get(k).modes();
      start[k + 1] = start[k] + members.length;
      System.arraycopy(members, 0, modes, start[k], members.length);
      for (int mode : members) {
        orbitOf[mode] = k;
      }
    }
    List<List<Integer>> distances = distances(lattice);
    sizes = distances.stream().mapToInt(List::size).toArray();
    eigenvalues = new double[count * count];
    for (int k = 0; k < count; k++) {
      for (int r = 0; r < count; r++) {
        double sum = 0;
        for (int site : distances.get(r)) {
          sum += StrictMath.cos(2 * Math.PI * orbits.get(k).fx() * (site % lattice.lx()) / lattice.lx())
              * StrictMath.cos(2 * Math.PI * orbits.get(k).fy() * (site / lattice.lx()) / lattice.ly());
        }
        eigenvalues[k * count + r] = sum;
      }
    }
  }

  /** The sites of each orbit around the origin, which is the first; ordered by distance. */
  private static List<List<Integer>> distances(Lattice lattice) {
    boolean square = lattice.lx() == lattice.ly();
    TreeMap<Long, List<Integer>> orbits = new TreeMap<>();
    for (int site = 0; site < lattice.sites(); site++) {
      long x = Math.min(site % lattice.lx(), lattice.lx() - site % lattice.lx());
      long y = Math.min(site / lattice.lx(), lattice.ly() - site / lattice.lx());
      long a = square ? Math.min(x, y) : x;
      long b = square ? Math.max(x, y) : y;
      orbits.computeIfAbsent((x * x + y * y) << 32 | a << 16 | b, key -> new ArrayList<>()).add(site);
    }
    return new ArrayList<>(orbits.values());
  }

  /** Number of orbits. */
  int count() {
    return count;
  }

  /** Number of distances in orbit r. */
  int size(int r) {
    return sizes[r];
  }

  /** Orbit of each mode. */
  int[] orbitOf() {
    return orbitOf;
  }

  /** The modes, those of one orbit together. */
  int[] modes() {
    return modes;
  }

  /** Where each orbit begins in {@link #modes}, and their number. */
  int[] start() {
    return start;
  }

  /** Eigenvalue in the modes of orbit k of the kernel that is 1 on the distances of orbit r, [k][r]. */
  double[] eigenvalues() {
    return eigenvalues;
  }
}
