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

  /** h at an element of the features. */
  public static void feature(
      int element, float[] phi, float[] h, float[] frequencies, float[] mixing, int sites, int features, int n) {
    int width = sites * LANES;
    int field = element / width;
    int f = field % features;
    float x = phi[(field / features) * width + element % width];
    float sum = 0f;
    for (int j = 0; j < n; j++) {
      sum += mixing[f * (n + 1) + j] * sine(frequencies[j] * x);
    }
    h[element] = sum + mixing[f * (n + 1) + n] * x;
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
   * Adds Σ v̂̄ ĥ_f over an orbit and the replicas of a block to the gradient with respect to ŵ_f (item =
   * (block · orbits + orbit) · features + f).
   *
   * @param gradient [block][time][orbit][feature]
   * @param orbitModes the modes sorted by orbit
   * @param orbitStart where each orbit begins among them, and their number at the end
   */
  public static void kernelGradient(int item, float[] modes, float[] adjoint, double[] gradient, int time, int times,
      int[] orbitModes, int[] orbitStart, int orbits, int sites, int features) {
    int f = item % features;
    int orbit = (item / features) % orbits;
    int block = item / (features * orbits);
    int width = sites * LANES;
    double sum = 0;
    for (int i = orbitStart[orbit]; i < orbitStart[orbit + 1]; i++) {
      for (int lane = 0; lane < LANES; lane++) {
        int at = orbitModes[i] * LANES + lane;
        sum += adjoint[block * width + at] * modes[(block * features + f) * width + at];
      }
    }
    gradient[((block * times + time) * orbits + orbit) * features + f] += sum;
  }

  /** ĥ_f ← ŵ_f v̂̄ at an element of the features' modes: the transform of g. */
  public static void spread(int element, float[] modes, float[] adjoint, float[] kernel, int time, int[] orbitOf,
      int orbits, int sites, int features) {
    int width = sites * LANES;
    int field = element / width;
    int at = element % width;
    modes[element] = kernel[(time * orbits + orbitOf[at / LANES]) * features + field % features]
        * adjoint[(field / features) * width + at];
  }

  /** φ̄ at an element of the field. */
  public static void fieldGradient(int element, float[] phi, float[] g, float[] result, float[] frequencies,
      float[] mixing, float[] diagonal, int time, float delta, int sites, int features, int n) {
    int width = sites * LANES;
    int block = element / width;
    int at = element % width;
    float x = phi[element];
    float sum = 0f;
    for (int j = 0; j <= n; j++) {
      float back = 0f;
      for (int f = 0; f < features; f++) {
        back += mixing[f * (n + 1) + j] * g[(block * features + f) * width + at];
      }
      if (j == n) {
        sum += back;
      } else {
        float w = frequencies[j];
        sum += w * (back * cosine(w * x) - delta * diagonal[time * (n + 1) + j] * w * sine(w * x));
      }
    }
    result[element] = sum;
  }

  /**
   * Adds Σ g_f s_j over the sites to the gradient with respect to A_fj at fixed c (item = ((block · features + f)
   * · (n + 1) + j) · lanes + lane).
   */
  public static void mixingGradient(
      int item, float[] phi, float[] g, float[] gradient, float[] frequencies, int sites, int features, int n) {
    int lane = item % LANES;
    int j = (item / LANES) % (n + 1);
    int field = item / (LANES * (n + 1));
    float sum = 0f;
    for (int site = 0; site < sites; site++) {
      float x = phi[((field / features) * sites + site) * LANES + lane];
      float s = j == n ? x : sine(frequencies[Math.min(j, n - 1)] * x);
      sum += g[(field * sites + site) * LANES + lane] * s;
    }
    gradient[item] += sum;
  }

  /** Adds to the gradient with respect to ω_j (item = (block · n + j) · lanes + lane). */
  public static void frequencyGradient(int item, float[] phi, float[] g, float[] gradient, float[] frequencies,
      float[] mixing, float[] diagonal, int time, float delta, int sites, int features, int n) {
    int lane = item % LANES;
    int j = (item / LANES) % n;
    int block = item / (LANES * n);
    float w = frequencies[j];
    float c = diagonal[time * (n + 1) + j];
    float sum = 0f;
    for (int site = 0; site < sites; site++) {
      float x = phi[(block * sites + site) * LANES + lane];
      float back = 0f;
      for (int f = 0; f < features; f++) {
        back += mixing[f * (n + 1) + j] * g[((block * features + f) * sites + site) * LANES + lane];
      }
      float cos = cosine(w * x);
      sum += back * x * cos + delta * c * (cos - w * x * sine(w * x));
    }
    gradient[item] += sum;
  }

  /** Adds δ Σ s'_j over the sites to the gradient with respect to c_j (item = (block · (n + 1) + j) · lanes + lane). */
  public static void diagonalGradient(int item, float[] phi, float[] gradient, float[] frequencies, int time,
      int times, float delta, int sites, int n) {
    int lane = item % LANES;
    int j = (item / LANES) % (n + 1);
    int block = item / (LANES * (n + 1));
    float w = frequencies[Math.min(j, n - 1)];
    float sum = 0f;
    for (int site = 0; site < sites; site++) {
      sum += j == n ? 1f : w * cosine(w * phi[(block * sites + site) * LANES + lane]);
    }
    gradient[((block * times + time) * (n + 1) + j) * LANES + lane] += delta * sum;
  }

  /** out ← c0 x0 + c1 x1 + c2 x2 + c3 x3 + c4 x4; out may be any of them. */
  public static void weightedSum(int element, float[] out, float[] x0, float[] x1, float[] x2, float[] x3, float[] x4,
      float c0, float c1, float c2, float c3, float c4) {
    out[element] =
        c0 * x0[element] + c1 * x1[element] + c2 * x2[element] + c3 * x3[element] + c4 * x4[element];
  }

  /** out ← a x + b y; out may be either. */
  public static void weightedPair(int element, float[] out, float[] x, float[] y, float a, float b) {
    out[element] = a * x[element] + b * y[element];
  }
}
