package org.rgflow.validation;

import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.launch.OrnsteinUhlenbeck;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.spectral.ModeTransform;

/** Mode coefficients of fields, and exact draws of free fields. */
final class Modes implements AutoCloseable {
  private final FieldLayout layout;
  private final float[] field;
  private final float[] modes;
  private final float[] zero;
  private final float[] deviation;
  private final Program forward;
  private final Program draw;
  private final Session session;
  private final RandomStream stream;

  /** @param seed of the draws */
  Modes(Device device, ModeTransform transform, long seed) {
    layout = transform.layout();
    field = new float[layout.size()];
    modes = new float[layout.size()];
    zero = new float[layout.lattice().sites()];
    deviation = new float[zero.length];
    stream = new RandomStream(seed);
    forward = new Program("modes").input(field).addAll(transform.forward(field, modes)).output(modes);
    draw = new Program("free field").input(zero, deviation, stream.buffer())
        .add(new OrnsteinUhlenbeck(modes, zero, deviation, layout.lanes(), stream.buffer(), Streams.START))
        .addAll(transform.inverse(modes, field)).output(field);
    session = device.open(forward, draw);
  }

  /** Mode coefficients of the fields; the buffer is reused. */
  float[] of(float[] fields) {
    System.arraycopy(fields, 0, field, 0, field.length);
    session.run(forward);
    return modes;
  }

  /** Independent fields with these variances of the modes; the buffer is reused. */
  float[] draw(double[] variance) {
    for (int k = 0; k < zero.length; k++) {
      deviation[k] = (float) Math.sqrt(variance[k]);
    }
    session.run(draw);
    stream.advance();
    return field;
  }

  @Override
  public void close() {
    session.close();
  }
}
