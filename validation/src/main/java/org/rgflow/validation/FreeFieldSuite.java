package org.rgflow.validation;

/** The suite {@code free-field}: everything that has a closed form, and samplers and flows of free fields against it. */
public final class FreeFieldSuite {
  public static final String NAME = "free-field";

  private FreeFieldSuite() {}

  /** The suite on the library itself. */
  public static Suite of(Effort effort) {
    return of(effort, ModeRules.LIBRARY);
  }

  /** The suite on other per-mode numbers; for tests of the checks. */
  public static Suite of(Effort effort, ModeRules rules) {
    Suite suite = new Suite(NAME);
    new ModeChecks(rules).addTo(suite);
    return suite;
  }
}
