package org.rgflow.kernels;

/**
 * The velocity field of a continuous normalizing flow on a periodic lattice (Gerdes et al., SciPost Phys. 15, 238
 * (2023), arXiv 2207.00283), convolved in mode space, and its adjoint. Fields are laid out as {@code
 * [block][site][lane]} (see FieldLayout) with {@value #LANES} lanes, features as {@code [block][feature][site][lane]};
 * modes are those of the real Fourier basis of the lattice. With
 *
 * <pre>
 *   s_j(φ) = sin(ω_j φ), j = 0 … n−1,   s_n(φ) = φ,   h_f(φ) = Σ_j A_fj s_j(φ)
 *   v̂(k) = Σ_f ŵ_f(k) ĥ_f(k)                        the velocity, convolved in mode space
 *   ∂v_x/∂φ_x = Σ_j c_j s'_j(φ_x),   c_j = Σ_f w_f(0) A_fj
 * </pre>
 *
 * <p>ŵ_f depends on the orbit of the mode under the symmetries of the lattice alone. Gradients are those of a
 * loss whose derivative with respect to v is {@code v̄}, and with respect to the divergence of a replica the
 * same number for all, {@code δ}; then h̄_f = inverse transform of ŵ_f v̂̄, called g here, and
 *
 * <pre>
 *   φ̄ = Σ_j s'_j(φ) Σ_f A_fj g_f + δ Σ_j c_j s''_j(φ)
 * </pre>
 */
public final class VectorFieldKernels {
  /** Replicas of a block. */
  public static final int LANES = 16;

  /** Features that share a sine on devices. */
  public static final int CHUNK = 16;

  /** Adding and subtracting 1.5·2²³ rounds to the nearest integer. */
  static final float ROUND = 12582912f;

  static final float INVERSE_PI = 0.318309886183790672f;
  /** π in two parts, the first of 8 bits. */
  static final float PI_HIGH = 3.140625f;

  static final float PI_LOW = 9.676535846665502e-4f;

  /** sin r = r + r³(S3 + r²(S5 + …)) on |r| ≤ π/2 to 5e-9, cos r = 1 + r²(C2 + …) to 5e-8: Remez' exchange. */
  static final float S3 = -0.16666656732559204f;

  static final float S5 = 0.008333017118275166f;
  static final float S7 = -0.00019806581258308142f;
  static final float S9 = 2.599979097794858e-6f;
  static final float C2 = -0.4999993145465851f;
  static final float C4 = 0.04166398569941521f;
  static final float C6 = -0.0013855894794687629f;
  static final float C8 = 2.319360828550998e-5f;

  private VectorFieldKernels() {}

  /** sin x for |x| up to some thousands, to 1e-7 plus the rounding of x. */
  public static float sine(float x) {
    float n = (x * INVERSE_PI + ROUND) - ROUND;
    float r = (x - n * PI_HIGH) - n * PI_LOW;
    float z = r * r;
    return sign(n) * (r + r * z * (S3 + z * (S5 + z * (S7 + z * S9))));
  }

  /** cos x for |x| up to some thousands, to 1e-7 plus the rounding of x. */
  public static float cosine(float x) {
    float n = (x * INVERSE_PI + ROUND) - ROUND;
    float r = (x - n * PI_HIGH) - n * PI_LOW;
    float z = r * r;
    return sign(n) * (1f + z * (C2 + z * (C4 + z * (C6 + z * C8))));
  }

  /** (−1)ⁿ of a whole number. */
  private static float sign(float n) {
    float odd = n - 2f * ((0.5f * n + ROUND) - ROUND);
    return 1f - 2f * (odd * odd);
  }

  /**
   * h at an element of the field, as many as {@value #CHUNK} features of it: item = (block · chunks + chunk) · sites ·
   * lanes + site · lanes + lane.
   *
   * @param mixing A, [feature][n + 1]
   */
  public static void features(
      int item, float[] phi, float[] h, float[] frequencies, float[] mixing, int sites, int features, int n) {
    float[] sums = new float[CHUNK];
    int width = sites * LANES;
    int chunks = (features + CHUNK - 1) / CHUNK;
    int block = item / (width * chunks);
    int first = (item / width - block * chunks) * CHUNK;
    int at = item % width;
    float x = phi[block * width + at];
    for (int i = 0; i < CHUNK; i++) {
      sums[i] = 0f;
    }
    int count = Math.min(CHUNK, features - first);
    for (int j = 0; j < n; j++) {
      float s = sine(frequencies[j] * x);
      for (int i = 0; i < CHUNK; i++) {
        if (i < count) {
          sums[i] += mixing[(first + i) * (n + 1) + j] * s;
        }
      }
    }
    for (int i = 0; i < CHUNK; i++) {
      if (i < count) {
        h[(block * features + first + i) * width + at] = sums[i] + mixing[(first + i) * (n + 1) + n] * x;
      }
    }
  }

  /**
   * Adds {@code weight} times the divergence of the velocity to the logarithm of the Jacobian of one replica
   * (item = block · lanes + lane).
   *
   * @param diagonal c_j of all times, [time][n + 1]
   */
  public static void divergence(int item, float[] phi, double[] logJacobian, float[] frequencies, float[] diagonal,
      int time, float weight, int sites, int n) {
    int block = item / LANES;
    double sum = 0;
    for (int site = 0; site < sites; site++) {
      float x = phi[(block * sites + site) * LANES + item % LANES];
      float term = diagonal[time * (n + 1) + n];
      for (int j = 0; j < n; j++) {
        term += diagonal[time * (n + 1) + j] * frequencies[j] * cosine(frequencies[j] * x);
      }
      sum += term;
    }
    logJacobian[item] += weight * sum;
  }

  /**
   * v̂ at an element of the modes.
   *
   * @param kernel ŵ of all times, [time][orbit][feature]
   * @param orbitOf orbit of each mode
   */
  public static void combine(int element, float[] modes, float[] velocity, float[] kernel, int time, int[] orbitOf,
      int orbits, int sites, int features) {
    int width = sites * LANES;
    int block = element / width;
    int at = element % width;
    int weights = (time * orbits + orbitOf[at / LANES]) * features;
    float sum = 0f;
    for (int f = 0; f < features; f++) {
      sum += kernel[weights + f] * modes[(block * features + f) * width + at];
    }
    velocity[element] = sum;
  }

  /**
   * On the modes of an orbit and the replicas of a block, item = (block · orbits + orbit) · features + f: adds Σ v̂̄
   * ĥ_f to the gradient with respect to ŵ_f, and then ĥ_f ← ŵ_f v̂̄, the transform of g.
   *
   * @param gradient [block][time][orbit][feature]
   * @param orbitModes the modes sorted by orbit
   * @param orbitStart where each orbit begins among them, and their number at the end
   */
  public static void kernelAdjoint(int item, float[] modes, float[] adjoint, float[] kernel, double[] gradient,
      int time, int times, int[] orbitModes, int[] orbitStart, int orbits, int sites, int features) {
    int f = item % features;
    int orbit = (item / features) % orbits;
    int block = item / (features * orbits);
    int width = sites * LANES;
    float weight = kernel[(time * orbits + orbit) * features + f];
    double sum = 0;
    for (int i = orbitStart[orbit]; i < orbitStart[orbit + 1]; i++) {
      for (int lane = 0; lane < LANES; lane++) {
        int at = orbitModes[i] * LANES + lane;
        float given = adjoint[block * width + at];
        sum += given * modes[(block * features + f) * width + at];
        modes[(block * features + f) * width + at] = weight * given;
      }
    }
    gradient[((block * times + time) * orbits + orbit) * features + f] += sum;
  }

  /**
   * φ̄ at an element of the field.
   *
   * @param mixingTransposed A, [j][feature]
   */
  public static void fieldGradient(int element, float[] phi, float[] g, float[] result, float[] frequencies,
      float[] mixingTransposed, float[] diagonal, int time, float delta, int sites, int features, int n) {
    int width = sites * LANES;
    int block = element / width;
    int at = element % width;
    float x = phi[element];
    float sum = 0f;
    for (int f = 0; f < features; f++) {
      sum += mixingTransposed[n * features + f] * g[(block * features + f) * width + at];
    }
    for (int j = 0; j < n; j++) {
      float back = 0f;
      for (int f = 0; f < features; f++) {
        back += mixingTransposed[j * features + f] * g[(block * features + f) * width + at];
      }
      float w = frequencies[j];
      sum += w * (back * cosine(w * x) - delta * diagonal[time * (n + 1) + j] * w * sine(w * x));
    }
    result[element] = sum;
  }

  /**
   * Adds the sums over the sites of one lane to the gradients with respect to A_fj at fixed c, Σ g_f s_j; to c_j,
   * δ Σ s'_j; and to ω_j; item = (block · (n + 1) + j) · lanes + lane.
   *
   * @param mixingSums gradient of A, [block][feature][n + 1][lanes]
   * @param frequencySums gradient of ω, [block][n][lanes]
   * @param diagonalSums gradient of c, [block][time][n + 1][lanes]
   */
  public static void parameterGradients(int item, float[] phi, float[] g, float[] mixingSums, float[] frequencySums,
      float[] diagonalSums, float[] frequencies, float[] mixingTransposed, float[] diagonal, int time, int times,
      float delta, int sites, int features, int n) {
    float[] sums = new float[CHUNK];
    int lane = item % LANES;
    int j = (item / LANES) % (n + 1);
    int block = item / (LANES * (n + 1));
    float w = frequencies[Math.min(j, n - 1)];
    float weight = delta * diagonal[time * (n + 1) + j];
    float slopes = 0f;
    float frequency = 0f;
    for (int first = 0; first < features; first += CHUNK) {
      int count = Math.min(CHUNK, features - first);
      for (int i = 0; i < CHUNK; i++) {
        sums[i] = 0f;
      }
      for (int site = 0; site < sites; site++) {
        float x = phi[(block * sites + site) * LANES + lane];
        float s = x;
        float slope = 1f;
        float second = 0f;
        if (j < n) {
          s = sine(w * x);
          slope = cosine(w * x);
          second = slope - w * x * s;
        }
        float back = 0f;
        for (int i = 0; i < CHUNK; i++) {
          if (i < count) {
            float given = g[((block * features + first + i) * sites + site) * LANES + lane];
            sums[i] += given * s;
            back += mixingTransposed[j * features + first + i] * given;
          }
        }
        frequency += back * x * slope;
        if (first == 0) {
          frequency += weight * second;
          slopes += slope;
        }
      }
      for (int i = 0; i < CHUNK; i++) {
        if (i < count) {
          mixingSums[((block * features + first + i) * (n + 1) + j) * LANES + lane] += sums[i];
        }
      }
    }
    if (j < n) {
      slopes *= w;
      frequencySums[(block * n + j) * LANES + lane] += frequency;
    }
    diagonalSums[((block * times + time) * (n + 1) + j) * LANES + lane] += delta * slopes;
  }

  /** out ← c0 x0 + c1 x1 + c2 x2 + c3 x3 + c4 x4. */
  public static void weightedSum(int element, float[] out, float[] x0, float[] x1, float[] x2, float[] x3, float[] x4,
      float c0, float c1, float c2, float c3, float c4) {
    out[element] =
        c0 * x0[element] + c1 * x1[element] + c2 * x2[element] + c3 * x3[element] + c4 * x4[element];
  }

  /** out ← a x + b y. */
  public static void weightedPair(int element, float[] out, float[] x, float[] y, float a, float b) {
    out[element] = a * x[element] + b * y[element];
  }
}
