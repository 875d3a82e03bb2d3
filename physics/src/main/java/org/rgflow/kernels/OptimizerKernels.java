package org.rgflow.kernels;

/**
 * Adam with decoupled weight decay (Kingma &amp; Ba 1412.6980; Loshchilov &amp; Hutter 1711.05101), clipping of
 * the gradient's norm (Pascanu, Mikolov &amp; Bengio 1211.5063) and the exponential moving average of the
 * parameters, on one flat buffer that holds every parameter of a network.
 *
 * <p>What changes from step to step travels in {@code rates}, at the positions {@link #LEARNING_RATE} to
 * {@link #MAX_NORM}. The gradient's norm is found on the device, {@code clip[0]} is the factor that the
 * gradient is multiplied with, and a gradient that is not finite makes it −1: such a step changes nothing.
 */
public final class OptimizerKernels {
  /** Elements of one work item of {@link #squares}, and of one item of the launches on the JVM. */
  public static final int CHUNK = 4096;
  /** Interleaved sums in a chunk: element e of it goes to sum e mod 16. */
  static final int SUMS = 16;

  /** Position of the learning rate η in {@code rates}. */
  public static final int LEARNING_RATE = 0;
  /** Position of β₁. */
  public static final int BETA1 = 1;
  /** Position of 1 − β₁, rounded once from the double. */
  public static final int ONE_MINUS_BETA1 = 2;
  /** Position of β₂. */
  public static final int BETA2 = 3;
  /** Position of 1 − β₂. */
  public static final int ONE_MINUS_BETA2 = 4;
  /** Position of 1/(1 − β₁ᵗ). */
  public static final int CORRECTION1 = 5;
  /** Position of 1/√(1 − β₂ᵗ). */
  public static final int CORRECTION2 = 6;
  /** Position of ε. */
  public static final int EPSILON = 7;
  /** Position of 1 − ηλ, λ being the weight decay. */
  public static final int DECAY = 8;
  /** Position of 1 − the decay of the moving average. */
  public static final int AVERAGE = 9;
  /** Position of the largest norm that a gradient keeps. */
  public static final int MAX_NORM = 10;
  /** Length of {@code rates}. */
  public static final int RATES = 11;

  private OptimizerKernels() {}

  /**
   * Σ g² of the elements {@code chunk * CHUNK <= e < (chunk + 1) * CHUNK}, in double, where the squares of
   * floats are exact: sixteen interleaved sums, added up in order.
   */
  public static void squares(int chunk, float[] gradient, double[] partial) {
    int begin = chunk * CHUNK;
    int end = Math.min(begin + CHUNK, gradient.length);
    double total = 0;
    for (int k = 0; k < SUMS; k++) {
      double sum = 0;
      for (int e = begin + k; e < end; e += SUMS) {
        double g = gradient[e];
        sum += g * g;
      }
      total += sum;
    }
    partial[chunk] = total;
  }

  /**
   * ‖g‖ from the sums of {@link #squares} to {@code norm[0]}, and to {@code clip[0]} the factor min(1,
   * maximum/‖g‖), or −1 if the norm is not finite.
   *
   * @param item there is one item
   */
  public static void clip(int item, double[] partial, double[] norm, float[] clip, float[] rates) {
    double total = 0;
    for (int k = 0; k < partial.length; k++) {
      total += partial[k];
    }
    clipTo(item, total, norm, clip, rates);
  }

  /** {@link #clip} from the sum of all squares. */
  public static void clipTo(int item, double total, double[] norm, float[] clip, float[] rates) {
    double length = Math.sqrt(total);
    norm[item] = length;
    float factor = 1f;
    if (length > rates[MAX_NORM]) {
      factor = (float) (rates[MAX_NORM] / length);
    }
    // x − x is zero for finite numbers only.
    float finite = total - total == 0 ? 1f : 0f;
    if (finite == 0f) {
      factor = -1f;
    }
    clip[item] = factor;
  }

  /**
   * One element of Adam's step: g ← clip·g, m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g²,
   * w ← (1−ηλ)w − η m̂/(√v̂ + ε) with m̂ = m/(1−β₁ᵗ) and v̂ = v/(1−β₂ᵗ). Nothing changes if the clip factor
   * is negative.
   */
  public static void adam(
      int e, float[] parameters, float[] gradient, float[] first, float[] second, float[] rates, float[] clip) {
    float factor = clip[0];
    if (factor >= 0f) {
      float g = factor * gradient[e];
      float m = rates[BETA1] * first[e] + rates[ONE_MINUS_BETA1] * g;
      float v = rates[BETA2] * second[e] + rates[ONE_MINUS_BETA2] * (g * g);
      first[e] = m;
      second[e] = v;
      float step = rates[LEARNING_RATE] * rates[CORRECTION1];
      float root = (float) Math.sqrt(v);
      parameters[e] = rates[DECAY] * parameters[e] - step * m / (root * rates[CORRECTION2] + rates[EPSILON]);
    }
  }

  /** One element of the moving average: w̄ ← w̄ + (1−d)(w − w̄); not if the clip factor is negative. */
  public static void average(int e, float[] parameters, float[] average, float[] rates, float[] clip) {
    if (clip[0] >= 0f) {
      float before = average[e];
      average[e] = before + rates[AVERAGE] * (parameters[e] - before);
    }
  }

  /** One element of a sum of gradients: Σ ← Σ + weight·g. */
  public static void accumulate(int e, float[] gradient, float[] sum, float weight) {
    sum[e] = sum[e] + weight * gradient[e];
  }

  /** One element of a buffer that is set to zero. */
  public static void clear(int e, float[] x) {
    x[e] = 0f;
  }

  /** One element of sums that are set to zero. */
  public static void clearSums(int e, double[] x) {
    x[e] = 0;
  }
}
