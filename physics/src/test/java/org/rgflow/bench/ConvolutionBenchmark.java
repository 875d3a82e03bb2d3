package org.rgflow.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.kernels.ConvolutionKernels;
import org.rgflow.launch.Convolve;
import org.rgflow.launch.WeightGradient;

/** Convolutions of the image networks, forward and their two gradients; run by {@code benchmarks/jmh Convolution}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 10, time = 1)
@Measurement(iterations = 5, time = 1)
public class ConvolutionBenchmark {
  /** Samples, side, channels in and out, side of the kernel. */
  @Param({"32x4x384x384x3", "8x8x384x384x3", "4x16x384x384x3", "4x16x192x192x3", "32x4x384x1152x1"})
  public String shape;

  @Param({"1", "2"})
  public int threads;

  private final Program forward = new Program("forward");
  private final Program inputGradient = new Program("gradient of the input");
  private final Program weightGradient = new Program("gradient of the weights");
  private JvmDevice device;
  private Session session;

  /** Makes the launches on arrays of their own. */
  @Setup
  public void open() {
    String[] parts = shape.split("x");
    int samples = Integer.parseInt(parts[0]);
    int side = Integer.parseInt(parts[1]);
    int in = Integer.parseInt(parts[2]);
    int out = Integer.parseInt(parts[3]);
    int kernel = Integer.parseInt(parts[4]);
    int positions = side * side;
    int[] source = new int[kernel * kernel * positions];
    int[] target = new int[source.length];
    for (int i = 0; i < source.length; i++) {
      int tap = i / positions;
      source[i] = neighbour(i % positions, tap, kernel, side);
      target[i] = neighbour(i % positions, kernel * kernel - 1 - tap, kernel, side);
    }
    float[] x = filled(samples * positions * in);
    float[] y = filled(samples * positions * out);
    float[] weights = filled(kernel * kernel * in * out);
    forward.add(new Convolve(x, weights, new float[y.length], source, 0f, positions, positions, in, out, 0, -1,
        ConvolutionKernels.DIRECT));
    inputGradient.add(new Convolve(y, weights, new float[x.length], target, 0f, positions, positions, out, in, 0, -1,
        ConvolutionKernels.TRANSPOSED));
    weightGradient.add(
        new WeightGradient(x, y, new float[weights.length], source, 0f, samples, positions, positions, in, out, 0));
    device = new JvmDevice(threads);
    session = device.open(forward, inputGradient, weightGradient);
  }

  private static int neighbour(int position, int tap, int kernel, int side) {
    int row = position / side + tap / kernel - kernel / 2;
    int column = position % side + tap % kernel - kernel / 2;
    return row < 0 || row >= side || column < 0 || column >= side ? -1 : row * side + column;
  }

  private static float[] filled(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) Math.sin(0.7 * i);
    }
    return values;
  }

  @TearDown
  public void close() {
    session.close();
    device.close();
  }

  @Benchmark
  public void forward() {
    session.run(forward);
  }

  @Benchmark
  public void inputGradient() {
    session.run(inputGradient);
  }

  @Benchmark
  public void weightGradient() {
    session.run(weightGradient);
  }
}
