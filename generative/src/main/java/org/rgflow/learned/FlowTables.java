package org.rgflow.learned;

import java.util.Arrays;
import java.util.List;
import org.rgflow.device.JvmLaunch;
import org.rgflow.device.Launch;
import org.rgflow.kernels.VectorFieldKernels;

/**
 * What the kernels of a flow read, made from its parameters at the times that the steps need, and the way back from
 * the kernels' sums to the gradient of the parameters. With the functions of time τ_b(t) = cos(πbt), b = 0 … T−1, and
 * |r| the number of distances in orbit r of R,
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
  private final double mixingScale;
  private final double timeScale;
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

  private final double[] kernelGradient;
  private final double[] diagonalGradient;
  private final double[] timeGradient;

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
    mixingScale = 1 / Math.sqrt(n + 1.0);
    timeScale = 1 / Math.sqrt(shape.timeFeatures());
    timeKernel = new float[times * channels];
    position = new float[times * orbits.count() * features];
    kernel = new float[position.length];
    diagonal = new float[times * (n + 1)];
    frequencies = new float[n];
    mixing = new float[features * (n + 1)];
    mixingTransposed = new float[mixing.length];
    deviation = new float[shape.lattice().sites()];
    kernelGradient = new double[position.length];
    diagonalGradient = new double[diagonal.length];
    timeGradient = new double[timeKernel.length];
  }

  /** Parameters to tables. */
  List<Launch> prepare() {
    int each = orbits.count() * features;
    return List.of(JvmLaunch.items(1, mixing.length, item -> copy()),
        JvmLaunch.items(shape.times(), each * (2 * channels + 2 * orbits.count()), this::prepare));
  }

  private void copy() {
    float[] values = parameters.values();
    System.arraycopy(values, parameters.frequencies, frequencies, 0, n);
    for (int i = 0; i < mixing.length; i++) {
      mixing[i] = (float) (mixingScale * values[parameters.mixing + i]);
    }
    for (int f = 0; f < features; f++) {
      for (int j = 0; j <= n; j++) {
        mixingTransposed[j * features + f] = mixing[f * (n + 1) + j];
      }
    }
    for (int mode = 0; mode < deviation.length; mode++) {
      deviation[mode] = (float) StrictMath.exp(values[parameters.prior + orbits.orbitOf()[mode]]);
    }
  }

  private void prepare(int t) {
    float[] values = parameters.values();
    int count = orbits.count();
    for (int d = 0; d < channels; d++) {
      double sum = 0;
      for (int b = 0; b < shape.timeFeatures(); b++) {
        sum += timeFunctions[t * shape.timeFeatures() + b] * values[parameters.times + d * shape.timeFeatures() + b];
      }
      timeKernel[t * channels + d] = (float) (timeScale * sum);
    }
    Arrays.fill(position, t * count * features, (t + 1) * count * features, 0f);
    for (int r = 0; r < count; r++) {
      int to = (t * count + r) * features;
      for (int d = 0; d < channels; d++) {
        float factor = (float) gain[r] * timeKernel[t * channels + d];
        int from = parameters.kernel + (r * channels + d) * features;
        for (int f = 0; f < features; f++) {
          position[to + f] += factor * values[from + f];
        }
      }
    }
    Arrays.fill(kernel, t * count * features, (t + 1) * count * features, 0f);
    for (int k = 0; k < count; k++) {
      int to = (t * count + k) * features;
      for (int r = 0; r < count; r++) {
        float factor = (float) orbits.eigenvalue(k, r);
        int from = (t * count + r) * features;
        for (int f = 0; f < features; f++) {
          kernel[to + f] += factor * position[from + f];
        }
      }
    }
    int origin = t * count * features;
    for (int j = 0; j <= n; j++) {
      float sum = 0;
      for (int f = 0; f < features; f++) {
        sum += position[origin + f] * mixing[f * (n + 1) + j];
      }
      diagonal[t * (n + 1) + j] = sum;
    }
  }

  /**
   * The kernels' sums to the gradient of all parameters but the prior's, which is overwritten.
   *
   * @param sums what the kernels of all replica blocks added up
   */
  List<Launch> gradient(FlowSums sums) {
    int each = orbits.count() * features;
    return List.of(
        JvmLaunch.items(shape.times(), each * (2 * channels + 2 * orbits.count() + sums.blocks), t -> collect(t, sums)),
        JvmLaunch.items(orbits.count(), 2 * channels * features * shape.times(), this::kernelGradient),
        JvmLaunch.items(features, 2 * (n + 1) * shape.times(), f -> mixingGradient(f, sums)),
        JvmLaunch.items(n, sums.blocks * VectorFieldKernels.LANES, j -> frequencyGradient(j, sums)),
        JvmLaunch.items(channels, 2 * shape.timeFeatures() * shape.times(), this::timeGradient));
  }

  private void collect(int t, FlowSums sums) {
    int count = orbits.count();
    int each = count * features;
    int lanes = VectorFieldKernels.LANES;
    for (int j = 0; j <= n; j++) {
      double sum = 0;
      for (int block = 0; block < sums.blocks; block++) {
        for (int lane = 0; lane < lanes; lane++) {
          sum += sums.diagonal[((block * shape.times() + t) * (n + 1) + j) * lanes + lane];
        }
      }
      diagonalGradient[t * (n + 1) + j] = sum;
    }
    Arrays.fill(kernelGradient, t * each, (t + 1) * each, 0);
    for (int k = 0; k < count; k++) {
      for (int f = 0; f < features; f++) {
        double sum = 0;
        for (int block = 0; block < sums.blocks; block++) {
          sum += sums.kernel[(block * shape.times() + t) * each + k * features + f];
        }
        for (int r = 0; r < count; r++) {
          kernelGradient[t * each + r * features + f] += orbits.eigenvalue(k, r) * sum;
        }
      }
    }
    for (int f = 0; f < features; f++) {
      double sum = 0;
      for (int j = 0; j <= n; j++) {
        sum += mixing[f * (n + 1) + j] * diagonalGradient[t * (n + 1) + j];
      }
      kernelGradient[t * each + f] += sum;
    }
    for (int i = 0; i < each; i++) {
      kernelGradient[t * each + i] *= gain[i / features];
    }
    for (int d = 0; d < channels; d++) {
      double sum = 0;
      for (int r = 0; r < count; r++) {
        int at = parameters.kernel + (r * channels + d) * features;
        for (int f = 0; f < features; f++) {
          sum += parameters.values()[at + f] * kernelGradient[t * each + r * features + f];
        }
      }
      timeGradient[t * channels + d] = sum;
    }
  }

  private void kernelGradient(int r) {
    int each = orbits.count() * features;
    for (int d = 0; d < channels; d++) {
      for (int f = 0; f < features; f++) {
        double sum = 0;
        for (int t = 0; t < shape.times(); t++) {
          sum += timeKernel[t * channels + d] * kernelGradient[t * each + r * features + f];
        }
        parameters.gradient()[parameters.kernel + (r * channels + d) * features + f] = (float) sum;
      }
    }
  }

  private void mixingGradient(int f, FlowSums sums) {
    int lanes = VectorFieldKernels.LANES;
    for (int j = 0; j <= n; j++) {
      double sum = 0;
      for (int block = 0; block < sums.blocks; block++) {
        int at = ((block * features + f) * (n + 1) + j) * lanes;
        for (int lane = 0; lane < lanes; lane++) {
          sum += sums.mixing[at + lane];
        }
      }
      for (int t = 0; t < shape.times(); t++) {
        sum += position[t * orbits.count() * features + f] * diagonalGradient[t * (n + 1) + j];
      }
      parameters.gradient()[parameters.mixing + f * (n + 1) + j] = (float) (mixingScale * sum);
    }
  }

  private void frequencyGradient(int j, FlowSums sums) {
    int lanes = VectorFieldKernels.LANES;
    double sum = 0;
    for (int block = 0; block < sums.blocks; block++) {
      for (int lane = 0; lane < lanes; lane++) {
        sum += sums.frequencies[(block * n + j) * lanes + lane];
      }
    }
    parameters.gradient()[parameters.frequencies + j] = (float) sum;
  }

  private void timeGradient(int d) {
    for (int b = 0; b < shape.timeFeatures(); b++) {
      double sum = 0;
      for (int t = 0; t < shape.times(); t++) {
        sum += timeGradient[t * channels + d] * timeFunctions[t * shape.timeFeatures() + b];
      }
      parameters.gradient()[parameters.times + d * shape.timeFeatures() + b] = (float) (timeScale * sum);
    }
  }
}
