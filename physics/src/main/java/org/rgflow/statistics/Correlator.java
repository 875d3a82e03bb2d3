package org.rgflow.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Estimates from the time-slice correlator G(t) = ⟨(1/T) Σ_s φ̃(s) φ̃(s+t)⟩ of a periodic extent T, where
 * φ̃(s) is the sum (or average) of the field over slice s: zero transverse momentum. Any factor common
 * to all t drops out of the masses. Nothing is subtracted: ⟨φ⟩ = 0 by symmetry.
 *
 * <p>The values are supplied as {@code slices[(measurement * replicas + replica) * (T/2 + 1) + t]},
 * t = 0 … ⌊T/2⌋; the rest follows from G(T−t) = G(t).
 *
 * <p>Effective mass: m(t) = arcosh((G(t+1) + G(t−1))/(2G(t))), exact for G ∝ cosh(m(t − T/2)) at every t
 * (also across the middle, by periodicity); NaN where noise makes the argument smaller than 1.
 */
public final class Correlator {
  private static final int BLOCKS_PER_REPLICA = 10;

  private final int extent;
  private final TimeSeries[] slices;

  /**
   * @param extent T ≥ 2, the number of slices
   * @param slices one correlator per measurement and replica, as above
   * @throws IllegalArgumentException if the number of values does not fit
   */
  public Correlator(int extent, int replicas, double[] slices) {
    if (extent < 2 || replicas < 1) {
      throw new IllegalArgumentException(extent + " slices of " + replicas
          + " replicas: there must be at least 2 of 1");
    }
    int separations = extent / 2 + 1;
    if (slices.length == 0 || slices.length % (separations * replicas) != 0) {
      throw new IllegalArgumentException(slices.length + " values are not a multiple of " + replicas
          + " replicas times " + separations + " separations");
    }
    this.extent = extent;
    this.slices = new TimeSeries[separations];
    int rows = slices.length / separations;
    for (int t = 0; t < separations; t++) {
      double[] values = new double[rows];
      for (int i = 0; i < rows; i++) {
        values[i] = slices[i * separations + t];
      }
      this.slices[t] = TimeSeries.interleaved(values, replicas);
    }
  }

  /** G(t) for t = 0 … ⌊T/2⌋. */
  public List<Estimate> correlator() {
    GammaMethod method = new GammaMethod();
    List<Estimate> estimates = new ArrayList<>();
    for (TimeSeries slice : slices) {
      estimates.add(method.primary(slice));
    }
    return estimates;
  }

  /** m(t) for t = 1 … ⌊T/2⌋; element 0 of the list is m(1). */
  public List<Estimate> effectiveMass() {
    GammaMethod method = new GammaMethod();
    List<Estimate> estimates = new ArrayList<>();
    for (int t = 1; t <= extent / 2; t++) {
      TimeSeries[] three = {slices[t - 1], slices[t], slices[folded(t + 1)]};
      estimates.add(method.derived(g -> mass(g[0], g[1], g[2]), three));
    }
    return estimates;
  }

  /**
   * The inverse correlation length 1/ξ as the mean effective mass over all separations, 1/(T−1) Σ_{t=1}^{T−1} m(t)
   * (Albergo, Kanwar and Shanahan, 1904.12072; Gerdes et al., 2207.00283), with the Γ-method.
   */
  public Estimate inverseCorrelationLength() {
    return new GammaMethod().derived(meanMass(), slices);
  }

  /** {@link #inverseCorrelationLength} by the jackknife. */
  public Estimate inverseCorrelationLength(Jackknife jackknife) {
    return jackknife.derived(meanMass(), slices);
  }

  /**
   * T/ξ with the ξ of {@link #inverseCorrelationLength}, by the jackknife with {@value #BLOCKS_PER_REPLICA} blocks
   * of each replica, which must be longer than the autocorrelation time. The Γ-method would evaluate the masses
   * at the means of single replicas and several standard errors away from the mean, where the arcosh of large
   * separations need not exist.
   */
  public Estimate extentOverCorrelationLength() {
    int replicas = slices[0].replicas();
    Estimate mass = inverseCorrelationLength(new Jackknife(BLOCKS_PER_REPLICA * replicas));
    return new Estimate(extent * mass.mean(), extent * mass.error(), extent * mass.errorOfError(), mass.tauInt(),
        mass.tauIntError(), mass.window(), mass.consistency(), mass.samples(), mass.windowFound());
  }

  private ToDoubleFunction<double[]> meanMass() {
    return g -> {
      double sum = 0;
      for (int t = 1; t < extent; t++) {
        sum += mass(g[folded(t - 1)], g[folded(t)], g[folded(t + 1)]);
      }
      return sum / (extent - 1);
    };
  }

  private int folded(int t) {
    int inside = t % extent;
    return Math.min(inside, extent - inside);
  }

  private static double mass(double before, double at, double after) {
    double x = (before + after) / (2 * at);
    return Math.log(x + Math.sqrt(x * x - 1));
  }
}
