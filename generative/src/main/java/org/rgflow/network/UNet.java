package org.rgflow.network;

import java.util.Locale;
import java.util.function.Function;
import org.rgflow.device.Program;
import org.rgflow.io.Heap;
import org.rgflow.launch.Transpose;
import org.rgflow.random.RandomStream;

/**
 * The U-Net of denoising diffusion, at constant resolution (2402.17090) or with halving and doubling (DDPM,
 * 2006.11239): an embedding of the time step, 3×3 convolutions in residual blocks, self-attention, and skip connections
 * by concatenation. It maps {@link #input}, {@link #steps} and {@link #labels} to {@link #output}.
 *
 * <p>All memory is planned by the constructor and by {@link #backward}; running the programs allocates nothing. The
 * network knows no loss: whoever trains it writes {@link #outputGradient} between a forward pass in training and a
 * backward pass, with the same position of the dropout stream in both. Programs share buffers, so open them in one
 * session.
 */
public final class UNet {
  private final UNetConfiguration configuration;
  private final int batch;
  private final int classes;
  private final Purpose purpose;
  private final Parameters parameters;
  private final RandomStream dropoutStream;
  private final Tape tape;
  private final float[] input;
  private final float[] steps;
  private final int[] labels;
  private final float[] output;
  private final float[] outputGradient;

  /**
   * Plans a network and draws its initial parameters.
   *
   * @param batch samples per pass
   * @param classes number of labels, 0 for a network without; a network with labels has one more, number {@code
   *     classes}, which stands for no label
   * @param seed of the initial parameters and of dropout
   * @throws IllegalArgumentException if the batch is not positive or too large
   */
  public UNet(UNetConfiguration configuration, int batch, int classes, long seed, Purpose purpose) {
    this(configuration, batch, classes, new RandomStream(seed), purpose, layout -> new Parameters(layout, purpose));
    parameters.initialise(seed);
  }

  private UNet(UNetConfiguration configuration, int batch, int classes, RandomStream dropoutStream, Purpose purpose,
      Function<ParameterLayout, Parameters> memory) {
    if (batch < 1 || classes < 0) {
      throw new IllegalArgumentException("a network needs a batch of at least 1 and no fewer than 0 classes, not "
          + batch + " and " + classes);
    }
    this.configuration = configuration;
    this.batch = batch;
    this.classes = classes;
    this.purpose = purpose;
    ParameterLayout layout = new ParameterLayout();
    UNetLayers layers = new UNetLayers(layout, configuration, classes);
    parameters = memory.apply(layout);
    this.dropoutStream = dropoutStream;
    tape = new Tape(batch, parameters, dropoutStream, purpose);
    int side = configuration.side();
    int positions = side * side;
    steps = new float[batch];
    labels = new int[batch];
    Activation first = tape.activation(side, configuration.inputChannels());
    input = new float[first.values().length];
    tape.forward(new Transpose(input, first.values(), configuration.inputChannels(), positions));
    Activation last = layers.record(tape, first, steps, labels);
    output = new float[last.values().length];
    outputGradient = purpose == Purpose.TRAINING ? new float[output.length] : new float[0];
    tape.forward(new Transpose(last.values(), output, positions, configuration.outputChannels()));
    tape.backward((launches, beta) -> {
      last.gradientBeta();
      launches.add(new Transpose(outputGradient, last.gradient(), configuration.outputChannels(), positions));
    });
  }

  public UNetConfiguration configuration() {
    return configuration;
  }

  public int batch() {
    return batch;
  }

  public int classes() {
    return classes;
  }

  /** Input, [sample][channel][row][column]: the layout of grouped patch modes. */
  public float[] input() {
    return input;
  }

  /** Time step of each sample. */
  public float[] steps() {
    return steps;
  }

  /** Label of each sample, 0 to {@link #classes}, the last for no label; read only if there are classes. */
  public int[] labels() {
    return labels;
  }

  /** Output, [sample][channel][row][column]. */
  public float[] output() {
    return output;
  }

  /** Gradient of the loss with respect to the output, in its layout; written before a backward pass. */
  public float[] outputGradient() {
    return outputGradient;
  }

  public Parameters parameters() {
    return parameters;
  }

  /** Seed and step of dropout; {@link RandomStream#seek} to another step for every training step. */
  public RandomStream dropoutStream() {
    return dropoutStream;
  }

  /**
   * A forward pass.
   *
   * @param mode TRAINING with dropout, INFERENCE without
   * @throws IllegalArgumentException if a network for inference is asked for a training pass
   */
  public Program forward(Purpose mode) {
    if (mode == Purpose.TRAINING) {
      requireTraining();
    }
    return tape.forwardProgram("forward, " + mode.name().toLowerCase(Locale.ROOT), mode)
        .input(input, steps, labels, dropoutStream.buffer()).output(output);
  }

  /**
   * A backward pass after a forward pass in training: from {@link #outputGradient} to the gradient of the parameters.
   *
   * @throws IllegalArgumentException if the network is for inference
   */
  public Program backward(GradientMode mode) {
    requireTraining();
    return tape.backwardProgram("backward", mode).input(outputGradient, labels, dropoutStream.buffer())
        .output(parameters.gradient());
  }

  private void requireTraining() {
    if (purpose != Purpose.TRAINING) {
      throw new IllegalArgumentException("this network was made for inference: make it with Purpose.TRAINING");
    }
  }

  /**
   * The {@link #bytes} of a network with all its programs, found by planning it.
   *
   * @throws IllegalArgumentException if the memory is too small for that
   */
  public static long bytes(UNetConfiguration configuration, int batch, int classes, Purpose purpose) {
    ParameterLayout layout = new ParameterLayout();
    long least = 4L * (new UNetLayers(layout, configuration, classes).leastNumbers() * batch + layout.size());
    if (!Heap.fits(least)) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, "a network of %d channels on %dx%d positions needs "
          + "more than %.1f GiB, but only %.1f GiB of memory are free; %s", configuration.width(), configuration.side(),
          configuration.side(), least / 0x1p30, Heap.free() / 0x1p30, Heap.MORE));
    }
    UNet network = new UNet(configuration, batch, classes, new RandomStream(0), purpose, Parameters::withoutMemory);
    network.forward(purpose);
    if (purpose == Purpose.TRAINING) {
      network.backward(GradientMode.OVERWRITE);
    }
    return network.bytes();
  }

  /**
   * Bytes of all arrays planned so far: parameters, gradients, activations, tables. Beside them each thread of a {@link
   * org.rgflow.device.JvmDevice} owns some packing space, 15 MB at most for the presets.
   */
  public long bytes() {
    long parameterArrays = purpose == Purpose.TRAINING ? 2 : 1;
    return tape.bytes() + 4L * (parameterArrays * parameters.size() + input.length + steps.length + labels.length
        + output.length + outputGradient.length);
  }
}
