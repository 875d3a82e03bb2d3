package org.rgflow.network;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rgflow.device.Launch;
import org.rgflow.device.Program;
import org.rgflow.random.RandomStream;

/**
 * Records a network: layers append their forward launches and, beside them, how their backward launches are recorded,
 * which happens in the opposite order. All memory is planned here. Arrays of the same length are reused: activations as
 * soon as the last launch that reads them is recorded (in a network for inference), gradients always.
 */
final class Tape {
  /** Records the backward launches of a layer. */
  @FunctionalInterface
  interface Backward {
    void record(List<Launch> launches, float parameterBeta);
  }

  private record Step(Launch launch, boolean trainingOnly) {}

  private record Taps(int side, int kernel, int stride, Border border) {}

  private final int samples;
  private final Parameters parameters;
  private final RandomStream dropoutStream;
  private final Purpose purpose;
  private final List<Step> forward = new ArrayList<>();
  private final List<Backward> backward = new ArrayList<>();
  private final Map<Integer, Deque<float[]>> free = new HashMap<>();
  private final Map<Taps, int[]> sources = new HashMap<>();
  private final Map<Taps, int[]> targets = new HashMap<>();
  private long bytes;
  private int dropouts;

  Tape(int samples, Parameters parameters, RandomStream dropoutStream, Purpose purpose) {
    this.samples = samples;
    this.parameters = parameters;
    this.dropoutStream = dropoutStream;
    this.purpose = purpose;
  }

  int samples() {
    return samples;
  }

  float[] parameters() {
    return parameters.values();
  }

  float[] gradient() {
    return parameters.gradient();
  }

  /** Seed and step of dropout. */
  int[] dropoutStream() {
    return dropoutStream.buffer();
  }

  /** A number of its own for each dropout. */
  int nextDropout() {
    return dropouts++;
  }

  void forward(Launch launch) {
    forward.add(new Step(launch, false));
  }

  /** A launch that inference leaves out. */
  void forwardInTraining(Launch launch) {
    if (purpose == Purpose.TRAINING) {
      forward.add(new Step(launch, true));
    }
  }

  void backward(Backward recorder) {
    if (purpose == Purpose.TRAINING) {
      backward.add(recorder);
    }
  }

  /** A new activation; its gradient is freed when the backward launches of all that came after are recorded. */
  Activation activation(int side, int channels) {
    long length = (long) samples * side * side * channels;
    if (length > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException("a batch of " + samples + " is too large: " + channels + " channels of " + side
          + "x" + side + " exceed one array; accumulate gradients over smaller batches");
    }
    Activation made = new Activation(this, side, channels, take((int) length));
    backward((launches, beta) -> made.releaseGradient());
    return made;
  }

  /** No later launch reads these values in a forward pass. */
  void done(Activation activation) {
    if (purpose == Purpose.INFERENCE) {
      give(activation.values());
    }
  }

  /** The same of an array that is no activation. */
  void releaseInInference(float[] array) {
    if (purpose == Purpose.INFERENCE) {
      give(array);
    }
  }

  /** An array from the pool. */
  float[] take(int length) {
    Deque<float[]> pool = free.get(length);
    if (pool != null && !pool.isEmpty()) {
      return pool.pop();
    }
    bytes += 4L * length;
    return new float[length];
  }

  /** An array that no launch recorded from now on needs. */
  void give(float[] array) {
    free.computeIfAbsent(array.length, length -> new ArrayDeque<>()).push(array);
  }

  /** Bytes of activations, their gradients and tables planned so far. */
  long bytes() {
    return bytes + sources.values().stream().mapToLong(t -> 4L * t.length).sum()
        + targets.values().stream().mapToLong(t -> 4L * t.length).sum();
  }

  /** Input position under each tap at each output position, −1 outside; see ConvolutionKernels. */
  int[] source(int side, int kernel, int stride, Border border) {
    return sources.computeIfAbsent(new Taps(side, kernel, stride, border), taps -> {
      int sideOut = (side + stride - 1) / stride;
      int[] table = new int[kernel * kernel * sideOut * sideOut];
      int at = 0;
      for (int t = 0; t < kernel * kernel; t++) {
        for (int p = 0; p < sideOut * sideOut; p++) {
          int row = border.place(p / sideOut * stride + t / kernel - kernel / 2, side);
          int column = border.place(p % sideOut * stride + t % kernel - kernel / 2, side);
          table[at++] = inside(row, side) && inside(column, side) ? row * side + column : -1;
        }
      }
      return table;
    });
  }

  /** The other way round: the output position to which each tap takes each input position, −1 for none. */
  int[] target(int side, int kernel, int stride, Border border) {
    return targets.computeIfAbsent(new Taps(side, kernel, stride, border), taps -> {
      int sideOut = (side + stride - 1) / stride;
      int[] table = new int[kernel * kernel * side * side];
      int at = 0;
      for (int t = 0; t < kernel * kernel; t++) {
        for (int q = 0; q < side * side; q++) {
          int row = border.place(q / side - t / kernel + kernel / 2, side);
          int column = border.place(q % side - t % kernel + kernel / 2, side);
          boolean hit = row % stride == 0 && column % stride == 0
              && inside(row / stride, sideOut) && inside(column / stride, sideOut);
          table[at++] = hit ? row / stride * sideOut + column / stride : -1;
        }
      }
      return table;
    });
  }

  private static boolean inside(int coordinate, int side) {
    return coordinate >= 0 && coordinate < side;
  }

  Program forwardProgram(String name, Purpose mode) {
    Program program = new Program(name);
    forward.stream().filter(step -> mode == Purpose.TRAINING || !step.trainingOnly())
        .forEach(step -> program.add(step.launch()));
    return program;
  }

  Program backwardProgram(String name, GradientMode mode) {
    List<Launch> launches = new ArrayList<>();
    for (Backward recorder : backward.reversed()) {
      recorder.record(launches, mode.beta());
    }
    return new Program(name).addAll(launches);
  }
}
