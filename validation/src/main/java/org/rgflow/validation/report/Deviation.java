package org.rgflow.validation.report;

import java.util.Optional;
import org.rgflow.validation.Check;

/**
 * How far a measured value is from the expected one.
 *
 * @param text in standard errors, or in percent of the tolerance where nothing is random
 * @param share of the tolerance; infinite if none is tolerated
 */
record Deviation(String text, double share) {
  /** Empty if there is no measured value. */
  static Optional<Deviation> of(Check check) {
    double difference = check.measured() - check.expected();
    if (!Double.isFinite(difference) || !Double.isFinite(check.tolerance())) {
      return Optional.empty();
    }
    double share = difference == 0 ? 0 : Math.abs(difference) / check.tolerance();
    if (check.uncertainty() > 0) {
      double sigmas = difference / check.uncertainty();
      return Optional.of(new Deviation((sigmas < 0 ? "−" : "+") + Numbers.digits(Math.abs(sigmas), 2) + " σ", share));
    }
    if (Double.isInfinite(share)) {
      return Optional.of(new Deviation(Numbers.rough(difference), share));
    }
    String percent = share == 0 ? "none" : share < 1e-3 ? "< 0.1\u00A0%" : Numbers.digits(100 * share, 2) + "\u00A0%";
    return Optional.of(new Deviation(percent, share));
  }
}
