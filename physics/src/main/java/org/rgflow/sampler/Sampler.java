package org.rgflow.sampler;

import java.util.Map;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;

/**
 * A Markov chain on the fields of all replicas at once, with e^(−S) as its stationary density (up to
 * the step-size error that {@link #exact} admits). Replicas are independent chains.
 *
 * <p>The state of a chain is its {@link #field}, its {@link #stream} position and its
 * {@link #tuning}: a sampler built from the same three continues bit for bit.
 */
public interface Sampler extends AutoCloseable {
  /** The name on the command line, for instance {@code hmc}. */
  String name();

  Phi4Action action();

  FieldLayout layout();

  /**
   * The current fields of all replicas, in {@link #layout}. Always the same array, which holds the current fields
   * from this call to the next update: updates may leave them with a device, from which this call fetches them.
   */
  float[] field();

  /** Lets the chain go on from what was written to {@link #field} since it was called. */
  void fieldWritten();

  /** Where the chain stands in its random numbers; advanced by every update. */
  RandomStream stream();

  /** One update of every replica: a trajectory, a sweep, or a cluster move with its local updates. */
  void update();

  /**
   * Adapts free parameters (step size, proposal width) to the acceptance seen since the last call.
   * Only for thermalisation: adapting while measuring would spoil detailed balance.
   */
  void tune();

  /** The adapted parameters by name; empty if there are none. */
  Map<String, Double> tuning();

  /**
   * Sets adapted parameters, as returned by {@link #tuning}.
   *
   * @throws IllegalArgumentException if a name is missing or a value impossible
   */
  void restoreTuning(Map<String, Double> tuning);

  /** Mean acceptance probability since the last {@link #resetAcceptance}; NaN if nothing is ever rejected. */
  double acceptance();

  void resetAcceptance();

  /** Whether e^(−S) is stationary exactly, rather than up to a step-size error. */
  boolean exact();

  @Override
  void close();
}
