package org.rgflow.sampler;

/** An integrator's step size is too large for the theory; the message is one line and suggests a smaller one. */
public class UnstableStepException extends IllegalArgumentException {
  public UnstableStepException(String message) {
    super(message);
  }
}
