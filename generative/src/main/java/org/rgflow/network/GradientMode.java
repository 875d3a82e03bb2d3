package org.rgflow.network;

/** What a backward pass does with the gradient of the parameters that it finds. */
public enum GradientMode {
  OVERWRITE(0f),
  /** Adds: several small batches make one step. */
  ACCUMULATE(1f);

  private final float beta;

  GradientMode(float beta) {
    this.beta = beta;
  }

  float beta() {
    return beta;
  }
}
