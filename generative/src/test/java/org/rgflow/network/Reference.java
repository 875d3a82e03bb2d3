package org.rgflow.network;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Set;
import java.util.stream.Collectors;
import org.rgflow.kernels.PhiloxKernels;

/**
 * The layers once more, in double and channels-first, from their definitions alone: what the float layers and their
 * gradients are held against.
 */
final class Reference {
  /** Values [n][c][row][column]. */
  record Field(int samples, int channels, int side, double[] values) {
    Field(int samples, int channels, int side) {
      this(samples, channels, side, new double[samples * channels * side * side]);
    }

    int at(int n, int c, int row, int column) {
      return ((n * channels + c) * side + row) * side + column;
    }

    double get(int n, int c, int row, int column) {
      return values[at(n, c, row, column)];
    }

    /** Elements in the order [n][row][column][c]. */
    double[] channelsLast() {
      double[] y = new double[values.length];
      int i = 0;
      for (int n = 0; n < samples; n++) {
        for (int p = 0; p < side * side; p++) {
          for (int c = 0; c < channels; c++) {
            y[i++] = get(n, c, p / side, p % side);
          }
        }
      }
      return y;
    }

    static Field fromChannelsLast(int samples, int channels, int side, double[] x) {
      Field y = new Field(samples, channels, side);
      int i = 0;
      for (int n = 0; n < samples; n++) {
        for (int p = 0; p < side * side; p++) {
          for (int c = 0; c < channels; c++) {
            y.values[y.at(n, c, p / side, p % side)] = x[i++];
          }
        }
      }
      return y;
    }
  }

  private final Parameters parameters;
  private final double[] values;
  private final UNetConfiguration configuration;
  private final int[] dropoutStream;
  private final Set<String> names;
  private int dropouts;

  /**
   * @param values of the parameters
   * @param dropoutStream seed and step, or null for no dropout
   */
  Reference(Parameters parameters, double[] values, UNetConfiguration configuration, int[] dropoutStream) {
    this.parameters = parameters;
    this.values = values;
    this.configuration = configuration;
    this.dropoutStream = dropoutStream;
    names = parameters.views().stream().map(ParameterLayout.View::name).collect(Collectors.toSet());
  }

  private double parameter(String name, int index) {
    return values[parameters.view(name).offset() + index];
  }

  Field convolution(String name, Field x, int stride) {
    return convolution(name, x, stride, Border.ZERO);
  }

  Field convolution(String name, Field x, int stride, Border border) {
    ParameterLayout.View weight = parameters.view(name + ".weight");
    int rank = weight.shape().size();
    int kernel = rank == 4 ? weight.shape().get(0) : 1;
    int in = weight.shape().get(rank - 2);
    int out = weight.shape().get(rank - 1);
    int bias = parameters.view(name + ".bias").offset();
    int side = (x.side() + stride - 1) / stride;
    Field y = new Field(x.samples(), out, side);
    for (int n = 0; n < x.samples(); n++) {
      for (int i = 0; i < side; i++) {
        for (int j = 0; j < side; j++) {
          double[] sums = Arrays.copyOfRange(values, bias, bias + out);
          for (int a = 0; a < kernel; a++) {
            for (int b = 0; b < kernel; b++) {
              int row = i * stride + a - kernel / 2;
              int column = j * stride + b - kernel / 2;
              if (border == Border.PERIODIC) {
                row = (row + x.side()) % x.side();
                column = (column + x.side()) % x.side();
              }
              if (row < 0 || row >= x.side() || column < 0 || column >= x.side()) {
                continue;
              }
              for (int c = 0; c < in; c++) {
                double v = x.get(n, c, row, column);
                int w = weight.offset() + ((a * kernel + b) * in + c) * out;
                for (int o = 0; o < out; o++) {
                  sums[o] += v * values[w + o];
                }
              }
            }
          }
          for (int o = 0; o < out; o++) {
            y.values()[y.at(n, o, i, j)] = sums[o];
          }
        }
      }
    }
    return y;
  }

  Field norm(String name, Field x) {
    int scale = parameters.view(name + ".scale").offset();
    int shift = parameters.view(name + ".shift").offset();
    int width = x.channels() / GroupNormalization.groups(x.channels());
    int count = width * x.side() * x.side();
    Field y = new Field(x.samples(), x.channels(), x.side());
    for (int start = 0; start < x.values().length; start += count) {
      double mean = 0;
      for (int i = start; i < start + count; i++) {
        mean += x.values()[i] / count;
      }
      double variance = 0;
      for (int i = start; i < start + count; i++) {
        variance += (x.values()[i] - mean) * (x.values()[i] - mean) / count;
      }
      double deviation = Math.sqrt(variance + 1e-5f);
      for (int i = start; i < start + count; i++) {
        int c = i / (x.side() * x.side()) % x.channels();
        y.values()[i] = (x.values()[i] - mean) / deviation * values[scale + c] + values[shift + c];
      }
    }
    return y;
  }

  static Field silu(Field x) {
    Field y = new Field(x.samples(), x.channels(), x.side());
    for (int i = 0; i < y.values().length; i++) {
      y.values()[i] = x.values()[i] / (1 + Math.exp(-x.values()[i]));
    }
    return y;
  }

  Field attention(String name, Field x) {
    Field qkv = convolution(name + ".qkv", norm(name + ".norm", x), 1);
    int c = x.channels();
    int side = x.side();
    int p = side * side;
    Field mixed = new Field(x.samples(), c, side);
    for (int n = 0; n < x.samples(); n++) {
      for (int query = 0; query < p; query++) {
        double[] weight = new double[p];
        double sum = 0;
        for (int key = 0; key < p; key++) {
          double product = 0;
          for (int k = 0; k < c; k++) {
            product += qkv.get(n, k, query / side, query % side) * qkv.get(n, c + k, key / side, key % side);
          }
          weight[key] = Math.exp(product / Math.sqrt(c));
          sum += weight[key];
        }
        for (int k = 0; k < c; k++) {
          double value = 0;
          for (int key = 0; key < p; key++) {
            value += weight[key] / sum * qkv.get(n, 2 * c + k, key / side, key % side);
          }
          mixed.values()[mixed.at(n, k, query / side, query % side)] = value;
        }
      }
    }
    return add(x, convolution(name + ".projection", mixed, 1));
  }

  Field block(String name, Field x, Field t) {
    Field h = convolution(name + ".conv1", silu(norm(name + ".norm1", x)), 1);
    Field v = convolution(name + ".time", t, 1);
    int positions = h.side() * h.side();
    for (int i = 0; i < h.values().length; i++) {
      h.values()[i] += v.values()[i / positions];
    }
    Field b = dropout(silu(norm(name + ".norm2", h)));
    Field shortcut = has(name + ".shortcut.weight") ? convolution(name + ".shortcut", x, 1) : x;
    Field y = add(shortcut, convolution(name + ".conv2", b, 1));
    return has(name + ".attention.qkv.weight") ? attention(name + ".attention", y) : y;
  }

  private boolean has(String name) {
    return names.contains(name);
  }

  /** The same elements as the network drops: they are numbered channels-last. */
  private Field dropout(Field x) {
    if (dropoutStream == null) {
      return x;
    }
    double[] kept = x.channelsLast();
    int threshold = (int) Math.round(configuration.dropout() * (1 << 24));
    int stream = 0x9000 + dropouts++;
    for (int e = 0; e < kept.length; e++) {
      int word = PhiloxKernels.word((e >> 4) & 3, (e >> 6) * 16 + (e & 15), stream, dropoutStream);
      kept[e] = (word >>> 8) < threshold ? 0 : kept[e] / (1 - threshold * 0x1p-24);
    }
    return Field.fromChannelsLast(x.samples(), x.channels(), x.side(), kept);
  }

  static Field add(Field a, Field b) {
    Field y = new Field(a.samples(), a.channels(), a.side());
    for (int i = 0; i < y.values().length; i++) {
      y.values()[i] = a.values()[i] + b.values()[i];
    }
    return y;
  }

  static Field concatenate(Field a, Field b) {
    Field y = new Field(a.samples(), a.channels() + b.channels(), a.side());
    int sizeA = a.channels() * a.side() * a.side();
    int sizeB = b.channels() * b.side() * b.side();
    for (int n = 0; n < a.samples(); n++) {
      System.arraycopy(a.values(), n * sizeA, y.values(), n * (sizeA + sizeB), sizeA);
      System.arraycopy(b.values(), n * sizeB, y.values(), n * (sizeA + sizeB) + sizeA, sizeB);
    }
    return y;
  }

  static Field enlarge(Field x) {
    Field y = new Field(x.samples(), x.channels(), 2 * x.side());
    for (int i = 0; i < y.values().length; i++) {
      int row = i / y.side() % y.side();
      int plane = i / (y.side() * y.side());
      y.values()[i] = x.values()[(plane * x.side() + row / 2) * x.side() + i % y.side() / 2];
    }
    return y;
  }

  private static Field sinusoids(float[] steps, int width) {
    Field t = new Field(steps.length, width, 1);
    for (int i = 0; i < t.values().length; i++) {
      double angle = steps[i / width] * Math.pow(10_000, -(double) (i % width / 2) / (width / 2));
      t.values()[i] = i % 2 == 0 ? Math.sin(angle) : Math.cos(angle);
    }
    return t;
  }

  Field time(float[] steps, int[] labels) {
    Field t = sinusoids(steps, configuration.width());
    Field embedding = convolution("time.linear2", silu(convolution("time.linear1", t, 1)), 1);
    if (has("label.table")) {
      for (int i = 0; i < embedding.values().length; i++) {
        int c = i % embedding.channels();
        embedding.values()[i] += parameter("label.table", labels[i / embedding.channels()] * embedding.channels() + c);
      }
    }
    return silu(embedding);
  }

  /** The whole network. */
  Field network(Field input, float[] steps, int[] labels) {
    Field t = time(steps, labels);
    Deque<Field> kept = new ArrayDeque<>();
    Field x = convolution("head", input, 1);
    kept.push(x);
    int levels = configuration.multipliers().size();
    for (int level = 0; level < levels; level++) {
      for (int i = 0; i < configuration.blocks(); i++) {
        x = block("down." + level + "." + i, x, t);
        kept.push(x);
      }
      if (has("down." + level + ".resample.weight")) {
        x = convolution("down." + level + ".resample", x, 2);
        kept.push(x);
      }
    }
    x = block("middle.1", block("middle.0", x, t), t);
    for (int level = levels - 1; level >= 0; level--) {
      for (int i = 0; has("up." + level + "." + i + ".conv1.weight"); i++) {
        x = block("up." + level + "." + i, concatenate(x, kept.pop()), t);
      }
      if (has("up." + level + ".resample.weight")) {
        x = convolution("up." + level + ".resample", enlarge(x), 1);
      }
    }
    return convolution("tail.conv", silu(norm("tail.norm", x)), 1);
  }

  /** A whole {@link LatticeNetwork}. */
  Field latticeNetwork(Field input, float[] times, int width) {
    Field plus = oneSided(input, times, width);
    Field negative = new Field(input.samples(), input.channels(), input.side());
    for (int i = 0; i < negative.values().length; i++) {
      negative.values()[i] = -input.values()[i];
    }
    Field minus = oneSided(negative, times, width);
    for (int i = 0; i < plus.values().length; i++) {
      plus.values()[i] = 0.5 * (plus.values()[i] - minus.values()[i]);
    }
    return plus;
  }

  private Field oneSided(Field input, float[] times, int width) {
    Field t = silu(convolution("time.linear", sinusoids(times, width), 1));
    Field x = convolution("head", input, 1, Border.PERIODIC);
    for (int i = 0; has("block." + i + ".conv1.weight"); i++) {
      Field h = convolution("block." + i + ".conv1", silu(x), 1, Border.PERIODIC);
      Field v = convolution("block." + i + ".time", t, 1);
      for (int j = 0; j < h.values().length; j++) {
        h.values()[j] += v.values()[j / (h.side() * h.side())];
      }
      x = add(x, convolution("block." + i + ".conv2", silu(h), 1, Border.PERIODIC));
    }
    return convolution("tail", silu(x), 1);
  }
}
