package org.rgflow.spectral;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;

/**
 * The modes of a periodic lattice in the real Fourier basis of {@link ModeTransform}: mode (jx, jy) has
 * index {@code jy * lx + jx}, frequencies f = ⌈j/2⌉ and the lattice momentum squared
 * p̂² = 4 sin²(πf_x/L_x) + 4 sin²(πf_y/L_y).
 */
public final class LatticeModes {
  /**
   * Modes related by the symmetries of the lattice: reflections, translations by a phase, and on a
   * square lattice the exchange of the axes. Their coefficients have equal variances in every
   * symmetric ensemble: for such an orbit G(p̂²) = ⟨c²⟩, averaged over its modes.
   *
   * @param fx smaller frequency on a square lattice, otherwise the one in x
   * @param fy the other frequency
   * @param momentum2 p̂²
   * @param modes indices of its modes, ascending
   */
  public record Orbit(int fx, int fy, double momentum2, int[] modes) {
    /** Mean of (mode coefficient)² over the orbit and the replicas {@code 0 … replicas−1} of a buffer. */
    public double meanSquare(float[] coefficients, FieldLayout layout) {
      double sum = 0;
      for (int replica = 0; replica < layout.replicas(); replica++) {
        sum += meanSquare(coefficients, layout, replica);
      }
      return sum / layout.replicas();
    }

    /** Mean of (mode coefficient)² over the orbit for one replica. */
    public double meanSquare(float[] coefficients, FieldLayout layout, int replica) {
      double sum = 0;
      for (int mode : modes) {
        double c = coefficients[layout.index(replica, mode)];
        sum += c * c;
      }
      return sum / modes.length;
    }
  }

  /**
   * Modes of equal p̂², which are one orbit, or several that coincide by accident.
   *
   * @param momentum2 p̂²
   * @param modes indices of its modes, ascending
   */
  public record Shell(double momentum2, int[] modes) {}

  private final Lattice lattice;
  private final double[] energies;
  private final int[] fx;
  private final int[] fy;

  public LatticeModes(Lattice lattice) {
    this.lattice = lattice;
    int lx = lattice.lx();
    int sites = lattice.sites();
    energies = new double[sites];
    fx = new int[sites];
    fy = new int[sites];
    for (int mode = 0; mode < sites; mode++) {
      fx[mode] = (mode % lx + 1) / 2;
      fy[mode] = (mode / lx + 1) / 2;
      energies[mode] = momentum2(fx[mode], fy[mode]);
    }
  }

  public Lattice lattice() {
    return lattice;
  }

  /** Number of modes, equal to the number of sites. */
  public int size() {
    return energies.length;
  }

  /** p̂² of each mode (a copy). */
  public double[] energies() {
    return energies.clone();
  }

  public double energy(int mode) {
    return energies[mode];
  }

  /** f_x ≥ 0 of a mode. */
  public int frequencyX(int mode) {
    return fx[mode];
  }

  /** f_y ≥ 0 of a mode. */
  public int frequencyY(int mode) {
    return fy[mode];
  }

  /** p̂² = 4 sin²(πf_x/L_x) + 4 sin²(πf_y/L_y); on a square lattice symmetric in its arguments to the last bit. */
  public double momentum2(int frequencyX, int frequencyY) {
    double sx = 2 * Math.sin(Math.PI * frequencyX / lattice.lx());
    double sy = 2 * Math.sin(Math.PI * frequencyY / lattice.ly());
    return sx * sx + sy * sy;
  }

  /** Every orbit once, ordered by p̂² (then by f_x). */
  public List<Orbit> orbits() {
    boolean square = lattice.lx() == lattice.ly();
    TreeMap<Long, List<Integer>> members = new TreeMap<>();
    for (int mode = 0; mode < energies.length; mode++) {
      int a = square ? Math.min(fx[mode], fy[mode]) : fx[mode];
      int b = square ? Math.max(fx[mode], fy[mode]) : fy[mode];
      members.computeIfAbsent((long) a << 32 | b, key -> new ArrayList<>()).add(mode);
    }
    List<Orbit> orbits = new ArrayList<>(members.size());
    members.forEach((key, modes) -> {
      int a = (int) (key >> 32);
      int b = key.intValue();
      orbits.add(new Orbit(a, b, momentum2(a, b), modes.stream().mapToInt(Integer::intValue).toArray()));
    });
    orbits.sort(Comparator.comparingDouble(Orbit::momentum2).thenComparingInt(Orbit::fx));
    return List.copyOf(orbits);
  }

  /**
   * The orbits merged where p̂² agrees within a tolerance, ordered by p̂².
   *
   * @param tolerance largest difference between neighbouring orbits of a shell, for instance 1e-12
   */
  public List<Shell> shells(double tolerance) {
    List<Shell> shells = new ArrayList<>();
    List<Orbit> open = new ArrayList<>();
    for (Orbit orbit : orbits()) {
      if (!open.isEmpty() && orbit.momentum2() - open.getLast().momentum2() > tolerance) {
        shells.add(shell(open));
        open.clear();
      }
      open.add(orbit);
    }
    shells.add(shell(open));
    return List.copyOf(shells);
  }

  private static Shell shell(List<Orbit> orbits) {
    int[] modes = orbits.stream().flatMapToInt(o -> Arrays.stream(o.modes())).sorted().toArray();
    return new Shell(orbits.getFirst().momentum2(), modes);
  }
}
