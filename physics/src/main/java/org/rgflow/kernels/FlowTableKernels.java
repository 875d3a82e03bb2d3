package org.rgflow.kernels;

/**
 * From the parameters of a continuous normalizing flow to what {@link VectorFieldKernels} read, at the times of its
 * steps, and back from the sums of those kernels to the gradient of the parameters. With F features of n sines, D
 * functions of time that are contracted from T, and R orbits, the parameters are
 *
 * <pre>
 *   ω [n],   A [F][n+1],   B [D][T],   W [R][D][F],   ln σ [R]
 * </pre>
 *
 * <p>and with functions of time τ_b(t)
 *
 * <pre>
 *   K_d(t) = T^(−½) Σ_b B_db τ_b(t),   w_rf(t) = gain_r Σ_d K_d(t) W_rdf,   ŵ_f(k, t) = Σ_r M_kr w_rf(t),
 *   A_fj = (n+1)^(−½) times the parameter,   c_j(t) = Σ_f w_0f(t) A_fj.
 * </pre>
 */
public final class FlowTableKernels {
  private static final int LANES = VectorFieldKernels.LANES;

  private FlowTableKernels() {}

  /**
   * What does not depend on the time: item = f · (n + 1) + j of A, then ω_j, then σ of each mode.
   *
   * @param mixing A, [feature][n + 1]
   * @param mixingTransposed A, [n + 1][feature]
   * @param prior where the parameters of σ begin
   */
  public static void constants(int item, float[] parameters, float[] frequencies, float[] mixing,
      float[] mixingTransposed, float[] deviation, int[] orbitOf, int prior, int features, int n) {
    int contractions = features * (n + 1);
    if (item < contractions) {
      float a = (float) (1 / Math.sqrt(n + 1.0) * parameters[n + item]);
      mixing[item] = a;
      mixingTransposed[item % (n + 1) * features + item / (n + 1)] = a;
    } else if (item < contractions + n) {
      frequencies[item - contractions] = parameters[item - contractions];
    } else {
      int mode = item - contractions - n;
      deviation[mode] = (float) Math.exp(parameters[prior + orbitOf[mode]]);
    }
  }

  /** Where B begins. */
  private static int times(int features, int n) {
    return n + features * (n + 1);
  }

  /** Where W begins. */
  private static int kernel(int features, int n, int channels, int timeFeatures) {
    return times(features, n) + channels * timeFeatures;
  }

  /**
   * K_d at a time, item = t · D + d.
   *
   * @param timeFunctions τ, [time][T]
   * @param timeKernel K, [time][D]
   */
  public static void timeKernel(int item, float[] parameters, double[] timeFunctions, float[] timeKernel,
      int features, int n, int channels, int timeFeatures) {
    int t = item / channels;
    int d = item % channels;
    int from = times(features, n) + d * timeFeatures;
    double sum = 0;
    for (int b = 0; b < timeFeatures; b++) {
      sum += timeFunctions[t * timeFeatures + b] * parameters[from + b];
    }
    timeKernel[item] = (float) (1 / Math.sqrt(timeFeatures) * sum);
  }

  /**
   * w_r of all features at a time, item = t · R + r.
   *
   * @param position w, [time][orbit][feature]
   */
  public static void position(int item, float[] parameters, double[] gain, float[] timeKernel, float[] position,
      int features, int n, int channels, int timeFeatures, int orbits) {
    int t = item / orbits;
    int r = item % orbits;
    int to = item * features;
    for (int f = 0; f < features; f++) {
      position[to + f] = 0f;
    }
    for (int d = 0; d < channels; d++) {
      float factor = (float) gain[r] * timeKernel[t * channels + d];
      int from = kernel(features, n, channels, timeFeatures) + (r * channels + d) * features;
      for (int f = 0; f < features; f++) {
        position[to + f] += factor * parameters[from + f];
      }
    }
  }

  /**
   * ŵ of an orbit of modes and all features at a time, item = t · R + k.
   *
   * @param eigenvalues M, [orbit of modes][orbit of distances]
   * @param kernel ŵ, [time][orbit][feature]
   */
  public static void modeKernel(
      int item, double[] eigenvalues, float[] position, float[] kernel, int features, int orbits) {
    int k = item % orbits;
    int to = item * features;
    for (int f = 0; f < features; f++) {
      kernel[to + f] = 0f;
    }
    for (int r = 0; r < orbits; r++) {
      float factor = (float) eigenvalues[k * orbits + r];
      int from = (item - k + r) * features;
      for (int f = 0; f < features; f++) {
        kernel[to + f] += factor * position[from + f];
      }
    }
  }

  /** c_j at a time, item = t · (n + 1) + j. */
  public static void diagonal(
      int item, float[] position, float[] mixing, float[] diagonal, int features, int n, int orbits) {
    int j = item % (n + 1);
    int origin = item / (n + 1) * orbits * features;
    float sum = 0f;
    for (int f = 0; f < features; f++) {
      sum += position[origin + f] * mixing[f * (n + 1) + j];
    }
    diagonal[item] = sum;
  }

  /**
   * Gradient with respect to c_j at a time, item = t · (n + 1) + j.
   *
   * @param sums [block][time][n + 1][lanes]
   * @param items times · (n + 1)
   */
  public static void diagonalGradient(int item, float[] sums, double[] gradient, int items, int blocks) {
    double sum = 0;
    for (int block = 0; block < blocks; block++) {
      for (int lane = 0; lane < LANES; lane++) {
        sum += sums[(block * items + item) * LANES + lane];
      }
    }
    gradient[item] = sum;
  }

  /**
   * Gradient with respect to ŵ_f at a time, item = (t · R + k) · F + f.
   *
   * @param sums [block][time][orbit][feature]
   * @param items times · R · F
   */
  public static void modeGradient(int item, double[] sums, double[] gradient, int items, int blocks) {
    double sum = 0;
    for (int block = 0; block < blocks; block++) {
      sum += sums[block * items + item];
    }
    gradient[item] = sum;
  }

  /**
   * Gradient with respect to w_rf / gain_r at a time, all features, item = t · R + r; that of c is in that of w_0.
   *
   * @param modeGradient of ŵ
   * @param diagonalGradient of c
   */
  public static void positionGradient(int item, double[] eigenvalues, double[] gain, float[] mixing,
      double[] modeGradient, double[] diagonalGradient, double[] gradient, int features, int n, int orbits) {
    int r = item % orbits;
    int t = item / orbits;
    int to = item * features;
    for (int f = 0; f < features; f++) {
      gradient[to + f] = 0;
    }
    for (int k = 0; k < orbits; k++) {
      double factor = eigenvalues[k * orbits + r];
      int from = (item - r + k) * features;
      for (int f = 0; f < features; f++) {
        gradient[to + f] += factor * modeGradient[from + f];
      }
    }
    for (int f = 0; f < features; f++) {
      if (r == 0) {
        double sum = 0;
        for (int j = 0; j <= n; j++) {
          sum += mixing[f * (n + 1) + j] * diagonalGradient[t * (n + 1) + j];
        }
        gradient[to + f] += sum;
      }
      gradient[to + f] *= gain[r];
    }
  }

  /** Gradient with respect to K_d at a time, item = t · D + d. */
  public static void timeKernelGradient(int item, float[] parameters, double[] positionGradient, double[] gradient,
      int features, int n, int channels, int timeFeatures, int orbits) {
    int t = item / channels;
    int d = item % channels;
    double sum = 0;
    for (int r = 0; r < orbits; r++) {
      int from = kernel(features, n, channels, timeFeatures) + (r * channels + d) * features;
      for (int f = 0; f < features; f++) {
        sum += parameters[from + f] * positionGradient[(t * orbits + r) * features + f];
      }
    }
    gradient[item] = sum;
  }

  /** Gradient of parameter ω_j. */
  public static void frequencyParameter(int j, float[] gradient, float[] sums, int n, int blocks) {
    double sum = 0;
    for (int block = 0; block < blocks; block++) {
      for (int lane = 0; lane < LANES; lane++) {
        sum += sums[(block * n + j) * LANES + lane];
      }
    }
    gradient[j] = (float) sum;
  }

  /** Gradient of a parameter of A, item = f · (n + 1) + j: by the features, and by c. */
  public static void mixingParameter(int item, float[] gradient, float[] sums, float[] position,
      double[] diagonalGradient, int features, int n, int orbits, int times, int blocks) {
    int f = item / (n + 1);
    int j = item % (n + 1);
    double sum = 0;
    for (int block = 0; block < blocks; block++) {
      int from = (block * features * (n + 1) + item) * LANES;
      for (int lane = 0; lane < LANES; lane++) {
        sum += sums[from + lane];
      }
    }
    for (int t = 0; t < times; t++) {
      sum += position[t * orbits * features + f] * diagonalGradient[t * (n + 1) + j];
    }
    gradient[n + item] = (float) (1 / Math.sqrt(n + 1.0) * sum);
  }

  /** Gradient of a parameter of B, item = d · T + b. */
  public static void timeParameter(int item, float[] gradient, double[] timeFunctions, double[] timeKernelGradient,
      int features, int n, int channels, int timeFeatures, int times) {
    int d = item / timeFeatures;
    int b = item % timeFeatures;
    double sum = 0;
    for (int t = 0; t < times; t++) {
      sum += timeKernelGradient[t * channels + d] * timeFunctions[t * timeFeatures + b];
    }
    gradient[times(features, n) + item] = (float) (1 / Math.sqrt(timeFeatures) * sum);
  }

  /** Gradient of a parameter of W, item = (r · D + d) · F + f. */
  public static void kernelParameter(int item, float[] gradient, float[] timeKernel, double[] positionGradient,
      int features, int n, int channels, int timeFeatures, int orbits, int times) {
    int f = item % features;
    int d = item / features % channels;
    int r = item / (features * channels);
    double sum = 0;
    for (int t = 0; t < times; t++) {
      sum += timeKernel[t * channels + d] * positionGradient[(t * orbits + r) * features + f];
    }
    gradient[kernel(features, n, channels, timeFeatures) + item] = (float) sum;
  }

  /**
   * {@code gradient[offset + orbit]} = sign Σ_k (Σ x_k y_k / count − 1) over the modes k of an orbit, the inner sum
   * over all replicas: gradient of a parameter ln σ.
   *
   * @param x [block][mode][lane]
   * @param y likewise
   * @param orbitModes the modes sorted by orbit
   * @param orbitStart where each orbit begins among them, and their number at the end
   */
  public static void priorParameter(int orbit, float[] x, float[] y, float[] gradient, int[] orbitModes,
      int[] orbitStart, int offset, int sign, int count, int sites, int blocks) {
    double sum = 0;
    for (int i = orbitStart[orbit]; i < orbitStart[orbit + 1]; i++) {
      double products = 0;
      for (int block = 0; block < blocks; block++) {
        int from = (block * sites + orbitModes[i]) * LANES;
        for (int lane = 0; lane < LANES; lane++) {
          products += (double) x[from + lane] * y[from + lane];
        }
      }
      sum += products / count - 1;
    }
    gradient[offset + orbit] = (float) (sign * sum);
  }
}
