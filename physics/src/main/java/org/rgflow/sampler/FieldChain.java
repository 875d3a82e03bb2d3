package org.rgflow.sampler;

import java.util.Objects;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;

/** What the samplers of one field buffer have in common: action, layout, fields and random numbers. */
abstract class FieldChain implements Sampler {
  final Phi4Action action;
  final FieldLayout layout;
  final float[] field;
  final RandomStream stream;

  /**
   * @param field start configuration in {@code layout}, which becomes the chain's own buffer
   * @throws IllegalArgumentException if {@code field} does not have the layout's size
   */
  FieldChain(Phi4Action action, FieldLayout layout, float[] field, RandomStream stream) {
    this.action = Objects.requireNonNull(action, "action");
    this.layout = Objects.requireNonNull(layout, "layout");
    this.stream = Objects.requireNonNull(stream, "stream");
    if (field.length != layout.size()) {
      throw new IllegalArgumentException("a field of " + field.length + " elements for a layout of " + layout.size());
    }
    this.field = field;
  }

  @Override
  public final Phi4Action action() {
    return action;
  }

  @Override
  public final FieldLayout layout() {
    return layout;
  }

  @Override
  public final float[] field() {
    return field;
  }

  @Override
  public final RandomStream stream() {
    return stream;
  }
}
