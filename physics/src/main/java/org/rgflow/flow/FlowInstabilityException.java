package org.rgflow.flow;

/** The step of a flow's integrator was too long: the fields have left every reasonable range. */
public final class FlowInstabilityException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  public FlowInstabilityException(String message) {
    super(message);
  }
}
