package org.rgflow.network;

import java.util.Locale;
import org.rgflow.device.Program;
import org.rgflow.kernels.NormKernels;
import org.rgflow.launch.CopyValues;
import org.rgflow.launch.Silu;
import org.rgflow.launch.SiluGradient;
import org.rgflow.launch.Transpose;
import org.rgflow.network.ParameterLayout.Initial;

/**
 * A small convolutional classifier: 3×3 convolutions of stride 2, each with GroupNorm and SiLU, the first to 32
 * channels and the others to 64, at least two and until the side is at most {@value #LAST_SIDE}; then a linear layer to
 * {@value #FEATURES} features with SiLU, and a linear layer to one logit for each class. 0.43 M parameters and 1.4 M
 * multiply-accumulates for 28×28 grey pictures.
 *
 * <p>As with {@link UNet}, whoever trains it writes {@link #logitsGradient} between a forward and a backward pass, and
 * opens both programs in one session.
 */
public final class ClassifierNetwork {
  /** Numbers that describe a picture: the activations before the last layer. */
  public static final int FEATURES = 128;
  static final int LAST_SIDE = 8;
  private static final int FIRST_CHANNELS = 32;
  private static final int CHANNELS = 64;

  private final Purpose purpose;
  private final int batch;
  private final int classes;
  private final Parameters parameters;
  private final Tape tape;
  private final float[] input;
  private final float[] features;
  private final float[] logits;
  private final float[] logitsGradient;

  /**
   * Plans a network and draws its initial parameters.
   *
   * @param colours planes of a picture
   * @param side height and width of a picture
   * @param classes at least 2
   * @param batch pictures per pass
   * @param seed of the initial parameters
   * @throws IllegalArgumentException if a number is impossible
   */
  public ClassifierNetwork(int colours, int side, int classes, int batch, long seed, Purpose purpose) {
    if (colours < 1 || side < 4 || classes < 2 || batch < 1) {
      throw new IllegalArgumentException("a classifier needs pictures of at least 4x4, two classes and a batch, not "
          + colours + " colours of " + side + "x" + side + ", " + classes + " classes and a batch of " + batch);
    }
    this.purpose = purpose;
    this.batch = batch;
    this.classes = classes;
    ParameterLayout layout = new ParameterLayout();
    int stages = 2;
    int last = halved(halved(side));
    while (last > LAST_SIDE) {
      last = halved(last);
      stages++;
    }
    Convolution[] convolutions = new Convolution[stages];
    GroupNormalization[] norms = new GroupNormalization[stages];
    int channels = colours;
    for (int i = 0; i < stages; i++) {
      int out = i == 0 ? FIRST_CHANNELS : CHANNELS;
      convolutions[i] = Convolution.of(layout, "stage." + i + ".conv", 3, 2, channels, out, Initial.XAVIER);
      norms[i] = new GroupNormalization(layout, "stage." + i + ".norm", out);
      channels = out;
    }
    Convolution describe = Convolution.linear(layout, "features", last * last * channels, FEATURES);
    Convolution head = Convolution.linear(layout, "head", FEATURES, classes);
    parameters = new Parameters(layout, purpose);
    parameters.initialise(seed);

    tape = new Tape(batch, parameters, null, purpose);
    Activation x = tape.activation(side, colours);
    input = new float[x.values().length];
    tape.forward(new Transpose(input, x.values(), colours, side * side));
    for (int i = 0; i < stages; i++) {
      Activation y = i == 0 ? convolutions[i].recordFirst(tape, x) : convolutions[i].record(tape, x);
      x = norms[i].record(tape, y, NormKernels.SILU);
    }
    Activation described = silu(tape, describe.record(tape, flat(tape, x)));
    features = described.values();
    Activation result = head.record(tape, described);
    logits = result.values();
    logitsGradient = purpose == Purpose.TRAINING ? new float[logits.length] : new float[0];
    tape.backward((launches, beta) -> {
      result.gradientBeta();
      launches.add(new CopyValues(logitsGradient, result.gradient(), 1));
    });
  }

  private static int halved(int side) {
    return (side + 1) / 2;
  }

  /** All positions and channels of a sample as the channels of one position. */
  private static Activation flat(Tape tape, Activation x) {
    Activation y = new Activation(tape, 1, x.positions() * x.channels(), x.values());
    tape.backward((launches, beta) -> {
      x.gradientBeta();
      launches.add(new CopyValues(y.gradient(), x.gradient(), 1));
      y.releaseGradient();
    });
    return y;
  }

  private static Activation silu(Tape tape, Activation x) {
    Activation y = tape.activation(x.side(), x.channels());
    tape.forward(new Silu(x.values(), y.values()));
    tape.backward((launches, beta) ->
        launches.add(new SiluGradient(x.values(), y.gradient(), x.gradient(), x.gradientBeta())));
    return y;
  }

  public int batch() {
    return batch;
  }

  public int classes() {
    return classes;
  }

  public Parameters parameters() {
    return parameters;
  }

  /** Input, [sample][colour][row][column]. */
  public float[] input() {
    return input;
  }

  /** Features of each sample, [sample][{@value #FEATURES}]. */
  public float[] features() {
    return features;
  }

  /** Logits, [sample][class]. */
  public float[] logits() {
    return logits;
  }

  /** Gradient of the loss with respect to the logits; written before a backward pass. */
  public float[] logitsGradient() {
    return logitsGradient;
  }

  /** A forward pass. */
  public Program forward() {
    return tape.forwardProgram("classifier, " + purpose.name().toLowerCase(Locale.ROOT), purpose).input(input)
        .output(features, logits);
  }

  /**
   * A backward pass after a forward pass: the gradient of the parameters, overwritten.
   *
   * @throws IllegalArgumentException if the network is for inference
   */
  public Program backward() {
    if (purpose != Purpose.TRAINING) {
      throw new IllegalArgumentException("this network was made for inference: make it with Purpose.TRAINING");
    }
    return tape.backwardProgram("classifier, backward", GradientMode.OVERWRITE).input(logitsGradient)
        .output(parameters.gradient());
  }
}
