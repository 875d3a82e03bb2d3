package org.rgflow.kernels;

/**
 * Group normalisation (Wu &amp; He 2018, 1803.08494) followed by SiLU or by nothing, forward and backward, on
 * channels-last activations. With x̂ = (x − μ) r, r = 1/√(σ² + ε), of a sample's group of channels over all its
 * positions, u = γ x̂ + β and y = u · sigmoid(u), or y = u. Sums are taken in double.
 *
 * <p>The backward pass keeps nothing of the forward pass but its input and {@code statistics}:
 *
 * <pre>  du = dy · y'(u),   dγ = Σ du x̂,   dβ = Σ du,
 *  dx = r [ γ du − mean(γ du) − x̂ mean(γ du x̂) ],   means over the group</pre>
 */
public final class NormKernels {
  /** y = u. */
  public static final int IDENTITY = 0;

  /** y = u · sigmoid(u) (Hendrycks &amp; Gimpel 2016). */
  public static final int SILU = 1;

  /** ε in r = 1/√(σ² + ε). */
  public static final float EPSILON = 1e-5f;

  private NormKernels() {}

  /** Mean and r of one group of one sample: item = sample · groups + group, {@code statistics[2 * item]}. */
  public static void statistics(int item, float[] x, float[] statistics, int positions, int channels, int groups) {
    int width = channels / groups;
    int start = item / groups * positions * channels + item % groups * width;
    double sum = 0;
    double squares = 0;
    for (int p = 0; p < positions; p++) {
      for (int c = 0; c < width; c++) {
        double value = x[start + p * channels + c];
        sum += value;
        squares += value * value;
      }
    }
    double count = positions * (double) width;
    double mean = sum / count;
    double variance = Math.max(0.0, squares / count - mean * mean);
    statistics[2 * item] = (float) mean;
    statistics[2 * item + 1] = (float) (1.0 / Math.sqrt(variance + EPSILON));
  }

  /** One element of y. Scale γ from {@code scaleOffset} on in the parameters, shift β right behind it. */
  public static void apply(int item, float[] x, float[] statistics, float[] parameters, float[] y, int positions,
      int channels, int groups, int scaleOffset, int activation) {
    float u = normalised(item, x, statistics, positions, channels, groups)
        * parameters[scaleOffset + item % channels] + parameters[scaleOffset + channels + item % channels];
    y[item] = activation == SILU ? u * sigmoid(u) : u;
  }

  /** {@link #apply} to all elements of a group of channels of a sample, item = sample · groups + group. */
  public static void groupApply(int item, float[] x, float[] statistics, float[] parameters, float[] y, int positions,
      int channels, int groups, int scaleOffset, int activation) {
    int sample = item / groups;
    int width = channels / groups;
    int first = (item - sample * groups) * width;
    float mean = statistics[2 * item];
    float r = statistics[2 * item + 1];
    for (int c = first; c < first + width; c++) {
      float gamma = parameters[scaleOffset + c];
      float beta = parameters[scaleOffset + channels + c];
      for (int p = 0; p < positions; p++) {
        int at = (sample * positions + p) * channels + c;
        float u = (x[at] - mean) * r * gamma + beta;
        y[at] = activation == SILU ? u * sigmoid(u) : u;
      }
    }
  }

  /**
   * The sums over positions of one channel of one sample, item = sample · channels + channel:
   * {@code sums[sample][0][c]} = Σ du x̂ and {@code sums[sample][1][c]} = Σ du.
   */
  public static void channelSums(int item, float[] x, float[] statistics, float[] parameters, float[] dy, float[] sums,
      int positions, int channels, int groups, int scaleOffset, int activation) {
    int sample = item / channels;
    int c = item - sample * channels;
    int group = sample * groups + c / (channels / groups);
    float mean = statistics[2 * group];
    float r = statistics[2 * group + 1];
    float gamma = parameters[scaleOffset + c];
    float beta = parameters[scaleOffset + channels + c];
    double scale = 0;
    double shift = 0;
    for (int p = 0; p < positions; p++) {
      int at = (sample * positions + p) * channels + c;
      float hat = (x[at] - mean) * r;
      float u = hat * gamma + beta;
      float du = dy[at] * slope(u, activation);
      scale += (double) du * hat;
      shift += du;
    }
    sums[2 * sample * channels + c] = (float) scale;
    sums[(2 * sample + 1) * channels + c] = (float) shift;
  }

  /** One element of dx ← β dx + …, from the {@link #channelSums}. */
  public static void inputGradient(int item, float[] x, float[] statistics, float[] parameters, float[] dy,
      float[] sums, float[] dx, float beta, int positions, int channels, int groups, int scaleOffset, int activation) {
    int sample = item / (positions * channels);
    int c = item % channels;
    int width = channels / groups;
    int first = c / width * width;
    double meanHat = 0;
    double mean = 0;
    for (int j = first; j < first + width; j++) {
      meanHat += (double) parameters[scaleOffset + j] * sums[2 * sample * channels + j];
      mean += (double) parameters[scaleOffset + j] * sums[(2 * sample + 1) * channels + j];
    }
    double count = positions * (double) width;
    float hat = normalised(item, x, statistics, positions, channels, groups);
    float u = hat * parameters[scaleOffset + c] + parameters[scaleOffset + channels + c];
    float du = dy[item] * slope(u, activation);
    float r = statistics[2 * (sample * groups + c / width) + 1];
    float g = r * (parameters[scaleOffset + c] * du - (float) (mean / count) - hat * (float) (meanHat / count));
    if (beta != 0f) {
      g += beta * dx[item];
    }
    dx[item] = g;
  }

  /** {@link #inputGradient} of all elements of a group of channels of a sample, item = sample · groups + group. */
  public static void groupInputGradient(int item, float[] x, float[] statistics, float[] parameters, float[] dy,
      float[] sums, float[] dx, float beta, int positions, int channels, int groups, int scaleOffset, int activation) {
    int sample = item / groups;
    int width = channels / groups;
    int first = (item - sample * groups) * width;
    double meanHat = 0;
    double mean = 0;
    for (int j = first; j < first + width; j++) {
      meanHat += (double) parameters[scaleOffset + j] * sums[2 * sample * channels + j];
      mean += (double) parameters[scaleOffset + j] * sums[(2 * sample + 1) * channels + j];
    }
    double count = positions * (double) width;
    float shift = (float) (mean / count);
    float slant = (float) (meanHat / count);
    float centre = statistics[2 * item];
    float r = statistics[2 * item + 1];
    for (int c = first; c < first + width; c++) {
      float gamma = parameters[scaleOffset + c];
      float offset = parameters[scaleOffset + channels + c];
      for (int p = 0; p < positions; p++) {
        int at = (sample * positions + p) * channels + c;
        float hat = (x[at] - centre) * r;
        float du = dy[at] * slope(hat * gamma + offset, activation);
        float g = r * (gamma * du - shift - hat * slant);
        if (beta != 0f) {
          g += beta * dx[at];
        }
        dx[at] = g;
      }
    }
  }

  private static float normalised(int item, float[] x, float[] statistics, int positions, int channels, int groups) {
    int group = item / (positions * channels) * groups + item % channels / (channels / groups);
    return (x[item] - statistics[2 * group]) * statistics[2 * group + 1];
  }

  static float sigmoid(float u) {
    return (float) (1.0 / (1.0 + Math.exp(-u)));
  }

  /** The derivative of the activation at u. */
  public static float slope(float u, int activation) {
    float slope = 1f;
    if (activation == SILU) {
      float s = sigmoid(u);
      slope = s * (1f + u * (1f - s));
    }
    return slope;
  }
}
