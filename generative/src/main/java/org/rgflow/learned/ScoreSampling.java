package org.rgflow.learned;

/**
 * How a score model generates.
 *
 * @param method the equation that is solved
 * @param likelihood how the divergence of {@link Method#ODE} is found; {@link Method#SDE} needs none
 * @param steps from white noise to the bare field, 2 to 1,000,000
 */
public record ScoreSampling(Method method, Likelihood likelihood, int steps) {
  private static final int MAX_STEPS = 1_000_000;

  /** Equations that carry white noise back to the ensemble. */
  public enum Method {
    /** The reverse stochastic equation; its weights are those of whole paths and exact for any number of steps. */
    SDE(100),
    /** The probability-flow equation by the classical Runge–Kutta method; its likelihood is that of the field. */
    ODE(16);

    private final int usualSteps;

    Method(int usualSteps) {
      this.usualSteps = usualSteps;
    }

    /** Steps that do for most models. */
    public int usualSteps() {
      return usualSteps;
    }
  }

  /** Ways to a divergence. */
  public enum Likelihood {
    /** The trace of the Jacobian: as many derivatives as sites. */
    EXACT,
    /** One derivative in a random direction of ±1 (Hutchinson 1990), kept along the path: right on average. */
    HUTCHINSON
  }

  /** @throws IllegalArgumentException if there are too few or too many steps */
  public ScoreSampling {
    if (steps < 2 || steps > MAX_STEPS) {
      throw new IllegalArgumentException("a score model needs 2 to " + MAX_STEPS + " steps, not " + steps);
    }
  }

  /** With the usual steps and the exact likelihood. */
  public static ScoreSampling of(Method method) {
    return new ScoreSampling(method, Likelihood.EXACT, method.usualSteps());
  }
}
