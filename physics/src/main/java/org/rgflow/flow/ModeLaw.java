package org.rgflow.flow;

import org.rgflow.spectral.ModeSchedule;

/**
 * The exact transition of a flow whose modes are independent Ornstein–Uhlenbeck processes:
 * φ_t(p) = a φ_s(p) + √n ξ. It turns the full propagator G_s into G_t = a² G_s + n, and every higher
 * connected n-point function into its product with Π a(p_i).
 */
public interface ModeLaw {
  /**
   * a and √n of modes of given p̂² between two scales.
   *
   * @throws IllegalArgumentException if {@code to > from}
   */
  ModeSchedule.Transition transition(double[] momentum2, double from, double to);

  /**
   * The constant s(p̂²) that the flow's customary invariant subtracts: (G_t − n)/a² − s = G_0 − s.
   * Polchinski's is (G_t − C_t)/K_t² = G_0 − C_0, that is s = C_0; others subtract nothing.
   */
  double subtraction(double momentum2);
}
