package org.rgflow.validation;

import org.rgflow.device.Device;

/** The suite {@code transport}: the RG flow of interacting fields as a gradient flow of relative entropy. */
public final class TransportSuite {
  public static final String NAME = "transport";
  /** The seed of all Monte Carlo checks of the suite. */
  public static final long SEED = 20220225;

  private TransportSuite() {}

  /** The suite on the library itself. */
  public static Suite of(Effort effort, Device device) {
    return of(effort, device, Subject.LIBRARY);
  }

  /** The suite on other parts than the library's. */
  public static Suite of(Effort effort, Device device, Subject subject) {
    MonteCarlo setting = new MonteCarlo(subject, effort, device, SEED);
    Suite suite = new Suite(NAME, setting.describe(NAME)).describe("The RG flow as optimal transport",
        "Polchinski’s and Wegner and Morris’ equations move a probability density down the slope of a relative "
            + "entropy, in the metric of optimal transport. For Gaussians that is a matter of closed forms; here it is "
            + "measured for interacting modes, in the broken phase too, with four independent methods that must give "
            + "one density, and for φ⁴ on lattices. The solvers of optimal transport themselves are held against "
            + "problems whose answer is known: by symmetry, in closed form, or by a proof that comes with it.");
    DensityChecks density = new DensityChecks(setting);
    DissipationChecks dissipation = new DissipationChecks(setting);
    density.addTo(suite);
    dissipation.addTo(suite);
    new SteepestDescentChecks(setting).addTo(suite);
    new SeedActionChecks(setting, density, dissipation).addTo(suite);
    new LatticeDissipationChecks(setting).addTo(suite);
    new SolverChecks().addTo(suite);
    return suite;
  }
}
