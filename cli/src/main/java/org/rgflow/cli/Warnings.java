package org.rgflow.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.rgflow.lattice.Ensemble;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.Observables;

/** Reasons not to trust the numbers of a sampling run, one line each. */
final class Warnings {
  private static final double LOW_ACCEPTANCE = 0.01;
  private static final int FEW_MEASUREMENTS = 50;
  /** So many rejections in a row are no accident of a usual acceptance. */
  private static final int SEVERAL_MEASUREMENTS = 10;

  private Warnings() {}

  /** @param settled whether the automatic thermalisation found the means settled */
  static List<String> of(Ensemble ensemble, Map<String, Estimate> observables, boolean settled) {
    List<String> warnings = new ArrayList<>();
    if (ensemble.acceptance() < LOW_ACCEPTANCE) {
      warnings.add(String.format(Locale.ROOT, "acceptance %.2g: the chains hardly move; use a smaller step size or a"
          + " longer thermalisation, which tunes it", ensemble.acceptance()));
    }
    long frozen = frozen(ensemble);
    if (frozen == ensemble.replicas() || frozen > 0 && ensemble.measurements() >= SEVERAL_MEASUREMENTS) {
      warnings.add("the fields of " + frozen + " of " + ensemble.replicas()
          + " replicas never changed while measuring");
    }
    if (!settled) {
      warnings.add("the means had not settled after " + ensemble.thermalisation() + " updates of thermalisation: the"
          + " chains move slowly; use a larger step size, another sampler, or more --configurations");
    }
    if (ensemble.measurements() < FEW_MEASUREMENTS) {
      warnings.add(String.format(Locale.ROOT, "only %d %s per replica: errors are rough below %d; use more"
          + " --configurations or fewer --replicas", ensemble.measurements(),
          ensemble.measurements() == 1 ? "measurement" : "measurements", FEW_MEASUREMENTS));
    }
    List<String> tooShort = observables.entrySet().stream().filter(e -> Reports.unreliable(e.getValue()))
        .map(Map.Entry::getKey).toList();
    if (!tooShort.isEmpty()) {
      warnings.add("too short for the autocorrelation of " + String.join(", ", tooShort)
          + ": the true errors are larger");
    }
    return warnings;
  }

  /** How many replicas have the same φ² in every measurement; 0 if there is only one measurement. */
  private static long frozen(Ensemble ensemble) {
    double[] phi2 = ensemble.series(Observables.PHI2);
    int replicas = ensemble.replicas();
    if (phi2.length <= replicas) {
      return 0;
    }
    long frozen = 0;
    for (int r = 0; r < replicas; r++) {
      int i = r + replicas;
      while (i < phi2.length && phi2[i] == phi2[r]) {
        i += replicas;
      }
      frozen += i >= phi2.length ? 1 : 0;
    }
    return frozen;
  }
}
