package org.rgflow.learned;

import java.util.List;
import org.rgflow.kernels.ScoreKernels;
import org.rgflow.lattice.Lattice;
import org.rgflow.spectral.LatticeModes;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.Regulators;

/**
 * The exact Polchinski flow of an ensemble from the bare field to white noise, as a score model sees it.
 *
 * <p>Proper-time regulator: C_τ(p) = C₀ K, C₀ = z/(p̂²+M²), K = e^(−τ(p̂²+M²)), τ = 1/Λ² rising from 0, so that every
 * mode, the zero mode included, ends as noise. In the variance-preserving variable the flow is the Langevin equation of
 * the free field,
 *
 * <pre>  y_τ = √K φ₀ + √(C₀(1−K)) ξ,   dy = −½(p̂²+M²) y dτ + √z dW,   φ_τ = √K y_τ.</pre>
 *
 * <p>With the ensemble's own propagator G = ⟨φ₀²⟩ of each mode, Var y = q = KG + C₀(1−K). The whitened field u = y/√q
 * then follows a diffusion in which nothing but the correlation r with the bare mode x₀ = φ₀/√G is left of regulator
 * and covariance,
 *
 * <pre>  u = r x₀ + √(1−r²) ξ,   r² = KG/q,   du = −½ u d(−ln r²) + √(d(−ln r²)) ξ.</pre>
 *
 * <p>The path is measured by s in [0, 1], τ(s) = τ₁ ((1+τ_max/τ₁)^s − 1): linear where the first modes fade, then
 * logarithmic, until the zero mode has K = {@value #LAST}.
 */
public final class ScorePath {
  /** K of the zero mode at the end, where the correlation with the bare field is its root. */
  private static final double LAST = 0.01;
  /** τ₁ in units of 1/(8+M²), the time in which the fastest mode fades. */
  private static final double ONSET = 0.5;
  private static final double HIGHEST = 8;
  /** Chords by which the length of the path is measured. */
  private static final int CHORDS = 4096;

  private final Lattice lattice;
  private final ModeSchedule schedule;
  private final double referenceMass2;
  private final double[] propagator;
  private final double onset;
  private final double logSpan;

  /**
   * A path.
   *
   * @param covarianceFactor z of the field's convention
   * @param referenceMass2 M² &gt; 0
   * @param orbitPropagator G of each orbit of {@link LatticeModes#orbits}, positive
   * @throws IllegalArgumentException if a number is out of its range
   */
  public ScorePath(Lattice lattice, double covarianceFactor, double referenceMass2, double[] orbitPropagator) {
    if (!(referenceMass2 > 0) || !Double.isFinite(referenceMass2)) {
      throw new IllegalArgumentException("the reference mass squared must be a positive number, not " + referenceMass2);
    }
    LatticeModes modes = new LatticeModes(lattice);
    List<LatticeModes.Orbit> orbits = modes.orbits();
    if (orbits.size() != orbitPropagator.length) {
      throw new IllegalArgumentException(
          orbitPropagator.length + " values of the propagator for the " + orbits.size() + " orbits of " + lattice);
    }
    this.lattice = lattice;
    this.referenceMass2 = referenceMass2;
    propagator = new double[modes.size()];
    double[] covariance = new double[modes.size()];
    double[] energy = new double[modes.size()];
    for (int orbit = 0; orbit < orbits.size(); orbit++) {
      double g = orbitPropagator[orbit];
      if (!(g > 0) || !Double.isFinite(g)) {
        throw new IllegalArgumentException("a propagator must be a positive number, not " + g);
      }
      for (int mode : orbits.get(orbit).modes()) {
        propagator[mode] = g;
        energy[mode] = modes.energy(mode) + referenceMass2;
        covariance[mode] = covarianceFactor / energy[mode];
      }
    }
    schedule = new ModeSchedule(covariance, energy, new Regulators.Exponential());
    onset = ONSET / (HIGHEST + referenceMass2);
    logSpan = Math.log1p(-Math.log(LAST) / referenceMass2 / onset);
  }

  public Lattice lattice() {
    return lattice;
  }

  /** M². */
  public double referenceMass2() {
    return referenceMass2;
  }

  /** The flow as exact transitions between scales μ = Λ² = 1/τ, with ε = p̂² + M². */
  public ModeSchedule schedule() {
    return schedule;
  }

  /**
   * What {@link org.rgflow.kernels.ScoreKernels#drawExample} reads of the path.
   *
   * @param excess ⟨g²⟩ of each mode
   */
  double[] table(double[] excess) {
    int sites = lattice.sites();
    double[] table = new double[ScoreKernels.PATH_ROWS * sites + 2];
    for (int k = 0; k < sites; k++) {
      table[k] = propagator[k];
      table[sites + k] = schedule.energy(k);
      table[2 * sites + k] = schedule.referenceCovariance(k);
      table[3 * sites + k] = excess[k];
    }
    table[ScoreKernels.PATH_ROWS * sites] = onset;
    table[ScoreKernels.PATH_ROWS * sites + 1] = logSpan;
    return table;
  }

  /** G of a mode. */
  public double propagator(int mode) {
    return propagator[mode];
  }

  /** τ = 1/Λ² at a place on the path. */
  public double properTime(double s) {
    return onset * Math.expm1(logSpan * s);
  }

  /** Λ, {@link Double#POSITIVE_INFINITY} for s = 0. */
  public double scale(double s) {
    return s == 0 ? Double.POSITIVE_INFINITY : 1 / Math.sqrt(properTime(s));
  }

  /**
   * Ends of steps of equal length on the curve s ↦ (r_1², …, r_V²) in the space of all modes. A step that takes r to r'
   * costs the weight of a path as much as the change r'² − r² of its modes: it takes the reverse kernel for one whose
   * covariance is v = 1 − r²/r'², and so neglects the part ((r'² − r²)/r) ∂f/∂u of it (second order of Tweedie's
   * formula), where ∂f/∂u = r/(1−r²) Cov(g, x₀ | u) is proportional to r, g being the bare force that f expects.
   *
   * @param steps at least 1
   * @return s after 0 … {@code steps} steps, falling from 1 to 0
   */
  public double[] places(int steps) {
    double[] length = new double[CHORDS + 1];
    double[] before = new double[propagator.length];
    for (int i = 0; i <= CHORDS; i++) {
      double sum = 0;
      for (int k = 0; k < before.length; k++) {
        double r = correlation(k, (double) i / CHORDS);
        sum += i == 0 ? 0 : (r * r - before[k]) * (r * r - before[k]);
        before[k] = r * r;
      }
      length[i] = i == 0 ? 0 : length[i - 1] + Math.sqrt(sum);
    }
    double[] places = new double[steps + 1];
    places[0] = 1;
    int chord = CHORDS - 1;
    for (int step = 1; step < steps; step++) {
      double rest = length[CHORDS] * (steps - step) / steps;
      while (length[chord] > rest) {
        chord--;
      }
      places[step] = (chord + (rest - length[chord]) / (length[chord + 1] - length[chord])) / CHORDS;
    }
    return places;
  }

  /** r of a mode. */
  public double correlation(int mode, double s) {
    double logK = logCutoff(mode, s);
    return Math.exp(0.5 * logK) * Math.sqrt(propagator[mode] / variance(mode, logK));
  }

  /** dr/ds of a mode: ½ r (C₀/q) d ln K/ds. */
  public double correlationRate(int mode, double s) {
    double logK = logCutoff(mode, s);
    double rate = -schedule.energy(mode) * onset * logSpan * Math.exp(logSpan * s);
    return 0.5 * correlation(mode, s) * schedule.referenceCovariance(mode) / variance(mode, logK) * rate;
  }

  /** 1 − r² of a mode, without cancellation. */
  public double unresolved(int mode, double s) {
    double logK = logCutoff(mode, s);
    return -schedule.referenceCovariance(mode) * Math.expm1(logK) / variance(mode, logK);
  }

  /** √(q K): the factor by which the whitened mode u is the mode φ_τ of the field at that scale. */
  public double deviation(int mode, double s) {
    double logK = logCutoff(mode, s);
    return Math.exp(0.5 * logK) * Math.sqrt(variance(mode, logK));
  }

  private double logCutoff(int mode, double s) {
    return -schedule.energy(mode) * properTime(s);
  }

  private double variance(int mode, double logK) {
    return Math.exp(logK) * propagator[mode] - schedule.referenceCovariance(mode) * Math.expm1(logK);
  }
}
