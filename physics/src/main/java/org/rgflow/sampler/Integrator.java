package org.rgflow.sampler;

/** Symplectic, reversible integrators of molecular dynamics, as sequences of kicks and drifts. */
public enum Integrator {
  /** Kick ε/2, drift ε, kick ε/2: second order, one force per step. */
  LEAPFROG("leapfrog", new double[] {0.5}, new double[] {1}),
  /**
   * Omelyan, Mryglod &amp; Folk's second-order minimum-norm scheme (Comput. Phys. Commun. 151 (2003) 272,
   * eq. 31): kick λε, drift ε/2, kick (1−2λ)ε, drift ε/2, kick λε with λ = 0.1931833275037836. Two
   * forces per step and an error about ten times smaller than leapfrog's.
   */
  OMELYAN("omelyan", new double[] {0.1931833275037836, 1 - 2 * 0.1931833275037836}, new double[] {0.5, 0.5});

  private final String label;
  private final double[] kicks;
  private final double[] drifts;

  Integrator(String label, double[] kicks, double[] drifts) {
    this.label = label;
    this.kicks = kicks;
    this.drifts = drifts;
  }

  /** The name on the command line. */
  public String label() {
    return label;
  }

  /** Number of stages, hence of force evaluations, of one step. */
  public int stagesPerStep() {
    return kicks.length;
  }

  /**
   * The stages {kick, drift} of {@code steps} steps of size ε, and a final kick: {@code
   * 2 * stagesPerStep() * steps + 1} numbers. Adjacent kicks of consecutive steps are merged.
   */
  public void stages(double epsilon, int steps, float[] stages) {
    int at = 0;
    for (int step = 0; step < steps; step++) {
      for (int s = 0; s < kicks.length; s++) {
        double kick = s == 0 && step > 0 ? 2 * kicks[0] : kicks[s];
        stages[at++] = (float) (kick * epsilon);
        stages[at++] = (float) (drifts[s] * epsilon);
      }
    }
    stages[at] = (float) (kicks[0] * epsilon);
  }
}
