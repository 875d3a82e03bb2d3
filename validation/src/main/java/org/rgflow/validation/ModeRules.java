package org.rgflow.validation;

import org.rgflow.spectral.ModeSchedule;

/**
 * The per-mode numbers of the flow under test, through which the checks of identities see the library.
 * Tests put deliberately wrong ones in their place to show that the checks notice.
 */
public interface ModeRules {
  /** The library's own numbers: {@link ModeSchedule}. */
  ModeRules LIBRARY = new ModeRules() {};

  /** The finite step x ← a x + √n ξ. */
  default ModeSchedule.Transition transition(
      ModeSchedule schedule, double from, double to, ModeSchedule.Variable variable) {
    return schedule.transition(from, to, variable);
  }

  /** The drift rate b of dφ = −b φ dτ + √B dW, τ = −μ: Polchinski's B/C. */
  default double driftRate(ModeSchedule schedule, int mode, double scale) {
    return schedule.noiseRate(mode, scale) / schedule.covariance(mode, scale);
  }

  /** The noise strength B of dφ = −b φ dτ + √B dW, τ = −μ: ∂C/∂μ. */
  default double noiseRate(ModeSchedule schedule, int mode, double scale) {
    return schedule.noiseRate(mode, scale);
  }
}
