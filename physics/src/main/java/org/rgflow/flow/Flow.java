package org.rgflow.flow;

import java.util.Optional;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.random.RandomStream;

/**
 * A stochastic flow that takes the fields of many replicas from one scale Λ (in inverse lattice
 * spacings) to a lower one. Λ = ∞ is the bare field.
 *
 * <p>The noise of element i of the buffer depends on the seed, the step of {@link #stream} and i
 * alone. Not safe for concurrent use.
 */
public interface Flow extends AutoCloseable {
  /** The name on the command line, for instance {@code polchinski}. */
  String name();

  FieldLayout layout();

  /** The fields of all replicas; the caller writes them before {@link #advance} and reads them after. */
  float[] field();

  /** Where the flow stands in its random numbers. */
  RandomStream stream();

  /**
   * Takes {@link #field} from one scale to another, in place, and moves the stream on. Allocates
   * nothing.
   *
   * @param from Λ_s, possibly infinite
   * @param to Λ_t, 0 &lt; Λ_t ≤ Λ_s
   * @throws IllegalArgumentException if the scales are not positive and descending
   * @throws FlowInstabilityException if the integration went astray
   */
  void advance(double from, double to);

  /** The law of single modes, if they are independent; then {@link FlowMeasurement} checks its invariants. */
  Optional<ModeLaw> law();

  @Override
  void close();
}
