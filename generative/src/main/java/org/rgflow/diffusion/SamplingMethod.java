package org.rgflow.diffusion;

/** How a sampler goes from a time step to the next lower one; see {@link SamplingPlan}. */
public enum SamplingMethod {
  /** DDIM with any η: ancestral (DDPM) at η = 1, the probability flow's first-order solver at η = 0. */
  DDIM(1),
  /** Heun's method on the probability flow (Karras et al., 2206.00364, algorithm 1): two predictions a step. */
  HEUN(2),
  /** DPM-Solver++(2M), multistep of second order (Lu et al., 2211.01095); with η &gt; 0 its SDE solver. */
  DPM2M(2),
  /** DPM-Solver++(3M), multistep of third order. */
  DPM3M(3);

  private final int order;

  SamplingMethod(int order) {
    this.order = order;
  }

  /** Order of convergence of the deterministic solver. */
  public int order() {
    return order;
  }
}
