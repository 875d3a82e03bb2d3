package org.rgflow.validation;

/** The suite {@code phi4}: the interacting theory, one mode by quadrature and lattices by exact sums and Monte Carlo. */
public final class Phi4Suite {
  public static final String NAME = "phi4";

  private Phi4Suite() {}

  /** The suite on the library itself. */
  public static Suite of(Effort effort) {
    return of(effort, ModeRules.LIBRARY);
  }

  /** The suite on other per-mode numbers; for tests of the checks. */
  public static Suite of(Effort effort, ModeRules rules) {
    Suite suite = new Suite(NAME);
    new OneModeChecks(rules).addTo(suite);
    ExactLatticeChecks.addTo(suite, effort);
    return suite;
  }
}
