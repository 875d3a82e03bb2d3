package org.rgflow.sampler;

import java.util.Objects;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;

/** What the samplers of one field buffer have in common: action, layout, fields, random numbers and a session. */
abstract class FieldChain implements Sampler {
  final Phi4Action action;
  final FieldLayout layout;
  final float[] field;
  final RandomStream stream;
  /** Whether the device has later fields than {@link #field}. */
  private boolean behind;

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

  /** Where the programs that change the fields run. */
  abstract Session session();

  /** Runs a program that changes the fields. */
  final void run(Program program) {
    behind = true;
    session().run(program);
  }

  @Override
  public final float[] field() {
    if (behind) {
      session().download(field);
      behind = false;
    }
    return field;
  }

  @Override
  public final void fieldWritten() {
    session().upload(field);
  }

  @Override
  public final RandomStream stream() {
    return stream;
  }
}
