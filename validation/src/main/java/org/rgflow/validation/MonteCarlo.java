package org.rgflow.validation;

import java.util.Locale;
import java.util.Objects;
import org.rgflow.device.Device;

/**
 * What the Monte Carlo checks of a suite share.
 *
 * @param subject what is under test
 * @param effort how long it may take
 * @param device where it is computed
 * @param seed fixed, so that a suite gives the same numbers on every run
 */
record MonteCarlo(Subject subject, Effort effort, Device device, long seed) {
  MonteCarlo {
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(effort, "effort");
    Objects.requireNonNull(device, "device");
  }

  int choose(int quick, int full) {
    return effort == Effort.QUICK ? quick : full;
  }

  /** The line of a suite's settings. */
  String describe(String suite) {
    return "suite " + suite + ": " + effort.name().toLowerCase(Locale.ROOT) + ", seed " + seed + ", "
        + device.description();
  }

  /** Ends a statement with the seed. */
  String seeded(String statement) {
    return statement + ", seed " + seed;
  }
}
