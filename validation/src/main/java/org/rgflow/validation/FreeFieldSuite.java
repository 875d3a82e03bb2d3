package org.rgflow.validation;

import org.rgflow.device.Device;

/**
 * The suite {@code free-field}: everything that has a closed form, and samplers and flows of free fields against it.
 */
public final class FreeFieldSuite {
  public static final String NAME = "free-field";
  /** The seed of all Monte Carlo checks of the suite. */
  public static final long SEED = 20220223;

  private FreeFieldSuite() {}

  /** The suite on the library itself. */
  public static Suite of(Effort effort, Device device) {
    return of(effort, device, Subject.LIBRARY);
  }

  /** The suite on other parts than the library's. */
  public static Suite of(Effort effort, Device device, Subject subject) {
    MonteCarlo setting = new MonteCarlo(subject, effort, device, SEED);
    Suite suite = new Suite(NAME, setting.describe(NAME)).describe("Free fields: everything in closed form",
        "Independent Gaussian modes stay Gaussian along the flow, so that every identity has a closed form: the "
            + "library’s finite steps, rates, entropies and distances must reproduce it to rounding, and its samplers "
            + "and flows of lattice fields within their error bars.");
    new ModeChecks(subject).addTo(suite);
    new FreeFlowChecks(setting).addTo(suite);
    new SamplerChecks(setting).addFreeTo(suite);
    return suite;
  }
}
