package org.rgflow.network;

import org.rgflow.kernels.NormKernels;
import org.rgflow.launch.AddToPositions;
import org.rgflow.launch.Dropout;
import org.rgflow.launch.PositionSums;
import org.rgflow.network.ParameterLayout.Initial;
import org.rgflow.random.Streams;

/**
 * The residual block of DDPM (Ho, Jain &amp; Abbeel 2020, 2006.11239, appendix B), with t the activated time embedding:
 *
 * <pre>  h = conv3×3(silu(norm x)) + linear(t),   y = shortcut(x) + conv3×3(dropout(silu(norm h)))</pre>
 *
 * <p>followed by self-attention where there is one. The shortcut is a 1×1 convolution where the number of channels
 * changes, else the identity.
 */
final class ResidualBlock {
  private final GroupNormalization norm1;
  private final Convolution convolution1;
  private final Convolution time;
  private final GroupNormalization norm2;
  private final Convolution convolution2;
  private final Convolution shortcut;
  private final SelfAttention attention;
  private final double dropout;

  /** Whether a block ends with self-attention. */
  enum Attention { NONE, SELF }

  ResidualBlock(ParameterLayout layout, String name, int in, int out, int timeChannels, Attention attention,
      double dropout) {
    this.dropout = dropout;
    norm1 = new GroupNormalization(layout, name + ".norm1", in);
    convolution1 = Convolution.of(layout, name + ".conv1", 3, 1, in, out, Initial.XAVIER);
    time = Convolution.linear(layout, name + ".time", timeChannels, out);
    norm2 = new GroupNormalization(layout, name + ".norm2", out);
    convolution2 = Convolution.of(layout, name + ".conv2", 3, 1, out, out, Initial.XAVIER_SMALL);
    shortcut = in == out ? null : Convolution.of(layout, name + ".shortcut", 1, 1, in, out, Initial.XAVIER);
    this.attention = attention == Attention.SELF ? new SelfAttention(layout, name + ".attention", out) : null;
  }

  long multiplyAccumulates(int side) {
    return convolution1.multiplyAccumulates(side) + time.multiplyAccumulates(1)
        + convolution2.multiplyAccumulates(side) + (shortcut == null ? 0 : shortcut.multiplyAccumulates(side))
        + (attention == null ? 0 : attention.multiplyAccumulates(side));
  }

  int outputChannels() {
    return convolution2.outputChannels();
  }

  /** Whether it ends with self-attention. */
  boolean attends() {
    return attention != null;
  }

  /** Reads x, which stays; the caller frees it. */
  Activation record(Tape tape, Activation x, Activation t) {
    Activation a = norm1.record(tape, x, NormKernels.SILU);
    Activation h = convolution1.record(tape, a);
    tape.done(a);
    Activation v = time.record(tape, t);
    tape.forward(new AddToPositions(h.values(), v.values(), h.positions(), h.channels()));
    tape.backward((launches, beta) -> {
      v.gradientBeta();
      launches.add(new PositionSums(h.gradient(), v.gradient(), h.positions(), h.channels()));
    });
    tape.done(v);
    Activation b = norm2.record(tape, h, NormKernels.SILU);
    tape.done(h);
    recordDropout(tape, b);
    Activation y;
    if (shortcut == null) {
      y = convolution2.record(tape, b);
      SelfAttention.addResidual(tape, x, y);
    } else {
      y = shortcut.record(tape, x);
      convolution2.recordAdding(tape, b, y);
    }
    tape.done(b);
    if (attention == null) {
      return y;
    }
    Activation attended = attention.record(tape, y);
    tape.done(y);
    return attended;
  }

  private void recordDropout(Tape tape, Activation b) {
    int threshold = (int) Math.round(dropout * (1 << 24));
    if (threshold == 0) {
      return;
    }
    int stream = Streams.DROPOUT + tape.nextDropout();
    tape.forwardInTraining(new Dropout(b.values(), threshold, tape.dropoutStream(), stream));
    tape.backward((launches, beta) ->
        launches.add(new Dropout(b.gradient(), threshold, tape.dropoutStream(), stream)));
  }
}
