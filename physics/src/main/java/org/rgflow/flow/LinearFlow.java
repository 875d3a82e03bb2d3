package org.rgflow.flow;

import java.util.Optional;
import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.launch.ModeScale;
import org.rgflow.launch.OrnsteinUhlenbeck;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.ModeTransform;

/**
 * A flow whose modes are independent Ornstein–Uhlenbeck processes: transform to modes,
 * x ← a x + √n ξ, transform back. Exact for steps of any size. One {@link #advance} draws one step of
 * the random stream.
 */
public abstract class LinearFlow implements Flow, ModeLaw {
  /** Whether the modes receive noise. */
  enum Noise { WHITE, NONE }

  private final FieldLayout layout;
  private final RandomStream stream;
  private final float[] field;
  private final float[] decay;
  private final float[] noise;
  private final ModeRows rows;
  private final ModeSchedule.Transition transition;
  private final Program program;
  private final Session session;

  LinearFlow(Device device, ModeTransform transform, RandomStream stream, Noise kind) {
    this.layout = transform.layout();
    this.stream = stream;
    this.rows = new ModeRows(layout.lattice());
    this.transition = new ModeSchedule.Transition(new double[rows.pairs()], new double[rows.pairs()]);
    this.field = new float[layout.size()];
    this.decay = new float[rows.modes()];
    this.noise = new float[rows.modes()];
    float[] modes = new float[layout.size()];
    this.program = new Program(getClass().getSimpleName())
        .addAll(transform.forward(field, modes))
        .input(field, decay)
        .output(field);
    switch (kind) {
      case WHITE -> program
          .add(new OrnsteinUhlenbeck(modes, decay, noise, layout.lanes(), stream.buffer(), Streams.FLOW))
          .input(noise, stream.buffer());
      case NONE -> program.add(new ModeScale(modes, decay, rows.modes(), layout.lanes()));
    }
    program.addAll(transform.inverse(modes, field));
    this.session = device.open(program);
  }

  /** a and √n of the modes with p̂² = {@link #momentum2}, into arrays that exist already. */
  abstract void transition(double from, double to, ModeSchedule.Transition result);

  /** p̂² of the modes for which {@link #transition} is asked. */
  final double[] momentum2() {
    return rows.momentum2();
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

  @Override
  public final void advance(double from, double to) {
    Scales.requireDescending(from, to);
    transition(from, to, transition);
    rows.spread(transition.decay(), decay);
    rows.spread(transition.noise(), noise);
    session.run(program);
    stream.advance();
  }

  @Override
  public final Optional<ModeLaw> law() {
    return Optional.of(this);
  }

  @Override
  public final void close() {
    session.close();
  }
}
