package org.rgflow.flow;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rgflow.lattice.Ensemble;
import org.rgflow.statistics.Estimate;

/**
 * What {@link FlowMeasurement} found.
 *
 * @param scheme the flow's name
 * @param start the ensemble before the flow; its invariants are the expected values of the others
 * @param scales one entry for each scale, in the order given
 */
public record FlowReport(String scheme, Scale start, List<Scale> scales) {
  /**
   * The fields at one scale.
   *
   * @param lambda Λ
   * @param observables see {@link org.rgflow.statistics.Observables}; those that are about the bare
   *     action (schwingerDyson, actionDensity) only where the fields have not been flowed
   * @param propagator G(p̂²) of every orbit that was measured
   * @param invariant what the flow preserves of G; empty if the scheme preserves nothing simple (an
   *     interacting seed action) and for the start
   * @param zeroModeCumulant the preserved fourth cumulant of the zero mode, empty as above
   * @param stepError step-size error of the finest integration, O_{h/2} − O_extrapolated, by observable;
   *     empty without extrapolation
   * @param measuredOrder order of that error as seen in ⟨φ²⟩ from three step sizes; empty with fewer
   * @param fields the flowed ensemble, if it was to be kept
   */
  public record Scale(
      double lambda, Map<String, Estimate> observables, List<Point> propagator, List<Invariant> invariant,
      Optional<Invariant> zeroModeCumulant, Map<String, Estimate> stepError, Optional<Estimate> measuredOrder,
      Optional<Ensemble> fields) {}

  /**
   * The propagator of an orbit.
   *
   * @param fx smaller frequency on a square lattice, otherwise the one in x
   * @param fy the other frequency
   * @param momentum2 p̂²
   * @param value G = ⟨|φ(p)|²⟩, φ(p) the orthonormal mode amplitudes, so that the free G is z/(p̂²+m²)
   */
  public record Point(int fx, int fy, double momentum2, Estimate value) {}

  /**
   * A preserved quantity and its test.
   *
   * @param momentum2 p̂²
   * @param value the quantity at this scale
   * @param expected the same at the start, on the same configurations
   * @param difference value − expected, configuration by configuration: its error knows that the two
   *     share their configurations
   * @param rounding bound on what float arithmetic contributes to the difference
   * @param informative whether the difference is known better than to the size of the propagator at the
   *     start; high modes lose their information to the noise as K² falls
   */
  public record Invariant(
      double momentum2, Estimate value, Estimate expected, Estimate difference, double rounding, boolean informative) {
    /** The difference in units of its uncertainty, statistical and rounding errors together. */
    public double sigmas() {
      return difference.mean() / Math.hypot(difference.error(), rounding);
    }
  }
}
