package org.rgflow.validation;

import org.apache.commons.rng.UniformRandomProvider;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.spectral.Bases;
import org.rgflow.spectral.LatticeModes;

/**
 * Draws of φ_0 given φ_t on a small lattice: a Markov chain for e^(−S(φ) − ½ Σ κ_k (c_k − y_k)²) in the mode
 * coefficients c of φ, κ = a²/n and y = φ_t/a. Started from the φ_0 from which φ_t came, it is in equilibrium from the
 * beginning, and its end is an independent draw once it has forgotten its start.
 *
 * <p>Hybrid Monte Carlo with a mass for every mode, and the reflection φ → −φ as a second proposal.
 */
final class PosteriorChain {
  private static final int TRAJECTORIES = 30;
  private static final int STEPS = 5;
  private static final double STEP = 0.35;

  private final double[] basis;
  private final double[] quadratic;
  private final double lambda;
  private final double stiffness;
  private final UniformRandomProvider random;

  /** @param action GERDES */
  PosteriorChain(Lattice lattice, Phi4Action action, long seed) {
    LatticeModes modes = new LatticeModes(lattice);
    int n = modes.size();
    double[] x = Bases.realFourier(lattice.lx());
    double[] y = Bases.realFourier(lattice.ly());
    basis = new double[n * n];
    quadratic = new double[n];
    for (int k = 0; k < n; k++) {
      quadratic[k] = modes.energy(k) + action.mass2();
      for (int site = 0; site < n; site++) {
        basis[k * n + site] = x[k % lattice.lx() * lattice.lx() + site % lattice.lx()]
            * y[k / lattice.lx() * lattice.ly() + site / lattice.lx()];
      }
    }
    lambda = action.lambda();
    stiffness = 4 * lambda; // of the order of 12 λ⟨φ²⟩ + 2m²: only the efficiency depends on it
    random = new RandomStream(seed).provider(Streams.VALIDATION);
  }

  private double[] field(double[] c) {
    int n = c.length;
    double[] phi = new double[n];
    for (int k = 0; k < n; k++) {
      for (int site = 0; site < n; site++) {
        phi[site] += basis[k * n + site] * c[k];
      }
    }
    return phi;
  }

  /** ∂S/∂c. */
  double[] force(double[] c) {
    int n = c.length;
    double[] phi = field(c);
    double[] force = new double[n];
    for (int k = 0; k < n; k++) {
      force[k] = 2 * quadratic[k] * c[k];
      for (int site = 0; site < n; site++) {
        force[k] += basis[k * n + site] * 4 * lambda * phi[site] * phi[site] * phi[site];
      }
    }
    return force;
  }

  private double energy(double[] c, double[] centre, double[] precision) {
    double sum = 0;
    for (double phi : field(c)) {
      sum += lambda * phi * phi * phi * phi;
    }
    for (int k = 0; k < c.length; k++) {
      sum += quadratic[k] * c[k] * c[k] + 0.5 * precision[k] * (c[k] - centre[k]) * (c[k] - centre[k]);
    }
    return sum;
  }

  /** Moves c, in place, and returns it. */
  double[] run(double[] c, double[] centre, double[] precision) {
    int n = c.length;
    double[] momentum = new double[n];
    double[] mass = new double[n];
    for (int k = 0; k < n; k++) {
      mass[k] = precision[k] + stiffness;
    }
    double[] old = new double[n];
    double energy = energy(c, centre, precision);
    for (int t = 0; t < TRAJECTORIES; t++) {
      System.arraycopy(c, 0, old, 0, n);
      double start = energy;
      for (int k = 0; k < n; k++) {
        momentum[k] = Math.sqrt(mass[k]) * normal();
        start += 0.5 * momentum[k] * momentum[k] / mass[k];
      }
      kick(momentum, c, centre, precision, 0.5 * STEP);
      for (int s = 0; s < STEPS; s++) {
        for (int k = 0; k < n; k++) {
          c[k] += STEP * momentum[k] / mass[k];
        }
        kick(momentum, c, centre, precision, s < STEPS - 1 ? STEP : 0.5 * STEP);
      }
      double proposed = energy(c, centre, precision);
      double end = proposed;
      for (int k = 0; k < n; k++) {
        end += 0.5 * momentum[k] * momentum[k] / mass[k];
      }
      if (random.nextDouble() < Math.exp(start - end)) {
        energy = proposed;
      } else {
        System.arraycopy(old, 0, c, 0, n);
      }
      energy = reflect(c, centre, precision, energy);
    }
    return c;
  }

  private void kick(double[] momentum, double[] c, double[] centre, double[] precision, double step) {
    double[] force = force(c);
    for (int k = 0; k < c.length; k++) {
      momentum[k] -= step * (force[k] + precision[k] * (c[k] - centre[k]));
    }
  }

  /** Proposes −c; S is even. */
  private double reflect(double[] c, double[] centre, double[] precision, double energy) {
    double rise = 0;
    for (int k = 0; k < c.length; k++) {
      rise += 2 * precision[k] * c[k] * centre[k];
    }
    if (random.nextDouble() >= Math.exp(-rise)) {
      return energy;
    }
    for (int k = 0; k < c.length; k++) {
      c[k] = -c[k];
    }
    return energy + rise;
  }

  /** Box and Muller. */
  private double normal() {
    return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
  }
}
