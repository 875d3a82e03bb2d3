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
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.launch.Normals;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.sampler.Sampler;
import org.rgflow.sampler.SamplerOptions;
import org.rgflow.sampler.Samplers;

/** Whole updates of the samplers and the normals that they draw; run by {@code benchmarks/jmh}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 10, time = 1)
@Measurement(iterations = 5, time = 1)
public class LatticeBenchmark {
  @Param({"6x256", "20x256", "64x16", "512x1"})
  public String fields;

  @Param({"1", "2"})
  public int threads;

  private JvmDevice device;
  private Sampler hmc;
  private Sampler metropolis;
  private Session normals;
  private Program fill;

  /** Makes the samplers near the critical line of the GERDES action. */
  @Setup
  public void open() {
    String[] parts = fields.split("x");
    FieldLayout layout = new FieldLayout(Lattice.square(Integer.parseInt(parts[0])), Integer.parseInt(parts[1]));
    Phi4Action action = Phi4Action.gerdes(-4, 4.5);
    device = new JvmDevice(threads);
    hmc = Samplers.create("hmc", action, layout, new RandomStream(1), device, SamplerOptions.DEFAULTS.withSteps(10));
    metropolis = Samplers.create("metropolis", action, layout, new RandomStream(1), device, SamplerOptions.DEFAULTS);
    RandomStream stream = new RandomStream(2);
    fill = new Program("normals").input(stream.buffer())
        .add(new Normals(new float[layout.size()], layout.blocks(), stream.buffer(), Streams.FLOW));
    normals = device.open(fill);
  }

  @TearDown
  public void close() {
    normals.close();
    hmc.close();
    metropolis.close();
    device.close();
  }

  /** A trajectory of ten leapfrog steps with momenta, energies and decision. */
  @Benchmark
  public void hmcTrajectory() {
    hmc.update();
  }

  @Benchmark
  public void metropolisUpdate() {
    metropolis.update();
  }

  /** As many normal numbers as the fields have sites. */
  @Benchmark
  public void normals() {
    normals.run(fill);
  }
}
