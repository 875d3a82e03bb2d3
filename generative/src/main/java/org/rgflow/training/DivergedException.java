package org.rgflow.training;

/** A training whose loss, gradient or parameters are no longer finite; the message names the last good checkpoint. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DivergedException(String message) {
    super(message);
  }
}
