package org.rgflow.statistics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;

/**
 * The standard observables of the φ⁴ theory, in the convention of the field, from the time series of
 * the measurement, with errors of the Γ-method ({@link GammaMethod}) or another {@link Estimator}. V is the number of
 * sites.
 *
 * <table>
 * <caption>Series that are read: one value per measurement and replica</caption>
 * <tr><td>{@link #M}</td><td>mean field Σ_x φ / V, with its sign</td></tr>
 * <tr><td>{@link #PHI2}, {@link #PHI4}</td><td>site averages of φ², φ⁴</td></tr>
 * <tr><td>{@link #GRADIENT2}</td><td>site average of Σ_μ (φ(x+μ)−φ(x))²</td></tr>
 * <tr><td>{@link #GKX}, {@link #GKY}</td><td>|Σ_x φ e^(−ikx)|²/V at k = (2π/L_x, 0), (0, 2π/L_y)</td></tr>
 * </table>
 *
 * <table>
 * <caption>Estimates, in this order</caption>
 * <tr><td>phi2, phi4</td><td>⟨φ²⟩, ⟨φ⁴⟩</td></tr>
 * <tr><td>absMagnetization, magnetization</td><td>⟨|m|⟩, ⟨m⟩</td></tr>
 * <tr><td>susceptibility</td><td>χ = V⟨m²⟩, nothing subtracted</td></tr>
 * <tr><td>binder</td><td>U4 = 1 − ⟨m⁴⟩/(3⟨m²⟩²)</td></tr>
 * <tr><td>correlationLength2nd</td><td>ξ = √(χ/G(k_min) − 1)/(2 sin(π/L)), L the longer side and
 * k_min along it; on a square lattice G is the average of both directions. NaN where χ &lt; G(k_min),
 * which noise can do on short correlation lengths, and where G(k_min) is only rounding, because a flow has taken
 * this mode away</td></tr>
 * <tr><td>schwingerDyson</td><td>⟨φ ∂S/∂φ⟩ per site = h⟨gradient2⟩ + (2u−4h)⟨φ²⟩ + 4g⟨φ⁴⟩, which is 1 exactly in
 * the ensemble of the action (not after a flow)</td></tr>
 * <tr><td>actionDensity</td><td>⟨S⟩/V = (h/2)⟨gradient2⟩ + (u−2h)⟨φ²⟩ + g⟨φ⁴⟩</td></tr>
 * </table>
 *
 * <p>h, u, g are those of {@link Phi4Action}: Σ_x Σ_μ φφ(x+μ) = V (2 φ² − gradient2/2).
 */
public final class Observables {
  public static final String M = "m";
  public static final String PHI2 = "phi2";
  public static final String PHI4 = "phi4";
  public static final String GRADIENT2 = "gradient2";
  public static final String GKX = "gkx";
  public static final String GKY = "gky";

  /** What of χ may appear in another mode since fields are in single precision, with a wide margin. */
  private static final double ROUNDING = 0x1p-40;

  private Observables() {}

  /** {@link #evaluate(Map, int, Lattice, Phi4Action)} for the series of an ensemble. */
  public static LinkedHashMap<String, Estimate> evaluate(Ensemble ensemble) {
    return evaluate(ensemble.series(), ensemble.replicas(), ensemble.lattice(), ensemble.action());
  }

  /** {@link #evaluate(Map, int, Lattice, Phi4Action, Estimator)} by the Γ-method. */
  public static LinkedHashMap<String, Estimate> evaluate(Map<String, double[]> series, int replicas, Lattice lattice,
      Phi4Action action) {
    return evaluate(series, replicas, lattice, action, new GammaMethod());
  }

  /**
   * @param series by name, each {@code [measurement * replicas + replica]}
   * @param method how means and errors are estimated
   * @return the estimates by name, in the order of the class comment
   * @throws IllegalArgumentException if a series is missing, empty, or of another length than the others
   */
  public static LinkedHashMap<String, Estimate> evaluate(Map<String, double[]> series, int replicas, Lattice lattice,
      Phi4Action action, Estimator method) {
    TimeSeries m = read(series, M, replicas);
    TimeSeries phi2 = read(series, PHI2, replicas);
    TimeSeries phi4 = read(series, PHI4, replicas);
    TimeSeries gradient2 = read(series, GRADIENT2, replicas);
    TimeSeries gkx = read(series, GKX, replicas);
    TimeSeries gky = read(series, GKY, replicas);
    TimeSeries.requireSameShape(m, phi2, phi4, gradient2, gkx, gky);
    TimeSeries m2 = m.map(x -> x * x);
    TimeSeries m4 = m.map(x -> x * x * x * x);
    double h = action.hopping();
    double u = action.quadratic();
    double g = action.quartic();

    LinkedHashMap<String, Estimate> estimates = new LinkedHashMap<>();
    estimates.put("phi2", method.primary(phi2));
    estimates.put("phi4", method.primary(phi4));
    estimates.put("absMagnetization", method.primary(m.map(Math::abs)));
    estimates.put("magnetization", method.primary(m));
    estimates.put("susceptibility", method.primary(m2.map(x -> lattice.sites() * x)));
    estimates.put("binder", method.derived(Observables::binder, m2, m4));
    estimates.put("correlationLength2nd",
        method.derived(correlationLength(lattice), m2, minimalMomentum(lattice, gkx, gky)));
    estimates.put("schwingerDyson",
        method.primary(TimeSeries.combination(new double[] {h, 2 * u - 4 * h, 4 * g}, gradient2, phi2, phi4)));
    estimates.put("actionDensity",
        method.primary(TimeSeries.combination(new double[] {0.5 * h, u - 2 * h, g}, gradient2, phi2, phi4)));
    return estimates;
  }

  /** U4 of {⟨m²⟩, ⟨m⁴⟩}. */
  public static double binder(double[] moments) {
    return 1 - moments[1] / (3 * moments[0] * moments[0]);
  }

  /** ξ as a function of {⟨m²⟩, G(k_min)}; NaN where χ &lt; G, or where χ is so much larger that G is rounding. */
  public static ToDoubleFunction<double[]> correlationLength(Lattice lattice) {
    double k = 2 * Math.sin(Math.PI / Math.max(lattice.lx(), lattice.ly()));
    return means -> {
      double susceptibility = lattice.sites() * means[0];
      return means[1] < ROUNDING * susceptibility ? Double.NaN : Math.sqrt(susceptibility / means[1] - 1) / k;
    };
  }

  static TimeSeries minimalMomentum(Lattice lattice, TimeSeries gkx, TimeSeries gky) {
    if (lattice.lx() == lattice.ly()) {
      return TimeSeries.combination(new double[] {0.5, 0.5}, gkx, gky);
    }
    return lattice.lx() > lattice.ly() ? gkx : gky;
  }

  private static TimeSeries read(Map<String, double[]> series, String name, int replicas) {
    double[] values = series.get(name);
    if (values == null) {
      throw new IllegalArgumentException("series '" + name + "' is missing; there are " + series.keySet());
    }
    if (values.length == 0) {
      throw new IllegalArgumentException("series '" + name + "' is empty: nothing was measured");
    }
    return TimeSeries.interleaved(values, replicas);
  }
}
