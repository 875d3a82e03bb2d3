package org.rgflow.network;

/** What a layer gives: values [n][p][c] with p = side², and in a backward pass their gradient. */
final class Activation {
  private final Tape tape;
  private final int side;
  private final int channels;
  private final float[] values;
  private float[] gradient;
  private boolean written;

  Activation(Tape tape, int side, int channels, float[] values) {
    this.tape = tape;
    this.side = side;
    this.channels = channels;
    this.values = values;
  }

  int side() {
    return side;
  }

  int positions() {
    return side * side;
  }

  int channels() {
    return channels;
  }

  /** Rows of channels, n · p. */
  int rows() {
    return values.length / channels;
  }

  float[] values() {
    return values;
  }

  /** The gradient, from the pool of the backward pass when it is first asked for. */
  float[] gradient() {
    if (gradient == null) {
      gradient = tape.take(values.length);
    }
    return gradient;
  }

  /** 0 for the first launch recorded that writes the gradient, 1 for those that add to it. */
  float gradientBeta() {
    float beta = written ? 1f : 0f;
    written = true;
    return beta;
  }

  /** Gives the gradient's memory back to the pool: all launches that read it are recorded. */
  void releaseGradient() {
    if (gradient != null) {
      tape.give(gradient);
      gradient = null;
    }
    written = false;
  }
}
