package org.rgflow.flow;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.rgflow.text.NearestName;

/** Integrators of the Wegner–Morris Langevin equation; see {@link WegnerMorrisFlow} for the formulas. */
public enum FlowIntegrator {
  /** Euler–Maruyama: weak order 1. */
  EULER_MARUYAMA("euler-maruyama", 1),
  /** Stochastic Heun: Euler–Maruyama as predictor, the trapezoidal rule as corrector; weak order 2. */
  STOCHASTIC_HEUN("stochastic-heun", 2),
  /** Linear part and noise exact, the rest by an exponential Heun rule: weak order 2, exact if Ŝ is free. */
  EXPONENTIAL("exponential", 2);

  private final String label;
  private final int order;

  FlowIntegrator(String label, int order) {
    this.label = label;
    this.order = order;
  }

  /** The name on the command line. */
  public String label() {
    return label;
  }

  /** Weak order p: expectation values have errors of O(h^p). */
  public int order() {
    return order;
  }

  public static List<String> labels() {
    return Arrays.stream(values()).map(FlowIntegrator::label).toList();
  }

  /**
   * Reads a label.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  public static FlowIntegrator parse(String text) {
    String name = text.trim().toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(i -> i.label.equals(name)).findFirst().orElseThrow(
        () -> new IllegalArgumentException(NearestName.message("integrator", text, labels())));
  }
}
