package org.rgflow.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rgflow.device.Launch;
import org.rgflow.launch.AddToPositions;
import org.rgflow.launch.Fold;
import org.rgflow.launch.Mirror;
import org.rgflow.launch.PositionSums;
import org.rgflow.launch.Product;
import org.rgflow.launch.SiluGradient;
import org.rgflow.launch.TimeEmbedding;
import org.rgflow.network.ParameterLayout.Initial;
import org.rgflow.random.RandomStream;

/**
 * The layers of the image network for fields on a periodic lattice: a function N of some fields and a time to one field
 * that commutes with translations and is odd, N(−x, t) = −N(x, t):
 *
 * <pre>
 *   N(x, t) = ½ (f(x, t) − f(−x, t)),   f = conv1×1 ∘ silu ∘ block_B ∘ … ∘ block_1 ∘ conv3×3
 *   block(x) = x + conv3×3(silu(h)),    h = conv3×3(silu(x)) + linear(τ),   τ = silu(linear(sinusoids(t)))
 * </pre>
 *
 * <p>All convolutions go around the torus. There is no group normalisation: it would tie every site to the mean over
 * the whole lattice, where the action is local, and forget the size of the field.
 *
 * <p>Derivatives with respect to the fields are taken forwards, {@link #tangents}: any number of them share one pass of
 * the network itself. All memory is planned by the constructor and by {@link #tangents}.
 */
public final class LatticeNetwork {
  /** Period of the fastest sinusoid in units of the time: times are expected between 0 and 10. */
  private static final int TIME_WIDENING = 2;

  /**
   * Sizes.
   *
   * @param inputs fields that are read
   * @param side sites per side of the square lattice
   * @param width channels
   * @param blocks residual blocks
   */
  public record Shape(int inputs, int side, int width, int blocks) {
    private static final int MAX_WIDTH = 1024;
    private static final int MAX_BLOCKS = 64;
    private static final int MAX_SIDE = 128;

    /** @throws IllegalArgumentException if a size is out of its range */
    public Shape {
      if (inputs < 1 || inputs > MAX_WIDTH) {
        throw new IllegalArgumentException("a network reads 1 to " + MAX_WIDTH + " fields, not " + inputs);
      }
      if (side < 2 || side > MAX_SIDE) {
        throw new IllegalArgumentException("a side must have 2 to " + MAX_SIDE + " sites, not " + side);
      }
      if (width < 2 || width > MAX_WIDTH || width % 2 != 0) {
        throw new IllegalArgumentException(
            "the width must be an even number from 2 to " + MAX_WIDTH + ", not " + width);
      }
      if (blocks < 1 || blocks > MAX_BLOCKS) {
        throw new IllegalArgumentException("there must be 1 to " + MAX_BLOCKS + " blocks, not " + blocks);
      }
    }

    int sites() {
      return side * side;
    }

    /** Names, shapes and places of the parameters; nothing is allocated. */
    public ParameterLayout layout() {
      ParameterLayout layout = new ParameterLayout();
      new Layers(layout, this);
      return layout;
    }
  }

  /** One residual block. */
  private record Block(Convolution first, Convolution time, Convolution second) {}

  private static final class Layers {
    private final Convolution time;
    private final Convolution head;
    private final List<Block> blocks = new ArrayList<>();
    private final Convolution tail;

    Layers(ParameterLayout layout, Shape shape) {
      int width = shape.width();
      time = Convolution.linear(layout, "time.linear", width, TIME_WIDENING * width);
      head = Convolution.periodic(layout, "head", 3, shape.inputs(), width, Initial.XAVIER);
      for (int i = 0; i < shape.blocks(); i++) {
        String name = "block." + i;
        blocks.add(new Block(Convolution.periodic(layout, name + ".conv1", 3, width, width, Initial.XAVIER),
            Convolution.linear(layout, name + ".time", TIME_WIDENING * width, width),
            Convolution.periodic(layout, name + ".conv2", 3, width, width, Initial.XAVIER)));
      }
      tail = Convolution.periodic(layout, "tail", 1, width, 1, Initial.XAVIER);
    }
  }

  private final Shape shape;
  private final int samples;
  private final Layers layers;
  private final Parameters parameters;
  private final Tape tape;
  private final float[] input;
  private final float[] times;
  private final float[] output;
  private final float[] outputGradient;
  /** What goes into the activations, in order. */
  private final List<Activation> arguments = new ArrayList<>();

  /**
   * Plans a network and draws its initial parameters.
   *
   * @param samples per pass
   * @param seed of the initial parameters
   * @throws IllegalArgumentException if the samples are not positive or too many
   */
  public LatticeNetwork(Shape shape, int samples, long seed, Purpose purpose) {
    if (samples < 1) {
      throw new IllegalArgumentException("a network needs at least one sample, not " + samples);
    }
    this.shape = shape;
    this.samples = samples;
    ParameterLayout layout = new ParameterLayout();
    layers = new Layers(layout, shape);
    parameters = new Parameters(layout, purpose);
    parameters.initialise(seed);
    int sites = shape.sites();
    int width = samples * sites * shape.inputs();
    tape = new Tape(2 * samples, parameters, new RandomStream(seed), purpose);
    input = new float[width];
    times = new float[samples];
    output = new float[samples * sites];
    outputGradient = new float[purpose == Purpose.TRAINING ? output.length : 0];

    Activation both = tape.activation(shape.side(), shape.inputs());
    float[] bothTimes = new float[2 * samples];
    tape.forward(new Mirror(times, bothTimes, 1f, 1f));
    tape.forward(new Mirror(input, both.values(), 1f, -1f));
    Activation last = record(both, bothTimes);
    tape.forward(new Fold(last.values(), output, -1f));
    tape.backward((launches, beta) -> {
      last.gradientBeta();
      launches.add(new Mirror(outputGradient, last.gradient(), 0.5f, -0.5f));
    });
  }

  private Activation record(Activation fields, float[] bothTimes) {
    Activation sinusoids = tape.activation(1, shape.width());
    tape.forward(new TimeEmbedding(bothTimes, sinusoids.values(), shape.width()));
    Activation t = UNetLayers.silu(tape, layers.time.recordFirst(tape, sinusoids));
    Activation x = layers.head.recordFirst(tape, fields);
    for (Block block : layers.blocks) {
      arguments.add(x);
      Activation h = block.first().record(tape, UNetLayers.silu(tape, x));
      Activation shift = block.time().record(tape, t);
      tape.forward(new AddToPositions(h.values(), shift.values(), h.positions(), h.channels()));
      tape.backward((launches, beta) -> {
        shift.gradientBeta();
        launches.add(new PositionSums(h.gradient(), shift.gradient(), h.positions(), h.channels()));
      });
      arguments.add(h);
      Activation y = block.second().record(tape, UNetLayers.silu(tape, h));
      SelfAttention.addResidual(tape, x, y);
      x = y;
    }
    arguments.add(x);
    return layers.tail.record(tape, UNetLayers.silu(tape, x));
  }

  public Shape shape() {
    return shape;
  }

  /** Fields to read, [sample][site][input]. */
  public float[] input() {
    return input;
  }

  /** Time of each sample, best between 0 and 10: the fastest sinusoid is sin t. */
  public float[] times() {
    return times;
  }

  /** N, [sample][site]. */
  public float[] output() {
    return output;
  }

  /** Gradient of a loss with respect to N, [sample][site]; written before a backward pass. */
  public float[] outputGradient() {
    return outputGradient;
  }

  public Parameters parameters() {
    return parameters;
  }

  /** From {@link #input} and {@link #times} to {@link #output}. */
  public List<Launch> forward() {
    return tape.forwardProgram("lattice network", Purpose.INFERENCE).launches();
  }

  /**
   * After {@link #forward}, from {@link #outputGradient} to the gradient of the parameters, which is overwritten.
   *
   * @throws IllegalArgumentException if the network is for inference
   */
  public List<Launch> backward() {
    if (outputGradient.length == 0) {
      throw new IllegalArgumentException("this network was made for inference: make it with Purpose.TRAINING");
    }
    return tape.backwardProgram("lattice network backwards", GradientMode.OVERWRITE).launches();
  }

  /**
   * Derivatives of N, one direction for each sample.
   *
   * @param input directions, [sample][site][input]
   * @param output derivatives, [sample][site]
   * @param prepare to run once after {@link #forward}
   * @param launches to run after those, for each set of directions
   */
  public record Tangents(float[] input, float[] output, List<Launch> prepare, List<Launch> launches) {}

  /** Plans the memory for derivatives with respect to the fields. */
  public Tangents tangents() {
    int side = shape.side();
    int each = shape.sites() * shape.width();
    final float[] direction = new float[input.length];
    final float[] first = new float[samples * each];
    final float[] x = new float[2 * first.length];
    final float[] a = new float[x.length];
    final float[] b = new float[x.length];
    final float[] both = new float[2 * output.length];
    final float[] result = new float[output.length];
    List<Launch> prepare = new ArrayList<>();
    List<Launch> launches = new ArrayList<>();
    // The direction is the same for f(x) and, but for signs that cancel, f(−x).
    launches.add(layers.head.tangent(tape, direction, first, side, 0f));
    launches.add(new Mirror(first, x, 1f, 1f));
    int argument = 0;
    for (Block block : layers.blocks) {
      slope(prepare, launches, arguments.get(argument++), x, a);
      launches.add(block.first().tangent(tape, a, b, side, 0f));
      slope(prepare, launches, arguments.get(argument++), b, a);
      launches.add(block.second().tangent(tape, a, x, side, 1f));
    }
    slope(prepare, launches, arguments.get(argument), x, a);
    launches.add(layers.tail.tangent(tape, a, both, side, 0f));
    launches.add(new Fold(both, result, 1f));
    return new Tangents(direction, result, prepare, launches);
  }

  /** a = silu'(argument) ẋ. */
  private void slope(List<Launch> prepare, List<Launch> launches, Activation argument, float[] x, float[] a) {
    float[] ones = new float[argument.values().length];
    Arrays.fill(ones, 1f);
    float[] slopes = new float[ones.length];
    prepare.add(new SiluGradient(argument.values(), ones, slopes, 0f));
    launches.add(new Product(a, slopes, x));
  }
}
