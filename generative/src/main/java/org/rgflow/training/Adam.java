package org.rgflow.training;

import java.util.List;
import org.rgflow.device.Launch;
import org.rgflow.device.Program;
import org.rgflow.kernels.OptimizerKernels;
import org.rgflow.launch.AdamStep;
import org.rgflow.launch.ClipGradient;
import org.rgflow.launch.MovingAverage;
import org.rgflow.launch.SquareSums;

/**
 * Adam (Kingma &amp; Ba 1412.6980) with decoupled weight decay (1711.05101), clipping of the gradient's norm,
 * and a moving average of the parameters, on one flat buffer; see {@link OptimizerKernels} for the formulas.
 *
 * <p>On a device with a memory of its own, download parameters, moments and average from the session before
 * they are saved, and upload them after they are read.
 *
 * <p>A step is a pure function of the parameters, gradient, moments, average, the number of steps that were
 * done before and the learning rate, so a run is resumed bit for bit from those. A gradient that is not
 * finite changes nothing; {@link #gradientNorm} tells.
 *
 * <pre>
 * adam.record(program);              // once, behind the launches that fill the gradient
 * adam.prepare(done, rate.at(done)); // before every run
 * session.run(program);
 * </pre>
 */
public final class Adam {
  private final AdamOptions options;
  private final float[] parameters;
  private final float[] gradient;
  private final float[] first;
  private final float[] second;
  private final float[] average;
  private final float[] rates = new float[OptimizerKernels.RATES];
  private final float[] clip = new float[1];
  private final double[] norm = new double[1];
  private final double[] partial;

  /**
   * An optimiser at its start: moments zero, average equal to the parameters.
   *
   * @param parameters w, kept
   * @param gradient of the loss with respect to the parameters, kept
   */
  public Adam(float[] parameters, float[] gradient, AdamOptions options) {
    if (parameters.length == 0 || parameters.length != gradient.length) {
      throw new IllegalArgumentException(
          "there are " + parameters.length + " parameters and " + gradient.length + " elements of the gradient");
    }
    this.options = options;
    this.parameters = parameters;
    this.gradient = gradient;
    this.first = new float[parameters.length];
    this.second = new float[parameters.length];
    this.average = parameters.clone();
    this.partial = new double[(parameters.length + OptimizerKernels.CHUNK - 1) / OptimizerKernels.CHUNK];
  }

  /** Bytes of an optimiser's own buffers for a number of parameters. */
  public static long bytes(long parameters) {
    return 12 * parameters + 8 * ((parameters + OptimizerKernels.CHUNK - 1) / OptimizerKernels.CHUNK);
  }

  /** The launches of one step. */
  public List<Launch> launches() {
    return List.of(new SquareSums(gradient, partial), new ClipGradient(partial, norm, clip, rates),
        new AdamStep(parameters, gradient, first, second, rates, clip),
        new MovingAverage(parameters, average, rates, clip));
  }

  /** Appends one step to a program, and marks what travels with each run. */
  public void record(Program program) {
    program.addAll(launches()).input(rates).output((Object) norm);
  }

  /**
   * Sets the numbers of the next step.
   *
   * @param done steps done before, from 0
   * @param learningRate η
   */
  public void prepare(long done, double learningRate) {
    if (done < 0) {
      throw new IllegalArgumentException("steps are counted from 0, not " + done);
    }
    double t = done + 1.0;
    rates[OptimizerKernels.LEARNING_RATE] = (float) learningRate;
    rates[OptimizerKernels.BETA1] = (float) options.beta1();
    rates[OptimizerKernels.ONE_MINUS_BETA1] = (float) (1 - options.beta1());
    rates[OptimizerKernels.BETA2] = (float) options.beta2();
    rates[OptimizerKernels.ONE_MINUS_BETA2] = (float) (1 - options.beta2());
    rates[OptimizerKernels.CORRECTION1] = (float) (1 / oneMinusPower(options.beta1(), t));
    rates[OptimizerKernels.CORRECTION2] = (float) (1 / Math.sqrt(oneMinusPower(options.beta2(), t)));
    rates[OptimizerKernels.EPSILON] = (float) options.epsilon();
    rates[OptimizerKernels.DECAY] = (float) (1 - learningRate * options.weightDecay());
    rates[OptimizerKernels.AVERAGE] = (float) (1 - averageDecay(done));
    rates[OptimizerKernels.MAX_NORM] = (float) options.maxNorm();
  }

  /** 1 − β^t, equal on all machines; StrictMath.pow allocates. */
  private static double oneMinusPower(double beta, double t) {
    return -StrictMath.expm1(t * StrictMath.log(beta));
  }

  /** d after so many steps: the first steps forget quickly, lest a short training's average be its random beginning. */
  private double averageDecay(long done) {
    return Math.min(options.averageDecay(), (done + 2.0) / (done + 11.0));
  }

  /** ‖g‖ of the last step before clipping; NaN or infinite if the gradient was not finite and nothing changed. */
  public double gradientNorm() {
    return norm[0];
  }

  /** m, the mean of the gradient: state to keep. */
  public float[] firstMoment() {
    return first;
  }

  /** v, the mean of the gradient's square: state to keep. */
  public float[] secondMoment() {
    return second;
  }

  /** w̄, the moving average of the parameters: state to keep, and what samples are drawn with. */
  public float[] average() {
    return average;
  }
}
