package org.rgflow.learned;

import java.util.List;
import org.rgflow.device.Launch;
import org.rgflow.launch.FlowConstants;
import org.rgflow.launch.FlowParameterGradients;
import org.rgflow.launch.FlowTimeGradients;
import org.rgflow.launch.FlowTimeTables;

/**
 * What the kernels of a flow read, made from its parameters at the times that the steps need, and the way back from
 * the kernels' sums to the gradient of the parameters ({@link org.rgflow.kernels.FlowTableKernels}). With the functions
 * of time τ_b(t) = cos(πbt), b = 0 … T−1, and |r| the number of distances in orbit r of R,
 *
 * <pre>
 *   K_d(t) = T^(−½) Σ_b B_db τ_b(t),   w_rf(t) = ½ (D F R |r|)^(−½) Σ_d K_d(t) W_rdf,
 *   ŵ_f(k, t) = Σ_r M_kr w_rf(t),   A_fj = (n+1)^(−½) times the parameter,   c_j(t) = Σ_f w_0f(t) A_fj.
 * </pre>
 *
 * <p>The factors make all parameters of order 1, so that the optimiser's steps, whose size does not know that of the
 * parameters, change the flow smoothly.
 */
final class FlowTables {
  /** Chosen so that a step of Adam changes the eigenvalues by a few hundredths. */
  private static final double GAIN = 0.5;

  private final FlowShape shape;
  private final FlowParameters parameters;
  private final KernelOrbits orbits;
  private final int n;
  private final int features;
  private final int channels;
  private final double[] timeFunctions;
  /** Factor of each orbit's W. */
  private final double[] gain;
  private final float[] timeKernel;

  /** w_rf(t), [time][orbit][feature]. */
  private final float[] position;

  /** ŵ_f(k, t), [time][orbit][feature]. */
  final float[] kernel;

  /** c_j(t), [time][n + 1]. */
  final float[] diagonal;

  /** ω. */
  final float[] frequencies;

  /** A, and transposed. */
  final float[] mixing;

  final float[] mixingTransposed;

  /** σ of each mode. */
  final float[] deviation;

  FlowTables(FlowShape shape, FlowParameters parameters, KernelOrbits orbits) {
    this.shape = shape;
    this.parameters = parameters;
    this.orbits = orbits;
    n = shape.frequencies();
    features = shape.features();
    channels = shape.timeChannels();
    int times = shape.times();
    timeFunctions = new double[times * shape.timeFeatures()];
    for (int t = 0; t < times; t++) {
      for (int b = 0; b < shape.timeFeatures(); b++) {
        timeFunctions[t * shape.timeFeatures() + b] = StrictMath.cos(Math.PI * b * t / (times - 1));
      }
    }
    gain = new double[orbits.count()];
    for (int r = 0; r < gain.length; r++) {
      gain[r] = GAIN / Math.sqrt((double) channels * features * orbits.count() * orbits.size(r));
    }
    timeKernel = new float[times * channels];
    position = new float[times * orbits.count() * features];
    kernel = new float[position.length];
    diagonal = new float[times * (n + 1)];
    frequencies = new float[n];
    mixing = new float[features * (n + 1)];
    mixingTransposed = new float[mixing.length];
    deviation = new float[shape.lattice().sites()];
  }

  /** Parameters to tables. */
  List<Launch> prepare() {
    return List.of(
        new FlowConstants(parameters.values(), frequencies, mixing, mixingTransposed, deviation, orbits.orbitOf(),
            parameters.prior, features, n),
        new FlowTimeTables(parameters.values(), timeFunctions, gain, orbits.eigenvalues(), mixing, timeKernel, position,
            kernel, diagonal, features, n, channels, shape.timeFeatures(), orbits.count()));
  }

  /**
   * The kernels' sums to the gradient of all parameters but the prior's, which is overwritten.
   *
   * @param sums what the kernels of all replica blocks added up
   */
  List<Launch> gradient(FlowSums sums) {
    double[] diagonalGradient = new double[diagonal.length];
    double[] positionGradient = new double[position.length];
    double[] timeGradient = new double[timeKernel.length];
    return List.of(
        new FlowTimeGradients(parameters.values(), sums.diagonal, sums.kernel, mixing, orbits.eigenvalues(), gain,
            diagonalGradient, new double[kernel.length], positionGradient, timeGradient, features, n, channels,
            shape.timeFeatures(), orbits.count()),
        new FlowParameterGradients(parameters.gradient(), sums.frequencies, sums.mixing, timeFunctions, timeKernel,
            position, diagonalGradient, positionGradient, timeGradient, features, n, channels, shape.timeFeatures(),
            orbits.count()));
  }
}
