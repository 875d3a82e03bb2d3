package org.rgflow.kernels;

/**
 * What a network needs beside convolutions and norms, on channels-last activations [sample][position][channel]. In
 * gradients β is 0 to overwrite and 1 to add.
 */
public final class NetworkKernels {
  private NetworkKernels() {}

  /** One row of a softmax, in place: x ← e^(x − max) / Σ e^(x − max). */
  public static void softmax(int row, float[] x, int length) {
    int start = row * length;
    float most = x[start];
    for (int i = 1; i < length; i++) {
      most = Math.max(most, x[start + i]);
    }
    double sum = 0;
    for (int i = 0; i < length; i++) {
      float e = (float) Math.exp(x[start + i] - most);
      x[start + i] = e;
      sum += e;
    }
    float inverse = (float) (1.0 / sum);
    for (int i = 0; i < length; i++) {
      x[start + i] = x[start + i] * inverse;
    }
  }

  /** One row of the softmax's gradient, in place of dy: dx = y (dy − Σ y dy). */
  public static void softmaxGradient(int row, float[] y, float[] dy, int length) {
    int start = row * length;
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += (double) y[start + i] * dy[start + i];
    }
    float mean = (float) sum;
    for (int i = 0; i < length; i++) {
      dy[start + i] = y[start + i] * (dy[start + i] - mean);
    }
  }

  /** y = x · sigmoid(x). */
  public static void silu(int item, float[] x, float[] y) {
    y[item] = x[item] * NormKernels.sigmoid(x[item]);
  }

  /** dx = β dx + dy · silu'(x). */
  public static void siluGradient(int item, float[] x, float[] dy, float[] dx, float beta) {
    float g = dy[item] * NormKernels.slope(x[item], NormKernels.SILU);
    if (beta != 0f) {
      g += beta * dx[item];
    }
    dx[item] = g;
  }

  /**
   * One pair of the sinusoidal embedding of a time step (Vaswani et al. 2017, 1706.03762), item = sample · width/2 + i:
   * y[sample][2i] = sin(t ω_i), y[sample][2i+1] = cos(t ω_i), ω_i = 10000^(−2i/width).
   */
  public static void timeEmbedding(int item, float[] steps, float[] y, int width) {
    int half = width / 2;
    int sample = item / half;
    int i = item - sample * half;
    double angle = steps[sample] * Math.exp(-9.210340371976184 * i / half);
    y[2 * item] = (float) Math.sin(angle);
    y[2 * item + 1] = (float) Math.cos(angle);
  }

  /** y[sample][c] += table[label[sample]][c], the table from {@code offset} on in the parameters. */
  public static void addEmbedding(int item, int[] labels, float[] parameters, float[] y, int channels, int offset) {
    y[item] += parameters[offset + labels[item / channels] * channels + item % channels];
  }

  /** g[label][c] = β g + Σ dy[sample][c] over the samples of that label, item = label · channels + c. */
  public static void embeddingGradient(
      int item, int[] labels, float[] dy, float[] gradient, float beta, int channels, int offset) {
    double sum = 0;
    for (int sample = 0; sample < labels.length; sample++) {
      if (labels[sample] == item / channels) {
        sum += dy[sample * channels + item % channels];
      }
    }
    if (beta != 0f) {
      sum += beta * gradient[offset + item];
    }
    gradient[offset + item] = (float) sum;
  }

  /** One row of y[sample][p] += v[sample], item = sample · positions + p. */
  public static void addToPositions(int row, float[] y, float[] v, int positions, int channels) {
    int sample = row / positions;
    for (int c = 0; c < channels; c++) {
      y[row * channels + c] += v[sample * channels + c];
    }
  }

  /** {@code sums[sample][c]} = Σ_p x[sample][p][c], item = sample · channels + c. */
  public static void positionSums(int item, float[] x, float[] sums, int positions, int channels) {
    int sample = item / channels;
    double sum = 0;
    for (int p = 0; p < positions; p++) {
      sum += x[(sample * positions + p) * channels + item - sample * channels];
    }
    sums[item] = (float) sum;
  }

  /** {@code gradient[offset + c]} = β gradient + Σ_row x[row][c]: the gradient of what was added to every row. */
  public static void rowSums(int c, float[] x, float[] gradient, float beta, int rows, int channels, int offset) {
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      sum += x[row * channels + c];
    }
    if (beta != 0f) {
      sum += beta * gradient[offset + c];
    }
    gradient[offset + c] = (float) sum;
  }

  /** One row of y = [a, b]: the channels of a, then those of b. */
  public static void concatenate(int row, float[] a, float[] b, float[] y, int channelsA, int channelsB) {
    int start = row * (channelsA + channelsB);
    for (int c = 0; c < channelsA; c++) {
      y[start + c] = a[row * channelsA + c];
    }
    for (int c = 0; c < channelsB; c++) {
      y[start + channelsA + c] = b[row * channelsB + c];
    }
  }

  /** One row of x = β x + some consecutive channels of y, from {@code first} on: the gradient of a concatenation. */
  public static void takeChannels(int row, float[] y, float[] x, float beta, int of, int first, int channels) {
    for (int c = 0; c < channels; c++) {
      float g = y[row * of + first + c];
      if (beta != 0f) {
        g += beta * x[row * channels + c];
      }
      x[row * channels + c] = g;
    }
  }

  /**
   * Inverted dropout of one element, in place: 0 with probability threshold/2²⁴, else x/(1 − p), by word (e ≫ 4)
   * &amp; 3 of counter (e ≫ 6) · 16 + (e &amp; 15). The same seed and step give the same elements, so the gradient of
   * the dropout is the dropout of the gradient.
   *
   * @param threshold round(2²⁴ p)
   */
  public static void dropout(int e, float[] x, int threshold, int[] stream, int streamId) {
    int word = PhiloxKernels.word((e >> 4) & 3, (e >> 6) * 16 + (e & 15), streamId, stream);
    float keep = 0x1p24f / (0x1p24f - (float) threshold);
    x[e] = ((word >> 8) & 0xFFFFFF) < threshold ? 0f : x[e] * keep;
  }

  /** One element of the nearest neighbour's enlargement by 2: y[n][2i+a][2j+b][c] = x[n][i][j][c]. */
  public static void upsample(int item, float[] x, float[] y, int side, int channels) {
    int c = item % channels;
    int column = item / channels % (2 * side);
    int row = item / channels / (2 * side) % (2 * side);
    int sample = item / channels / (4 * side * side);
    y[item] = x[((sample * side + row / 2) * side + column / 2) * channels + c];
  }

  /** One element of dx = β dx + the sum of dy over the four places that {@link #upsample} copied it to. */
  public static void upsampleGradient(int item, float[] dy, float[] dx, float beta, int side, int channels) {
    int c = item % channels;
    int column = item / channels % side;
    int row = item / channels / side % side;
    int sample = item / channels / (side * side);
    int at = ((sample * 2 * side + 2 * row) * 2 * side + 2 * column) * channels + c;
    int below = at + 2 * side * channels;
    float g = (dy[at] + dy[at + channels]) + (dy[below] + dy[below + channels]);
    if (beta != 0f) {
      g += beta * dx[item];
    }
    dx[item] = g;
  }

  /** One element of y[sample][column][row] = x[sample][row][column]. */
  public static void transpose(int item, float[] x, float[] y, int rows, int columns) {
    int row = item % rows;
    int column = item / rows % columns;
    int sample = item / (rows * columns);
    y[item] = x[(sample * rows + row) * columns + column];
  }
}
