package org.rgflow.sampler;

/** A sampler's step size is too large for its action: nothing is accepted, or the field left the finite numbers. */
public final class SamplerInstabilityException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public SamplerInstabilityException(String message) {
    super(message);
  }
}
