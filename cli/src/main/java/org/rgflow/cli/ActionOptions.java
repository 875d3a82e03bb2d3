package org.rgflow.cli;

import org.rgflow.lattice.ActionConvention;
import org.rgflow.lattice.Phi4Action;
import picocli.CommandLine.Option;

/** The φ⁴ action in one of its conventions. */
final class ActionOptions {
  @Option(
      names = "--action",
      paramLabel = "CONVENTION",
      converter = Converters.ActionConverter.class,
      completionCandidates = Converters.ActionNames.class,
      description = "How --mass2, --kappa and --lambda are to be read, and the field in which observables are given: "
          + "gerdes (sum (d phi)^2 + m^2 phi^2 + lambda phi^4; the default), canonical (the textbook's halves and "
          + "lambda/4), kappa-lambda.")
  private ActionConvention convention;

  @Option(names = "--mass2", paramLabel = "M2", description = "m^2 of gerdes and canonical; may be negative.")
  private Double mass2;

  @Option(names = "--kappa", paramLabel = "K", description = "The hopping parameter of kappa-lambda.")
  private Double kappa;

  @Option(names = "--lambda", paramLabel = "L", description = "The quartic coupling of the convention.")
  private Double lambda;

  /** Whether the user said anything about the action. */
  boolean given() {
    return convention != null || mass2 != null || kappa != null || lambda != null;
  }

  /** @throws IllegalArgumentException if a parameter is missing, superfluous or impossible */
  Phi4Action action() {
    ActionConvention chosen = convention == null ? ActionConvention.GERDES : convention;
    boolean hopping = chosen == ActionConvention.KAPPA_LAMBDA;
    Double first = hopping ? kappa : mass2;
    Double superfluous = hopping ? mass2 : kappa;
    String firstName = hopping ? "--kappa" : "--mass2";
    if (superfluous != null) {
      throw new IllegalArgumentException("--action " + chosen.label() + " takes " + firstName + ", not "
          + (hopping ? "--mass2" : "--kappa"));
    }
    if (first == null || lambda == null) {
      throw new IllegalArgumentException("--action " + chosen.label() + " needs " + firstName + " and --lambda; "
          + (first == null ? firstName : "--lambda") + " is missing");
    }
    return new Phi4Action(chosen, first, lambda);
  }
}
