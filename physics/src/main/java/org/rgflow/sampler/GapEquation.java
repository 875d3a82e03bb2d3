package org.rgflow.sampler;

import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.spectral.LatticeModes;

/**
 * The Gaussian theory nearest to an action in the sense of Hartree: the mass M² of
 *
 * <pre>  M² = m² + (12 g/h) ⟨φ²⟩_M,   ⟨φ²⟩_M = (1/V) Σ_p 1/(h (p̂²+M²)),</pre>
 *
 * at which the remaining local action ½h(m²−M²)φ² + gφ⁴ has no curvature on average. It has one
 * positive solution for every m² if g > 0; for g = 0 it is m².
 */
record GapEquation(double mass2, double phi2) {
  private static final int MAX_STEPS = 200;

  static GapEquation solve(Phi4Action action, Lattice lattice) {
    double h = action.hopping();
    double bare = action.mass2();
    double strength = 12 * action.quartic() / (h * h);
    double[] energies = new LatticeModes(lattice).energies();
    int v = energies.length;
    // M² − m² − strength·⟨1/(p̂²+M²)⟩ increases and is concave in M², so Newton's method climbs to its
    // zero from below; the zero mode alone gives a lower bound.
    double zeroMode = strength / v;
    double root = Math.sqrt(bare * bare + 4 * zeroMode);
    double x = bare > 0 ? 0.5 * (bare + root) : 2 * zeroMode / (root - bare);
    double inverse = 0;
    for (int step = 0; step < MAX_STEPS; step++) {
      inverse = 0;
      double square = 0;
      for (double p2 : energies) {
        double c = 1 / (p2 + x);
        inverse += c;
        square += c * c;
      }
      inverse /= v;
      double change = (bare + strength * inverse - x) / (1 + strength * square / v);
      x += change;
      if (change <= 1e-12 * x) {
        break;
      }
    }
    return new GapEquation(x, inverse / h);
  }
}
