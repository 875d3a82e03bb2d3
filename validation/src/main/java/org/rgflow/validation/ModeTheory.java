package org.rgflow.validation;

import java.util.List;
import java.util.Locale;
import org.rgflow.flow.RunningCovariance;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.ModeSchedule.Transition;
import org.rgflow.spectral.ModeSchedule.Variable;
import org.rgflow.spectral.Regulators;
import org.rgflow.transport.CellGrid;

/**
 * φ⁴ theory of one mode (p̂² = 4) or two (p̂² = 4 and 8) with C₀ = 5/(p̂²+1), that is 1 and 5/9, and the interaction
 *
 * <pre>  S_int,0 = a |φ|² + b (φ₁⁴ + 6 φ₁² φ₂² + φ₂⁴),</pre>
 *
 * whose quartic part is what Σφ⁴ over the 2×2 lattice leaves of two of its modes. The regulator is the exponential one,
 * and time is τ = 1/Λ², so that C_τ = C₀ e^(−p̂²τ). The seed action is Ŝ = ½ φ C⁻¹ φ + v Σ φ⁴.
 *
 * @param label short name in the names of checks
 * @param modes 1 or 2
 * @param quadratic a
 * @param quartic b &gt; 0
 * @param seedQuartic v ≥ 0; 0 for Polchinski's flow
 * @param end τ at which densities are compared
 * @param reachX density beyond ±reachX is neglected, in mode 1
 * @param reachY the same in mode 2
 */
record ModeTheory(String label, int modes, double quadratic, double quartic, double seedQuartic, double end,
    double reachX, double reachY) {
  /** The golden one: C₀ = 1, S_int,0 = −0.9 φ² + φ⁴/4, to K = e^(−0.7). */
  static final ModeTheory DOUBLE_WELL = new ModeTheory("double-well", 1, -0.9, 0.25, 0, 0.175, 5, 0.5);
  /** Broken phase: wells at ±2, with a barrier of 4 between them. */
  static final ModeTheory BROKEN = new ModeTheory("broken", 1, -2.5, 0.25, 0, 0.175, 5, 0.5);
  /**
   * Broken phase of two modes: wells at φ₁ = ±1.84, shallower ones at φ₂ = ±1.61, K = e^(−0.4) and e^(−0.8) at the end.
   */
  static final ModeTheory TWO_MODES = new ModeTheory("two-modes", 2, -2.2, 0.25, 0, 0.1, 4.8, 4.2);
  /** The double well with a quartic seed action. */
  static final ModeTheory SEEDED = new ModeTheory("wegner-morris", 1, -0.9, 0.25, 0.15, 0.175, 5, 0.5);

  /** Those of Polchinski's flow. */
  static final List<ModeTheory> POLCHINSKI = List.of(DOUBLE_WELL, BROKEN, TWO_MODES);

  /** C_Λ of the modes. */
  static final RunningCovariance COVARIANCE = new RunningCovariance(5, 1, new Regulators.Exponential());

  private static final double[] MOMENTUM2 = {4, 8};

  /** Follows a statement. */
  String where() {
    String interaction = modes == 1
        ? String.format(Locale.ROOT, "one mode, C_0 = 1, S_int,0 = −%sφ² + %sφ⁴", -quadratic, quartic)
        : String.format(Locale.ROOT, "two modes, C_0 = 1 and 5/9, S_int,0 = −%s|φ|² + %s(φ₁⁴ + 6φ₁²φ₂² + φ₂⁴)",
            -quadratic,
            quartic);
    String seed = seedQuartic == 0 ? "" : String.format(Locale.ROOT, ", Ŝ = φ²/(2C) + %sφ⁴", seedQuartic);
    return ", " + interaction + seed;
  }

  double momentum2(int mode) {
    return MOMENTUM2[mode];
  }

  /** Scales are μ = Λ² = 1/τ. */
  ModeSchedule schedule() {
    return modes == 1 ? COVARIANCE.schedule(MOMENTUM2[0]) : COVARIANCE.schedule(MOMENTUM2);
  }

  /** C_τ. */
  double covariance(int mode, double time) {
    return COVARIANCE.bare(MOMENTUM2[mode]) * Math.exp(-MOMENTUM2[mode] * time);
  }

  /** B = −∂_τ C. */
  double noiseRate(int mode, double time) {
    return MOMENTUM2[mode] * covariance(mode, time);
  }

  /** S_0 = ½ φ C₀⁻¹ φ + S_int,0; of one mode, y is ignored. */
  double action(double x, double y) {
    double second = modes == 1 ? 0 : y;
    double square = x * x + second * second;
    return 0.5 * x * x / COVARIANCE.bare(MOMENTUM2[0]) + 0.5 * second * second / COVARIANCE.bare(MOMENTUM2[1])
        + quadratic * square + quartic * (square * square + 4 * x * x * second * second);
  }

  /** ∂S_0/∂φ of a mode. */
  double force(int mode, double x, double y) {
    double here = mode == 0 ? x : y;
    double other = modes == 1 ? 0 : mode == 0 ? y : x;
    return here / COVARIANCE.bare(MOMENTUM2[mode]) + 2 * quadratic * here
        + quartic * here * (4 * here * here + 12 * other * other);
  }

  /** v Σφ⁴, the quartic part of the seed action. */
  double seed(double x, double y) {
    return seedQuartic * (x * x * x * x + (modes == 1 ? 0 : y * y * y * y));
  }

  /** A grid of so many cells along mode 1. */
  CellGrid grid(int cells) {
    return modes == 1 ? CellGrid.line(cells, -reachX, reachX)
        : CellGrid.plane(cells, -reachX, reachX, cells, -reachY, reachY);
  }

  /** The subject's step from the bare field to a time. */
  Transition transition(Subject subject, double time) {
    return subject.transition(schedule(), Double.POSITIVE_INFINITY, 1 / time, Variable.FIELD);
  }

  /** The subject's drift rate b of each mode, per unit of τ. */
  double[] driftRates(Subject subject, double time) {
    double[] rate = new double[modes];
    for (int k = 0; k < modes; k++) {
      rate[k] = subject.driftRate(schedule(), k, 1 / time) / (time * time);
    }
    return rate;
  }

  /** The subject's noise strength B of each mode, per unit of τ. */
  double[] noiseRates(Subject subject, double time) {
    double[] rate = new double[modes];
    for (int k = 0; k < modes; k++) {
      rate[k] = subject.noiseRate(schedule(), k, 1 / time) / (time * time);
    }
    return rate;
  }
}
