package org.rgflow.flow;

import org.rgflow.device.Device;
import org.rgflow.random.RandomStream;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.ModeTransform;

/**
 * Polchinski's exact RG (J. Polchinski, Nucl. Phys. B 231 (1984) 269) as a diffusion (Cotler &amp;
 * Rezchikov, 2202.11737 and 2308.12355). With seed action Ŝ = ½ φ C_Λ⁻¹ φ and B = −∂_t C, t = −ln Λ,
 *
 * <pre>  dφ(p) = −B C⁻¹ φ dt + √B dW(p),</pre>
 *
 * whose transition kernel is exact for steps of any size, whatever the action of the fields:
 *
 * <pre>  φ_t(p) = a φ_s(p) + √n ξ(p),   a = C_t/C_s,   n = C_t (1 − C_t/C_s).</pre>
 *
 * Preserved: (G_t − C_t)/K_t², and connected n-point functions divided by ΠK_t(p_i). Under the sharp
 * regulator the modes above Λ become exactly 0 and the others stay untouched.
 */
public final class PolchinskiFlow extends LinearFlow {
  private final RunningCovariance covariance;
  private final ModeSchedule schedule;

  /**
   * @param transform the modes, with the layout of the fields
   * @param covariance C_Λ
   * @param stream seed and position of the noise
   */
  public PolchinskiFlow(Device device, ModeTransform transform, RunningCovariance covariance, RandomStream stream) {
    super(device, transform, stream, Noise.WHITE);
    this.covariance = covariance;
    this.schedule = covariance.schedule(momentum2());
  }

  @Override
  public String name() {
    return "polchinski";
  }

  public RunningCovariance covariance() {
    return covariance;
  }

  @Override
  void transition(double from, double to, ModeSchedule.Transition result) {
    schedule.transition(from * from, to * to, ModeSchedule.Variable.FIELD, result);
  }

  @Override
  public ModeSchedule.Transition transition(double[] momentum2, double from, double to) {
    return covariance.schedule(momentum2).transition(from * from, to * to, ModeSchedule.Variable.FIELD);
  }

  @Override
  public double subtraction(double momentum2) {
    return covariance.bare(momentum2);
  }
}
