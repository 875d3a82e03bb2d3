package org.rgflow.learned;

import java.util.Arrays;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.spectral.Bases;
import org.rgflow.spectral.LatticeModes;

/** One field at a time, in double, site by site as the formulas of {@link ContinuousFlow} stand. */
final class ReferenceFlow {
  private final FlowShape shape;
  private final FlowParameters layout;
  private final double[] p;
  private final int[] distance;

  /** @param parameters in the order of {@link FlowParameters} */
  ReferenceFlow(FlowShape shape, FlowParameters layout, double[] parameters) {
    this.shape = shape;
    this.layout = layout;
    this.p = parameters;
    this.distance = distances(shape.lattice());
  }

  /** Orbit of each site around the origin, numbered by distance, then by the smaller coordinate. */
  private static int[] distances(Lattice lattice) {
    int[] keys = new int[lattice.sites()];
    for (int site = 0; site < lattice.sites(); site++) {
      int x = Math.min(site % lattice.lx(), lattice.lx() - site % lattice.lx());
      int y = Math.min(site / lattice.lx(), lattice.ly() - site / lattice.lx());
      boolean swap = lattice.lx() == lattice.ly() && x > y;
      keys[site] = ((x * x + y * y) << 12) + ((swap ? y : x) << 6) + (swap ? x : y);
    }
    int[] sorted = Arrays.stream(keys).distinct().sorted().toArray();
    int[] orbits = new int[keys.length];
    for (int site = 0; site < keys.length; site++) {
      orbits[site] = Arrays.binarySearch(sorted, keys[site]);
    }
    return orbits;
  }

  /** φ̇, and the divergence. */
  double velocity(double[] phi, double t, double[] result) {
    int n = shape.frequencies();
    int features = shape.features();
    int sites = phi.length;
    int lx = shape.lattice().lx();
    int ly = shape.lattice().ly();
    int orbits = Arrays.stream(distance).max().orElseThrow() + 1;
    double mixing = 1 / Math.sqrt(n + 1);
    double[] w = new double[orbits * features];
    for (int d = 0; d < shape.timeChannels(); d++) {
      double k = 0;
      for (int b = 0; b < shape.timeFeatures(); b++) {
        k += p[layout.times + d * shape.timeFeatures() + b] * Math.cos(Math.PI * b * t);
      }
      for (int r = 0; r < orbits; r++) {
        int orbit = r;
        long size = Arrays.stream(distance).filter(other -> other == orbit).count();
        double scale = 0.5 / Math.sqrt((double) shape.timeFeatures() * shape.timeChannels() * features * orbits * size);
        for (int f = 0; f < features; f++) {
          w[r * features + f] += k * scale * p[layout.kernel + (r * shape.timeChannels() + d) * features + f];
        }
      }
    }
    double[] h = new double[sites * features];
    double divergence = 0;
    for (int x = 0; x < sites; x++) {
      for (int f = 0; f < features; f++) {
        double slope = mixing * p[layout.mixing + f * (n + 1) + n];
        double value = slope * phi[x];
        for (int j = 0; j < n; j++) {
          double omega = p[layout.frequencies + j];
          value += mixing * p[layout.mixing + f * (n + 1) + j] * Math.sin(omega * phi[x]);
          slope += mixing * p[layout.mixing + f * (n + 1) + j] * omega * Math.cos(omega * phi[x]);
        }
        h[x * features + f] = value;
        divergence += w[f] * slope;
      }
    }
    for (int x = 0; x < sites; x++) {
      double sum = 0;
      for (int y = 0; y < sites; y++) {
        int dx = Math.floorMod(x % lx - y % lx, lx);
        int dy = Math.floorMod(x / lx - y / lx, ly);
        int r = distance[dy * lx + dx];
        for (int f = 0; f < features; f++) {
          sum += w[r * features + f] * h[y * features + f];
        }
      }
      result[x] = sum;
    }
    return divergence;
  }

  /** Carries φ in place from time 0 to 1, or back; ln |∂φ(1)/∂φ(0)|. */
  double carry(double[] phi, ContinuousFlow.Direction direction) {
    double sign = direction == ContinuousFlow.Direction.GENERATE ? 1 : -1;
    double h = sign / shape.steps();
    double log = 0;
    int sites = phi.length;
    double[][] k = new double[4][sites];
    double[] stage = new double[sites];
    double[] fraction = {0, 0.5, 0.5, 1};
    double[] weight = {1 / 6.0, 1 / 3.0, 1 / 3.0, 1 / 6.0};
    for (int step = 0; step < shape.steps(); step++) {
      double t = (sign > 0 ? 0 : 1) + step * h;
      double[] before = phi.clone();
      for (int s = 0; s < 4; s++) {
        for (int x = 0; x < sites; x++) {
          stage[x] = before[x] + (s == 0 ? 0 : fraction[s] * h * k[s - 1][x]);
        }
        log += Math.abs(h) * weight[s] * velocity(stage, t + fraction[s] * h, k[s]);
        for (int x = 0; x < sites; x++) {
          phi[x] += h * weight[s] * k[s][x];
        }
      }
    }
    return log;
  }

  /** φ(0) of white noise in mode space, in the mode numbering of {@link LatticeModes}. */
  double[] prior(double[] noise) {
    Lattice lattice = shape.lattice();
    KernelOrbits orbits = new KernelOrbits(lattice);
    double[] bx = Bases.realFourier(lattice.lx());
    double[] by = Bases.realFourier(lattice.ly());
    double[] field = new double[lattice.sites()];
    for (int mode = 0; mode < field.length; mode++) {
      double a = noise[mode] * Math.exp(p[layout.prior + orbits.orbitOf()[mode]]);
      for (int site = 0; site < field.length; site++) {
        field[site] += a * bx[mode % lattice.lx() * lattice.lx() + site % lattice.lx()]
            * by[mode / lattice.lx() * lattice.ly() + site / lattice.lx()];
      }
    }
    return field;
  }

  /** White noise in mode space of φ(0): the inverse of {@link #prior}. */
  double[] whiten(double[] field) {
    Lattice lattice = shape.lattice();
    KernelOrbits orbits = new KernelOrbits(lattice);
    double[] bx = Bases.realFourier(lattice.lx());
    double[] by = Bases.realFourier(lattice.ly());
    double[] noise = new double[lattice.sites()];
    for (int mode = 0; mode < noise.length; mode++) {
      for (int site = 0; site < field.length; site++) {
        noise[mode] += field[site] * bx[mode % lattice.lx() * lattice.lx() + site % lattice.lx()]
            * by[mode / lattice.lx() * lattice.ly() + site / lattice.lx()];
      }
      noise[mode] *= Math.exp(-p[layout.prior + orbits.orbitOf()[mode]]);
    }
    return noise;
  }

  /** ln q₀ of white noise in mode space. */
  double logPrior(double[] noise) {
    KernelOrbits orbits = new KernelOrbits(shape.lattice());
    double sum = 0;
    for (int mode = 0; mode < noise.length; mode++) {
      sum -= 0.5 * noise[mode] * noise[mode] + p[layout.prior + orbits.orbitOf()[mode]] + 0.5 * Math.log(2 * Math.PI);
    }
    return sum;
  }

  static double action(double[] phi, Phi4Action action, Lattice lattice) {
    double sum = 0;
    for (int site = 0; site < phi.length; site++) {
      int x = site % lattice.lx();
      int y = site / lattice.lx();
      double f = phi[site];
      double right = phi[y * lattice.lx() + (x + 1) % lattice.lx()];
      double up = phi[(y + 1) % lattice.ly() * lattice.lx() + x];
      sum += action.quadratic() * f * f + action.quartic() * f * f * f * f - action.hopping() * f * (right + up);
    }
    return sum;
  }
}
