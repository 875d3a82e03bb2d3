package org.rgflow.network;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.rgflow.kernels.NormKernels;
import org.rgflow.launch.AddEmbedding;
import org.rgflow.launch.Concatenate;
import org.rgflow.launch.EmbeddingGradient;
import org.rgflow.launch.Silu;
import org.rgflow.launch.SiluGradient;
import org.rgflow.launch.TakeChannels;
import org.rgflow.launch.TimeEmbedding;
import org.rgflow.launch.Upsample;
import org.rgflow.launch.UpsampleGradient;
import org.rgflow.network.ParameterLayout.Initial;
import org.rgflow.network.ResidualBlock.Attention;
import org.rgflow.network.UNetConfiguration.Resolution;

/** The layers of a {@link UNet} and how they are connected, without any memory. */
final class UNetLayers {
  /** A residual block, or a change of resolution, with the side it works on. */
  private record Stage(ResidualBlock block, Convolution resample, int side) {
    static Stage of(ResidualBlock block, int side) {
      return new Stage(block, null, side);
    }

    static Stage resampling(Convolution resample, int side) {
      return new Stage(null, resample, side);
    }
  }

  private final UNetConfiguration configuration;
  private final int classes;
  private final Convolution time1;
  private final Convolution time2;
  private final ParameterLayout.View labels;
  private final Convolution head;
  private final List<Stage> down = new ArrayList<>();
  private final List<Stage> middle = new ArrayList<>();
  private final List<Stage> up = new ArrayList<>();
  private final GroupNormalization norm;
  private final Convolution tail;

  UNetLayers(ParameterLayout layout, UNetConfiguration c, int classes) {
    configuration = c;
    this.classes = classes;
    int width = c.width();
    int timeChannels = 4 * width;
    time1 = Convolution.linear(layout, "time.linear1", width, timeChannels);
    time2 = Convolution.linear(layout, "time.linear2", timeChannels, timeChannels);
    labels = classes == 0 ? null : layout.add("label.table", Initial.XAVIER, classes + 1, timeChannels);
    head = Convolution.of(layout, "head", 3, 1, c.inputChannels(), width, Initial.XAVIER);
    boolean halving = c.resolution() == Resolution.HALVING;
    int levels = c.multipliers().size();
    int now = width;
    int side = c.side();
    Deque<Integer> kept = new ArrayDeque<>();
    kept.push(now);
    for (int level = 0; level < levels; level++) {
      int out = width * c.multipliers().get(level);
      for (int i = 0; i < c.blocks(); i++) {
        String name = "down." + level + "." + i;
        down.add(Stage.of(new ResidualBlock(layout, name, now, out, timeChannels, attention(level), c.dropout()),
            side));
        now = out;
        kept.push(now);
      }
      if (halving && level < levels - 1) {
        down.add(Stage.resampling(
            Convolution.of(layout, "down." + level + ".resample", 3, 2, now, now, Initial.XAVIER), side));
        side /= 2;
        kept.push(now);
      }
    }
    middle.add(Stage.of(
        new ResidualBlock(layout, "middle.0", now, now, timeChannels, Attention.SELF, c.dropout()), side));
    middle.add(Stage.of(
        new ResidualBlock(layout, "middle.1", now, now, timeChannels, Attention.NONE, c.dropout()), side));
    for (int level = levels - 1; level >= 0; level--) {
      int out = width * c.multipliers().get(level);
      // As many blocks as activations were kept on this level; the head's belongs to level 0.
      int blocks = c.blocks() + (halving || level == 0 ? 1 : 0);
      for (int i = 0; i < blocks; i++) {
        String name = "up." + level + "." + i;
        up.add(Stage.of(new ResidualBlock(
            layout, name, now + kept.pop(), out, timeChannels, attention(level), c.dropout()), side));
        now = out;
      }
      if (halving && level > 0) {
        up.add(Stage.resampling(
            Convolution.of(layout, "up." + level + ".resample", 3, 1, now, now, Initial.XAVIER), 2 * side));
        side *= 2;
      }
    }
    norm = new GroupNormalization(layout, "tail.norm", now);
    tail = Convolution.of(layout, "tail.conv", 3, 1, now, c.outputChannels(), Initial.XAVIER_SMALL);
  }

  private Attention attention(int level) {
    return configuration.attentionLevels().contains(level) ? Attention.SELF : Attention.NONE;
  }

  long multiplyAccumulates() {
    long sum = time1.multiplyAccumulates(1) + time2.multiplyAccumulates(1)
        + head.multiplyAccumulates(configuration.side()) + tail.multiplyAccumulates(configuration.side());
    for (List<Stage> part : List.of(down, middle, up)) {
      for (Stage stage : part) {
        sum += stage.block() == null ? stage.resample().multiplyAccumulates(stage.side())
            : stage.block().multiplyAccumulates(stage.side());
      }
    }
    return sum;
  }

  /** A lower bound of the numbers of one sample: what is kept for the way up, and the largest attention's weights. */
  long leastNumbers() {
    long kept = (long) configuration.side() * configuration.side() * head.outputChannels();
    long attention = 0;
    for (Stage stage : down) {
      long positions = (long) stage.side() * stage.side();
      kept += stage.block() == null ? positions / 4 * stage.resample().outputChannels()
          : positions * stage.block().outputChannels();
      attention = Math.max(attention, stage.block() != null && stage.block().attends() ? positions * positions : 0);
    }
    return kept + attention;
  }

  /** Records the network from an input activation, whose gradient nobody needs, to its output. */
  Activation record(Tape tape, Activation input, float[] steps, int[] labelOfSample) {
    Activation t = recordTime(tape, steps, labelOfSample);
    Activation x = head.recordFirst(tape, input);
    tape.done(input);
    Deque<Activation> kept = new ArrayDeque<>();
    kept.push(x);
    for (Stage stage : down) {
      x = stage.block() == null ? stage.resample().record(tape, x) : stage.block().record(tape, x, t);
      kept.push(x);
    }
    for (Stage stage : middle) {
      Activation y = stage.block().record(tape, x, t);
      if (x != kept.peek()) {
        tape.done(x);
      }
      x = y;
    }
    for (Stage stage : up) {
      Activation y;
      if (stage.block() == null) {
        Activation large = upsample(tape, x);
        tape.done(x);
        y = stage.resample().record(tape, large);
        tape.done(large);
      } else {
        Activation skip = kept.pop();
        Activation both = concatenate(tape, x, skip);
        tape.done(x);
        tape.done(skip);
        y = stage.block().record(tape, both, t);
        tape.done(both);
      }
      x = y;
    }
    Activation normalised = norm.record(tape, x, NormKernels.SILU);
    tape.done(x);
    Activation output = tail.record(tape, normalised);
    tape.done(normalised);
    return output;
  }

  /** silu(linear(silu(linear(sinusoids))) + label), what every block reads. */
  private Activation recordTime(Tape tape, float[] steps, int[] labelOfSample) {
    int width = configuration.width();
    Activation sinusoids = tape.activation(1, width);
    tape.forward(new TimeEmbedding(steps, sinusoids.values(), width));
    Activation a = silu(tape, time1.recordFirst(tape, sinusoids));
    Activation embedding = time2.record(tape, a);
    if (labels != null) {
      int channels = embedding.channels();
      tape.forward(new AddEmbedding(labelOfSample, tape.parameters(), embedding.values(), channels, labels.offset()));
      tape.backward((launches, beta) -> launches.add(new EmbeddingGradient(
          labelOfSample, embedding.gradient(), tape.gradient(), beta, channels, labels.offset(), classes + 1)));
    }
    return silu(tape, embedding);
  }

  static Activation silu(Tape tape, Activation x) {
    Activation y = tape.activation(x.side(), x.channels());
    tape.forward(new Silu(x.values(), y.values()));
    tape.backward((launches, beta) ->
        launches.add(new SiluGradient(x.values(), y.gradient(), x.gradient(), x.gradientBeta())));
    return y;
  }

  private static Activation concatenate(Tape tape, Activation a, Activation b) {
    int channels = a.channels() + b.channels();
    Activation y = tape.activation(a.side(), channels);
    tape.forward(new Concatenate(a.values(), b.values(), y.values(), a.channels(), b.channels()));
    tape.backward((launches, beta) -> {
      launches.add(new TakeChannels(y.gradient(), a.gradient(), a.gradientBeta(), channels, 0, a.channels()));
      launches.add(
          new TakeChannels(y.gradient(), b.gradient(), b.gradientBeta(), channels, a.channels(), b.channels()));
    });
    return y;
  }

  private static Activation upsample(Tape tape, Activation x) {
    Activation y = tape.activation(2 * x.side(), x.channels());
    tape.forward(new Upsample(x.values(), y.values(), x.side(), x.channels()));
    tape.backward((launches, beta) -> launches.add(
        new UpsampleGradient(y.gradient(), x.gradient(), x.gradientBeta(), x.side(), x.channels())));
    return y;
  }
}
