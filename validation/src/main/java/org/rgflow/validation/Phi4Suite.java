package org.rgflow.validation;

import org.rgflow.device.Device;

/**
 * The suite {@code phi4}: the interacting theory, one mode by quadrature and lattices by exact sums and Monte Carlo.
 */
public final class Phi4Suite {
  public static final String NAME = "phi4";
  /** The seed of all Monte Carlo checks of the suite. */
  public static final long SEED = 20220701;

  private Phi4Suite() {}

  /** The suite on the library itself. */
  public static Suite of(Effort effort, Device device) {
    return of(effort, device, Subject.LIBRARY);
  }

  /** The suite on other parts than the library's. */
  public static Suite of(Effort effort, Device device, Subject subject) {
    MonteCarlo setting = new MonteCarlo(subject, effort, device, SEED);
    Suite suite = new Suite(NAME, setting.describe(NAME)).describe("φ⁴ theory: the interacting flow",
        "With a quartic interaction nothing stays Gaussian. One mode, a double well, is followed by quadrature; "
            + "lattices of 2×2 and 3×3 sites have exact sums; larger ones are sampled, compared with published "
            + "numbers, and taken along the flow.");
    new OneModeChecks(subject).addTo(suite);
    ExactLatticeChecks.addTo(suite, effort);
    new SamplerChecks(setting).addInteractingTo(suite);
    new LatticeFlowChecks(setting).addTo(suite);
    return suite;
  }
}
