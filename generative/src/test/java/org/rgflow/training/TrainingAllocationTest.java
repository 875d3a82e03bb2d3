package org.rgflow.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.device.JvmDevice;
import org.rgflow.diffusion.Denoiser;
import org.rgflow.diffusion.DiffusionSampler;
import org.rgflow.diffusion.NetworkDenoiser;
import org.rgflow.diffusion.NoiseSchedule;
import org.rgflow.diffusion.SamplingMethod;
import org.rgflow.diffusion.SamplingOptions;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.learned.FlowConfiguration;
import org.rgflow.learned.FlowShape;
import org.rgflow.learned.FlowTrainer;
import org.rgflow.network.Purpose;
import org.rgflow.network.UNet;

/**
 * A whole step of a training, and of a sampler, allocates nothing once it is compiled. Measured in processes of their
 * own, of which the best counts: whether the compiler keeps a vector off the heap is to a small part chance, while an
 * allocation in the code happens in all of them.
 */
class TrainingAllocationTest {
  private static final int PROCESSES = 3;
  /** Of processor time: on a busy machine the compiler needs longer. */
  private static final long SECONDS = 80;
  /** Steps between two looks. The median of their bytes counts: the list of losses grows now and then. */
  private static final int LOOK = 50;

  @TempDir
  private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"training", "sampling", "flow", "flow with examples"})
  void aStepAllocatesNothing(String what) throws IOException, InterruptedException {
    String allocated = "";
    for (int attempt = 0; attempt < PROCESSES && !allocated.equals("0"); attempt++) {
      Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "--add-modules=jdk.incubator.vector", "-cp", System.getProperty("java.class.path"),
          TrainingAllocationTest.class.getName(), what, folder.resolve("run" + attempt).toString())
          .redirectError(ProcessBuilder.Redirect.DISCARD).start();
      try (var output = process.inputReader(StandardCharsets.UTF_8)) {
        allocated = output.readLine();
      }
      assertThat(process.waitFor()).isZero();
    }
    assertThat(allocated).isEqualTo("0");
  }

  /** Prints the bytes that a step allocates. */
  public static void main(String[] args) throws IOException {
    Watch watch = new Watch();
    switch (args[0]) {
      case "flow" -> flow(Path.of(args[1]), 0, watch);
      case "flow with examples" -> flow(Path.of(args[1]), 0.5, watch);
      default -> images(args[0], Path.of(args[1]), watch);
    }
    System.out.println(watch.allocated);
    System.exit(0);
  }

  /** A training of a continuous normalizing flow. */
  private static void flow(Path run, double forwardWeight, Watch watch) throws IOException {
    Phi4Action action = Phi4Action.gerdes(-4, 6);
    Ensemble examples = new Ensemble(action, new FieldLayout(Lattice.square(5), 1));
    examples.append(new float[25]);
    FlowShape shape = new FlowShape(Lattice.square(5), 24, 16, 3, 3, 2);
    FlowConfiguration configuration =
        new FlowConfiguration(action, shape, 1, 32, 1_000_000, 1e-4, 1e6, forwardWeight, 1);
    FlowTrainer.train(configuration, run, null, examples, new JvmDevice(1),
        (step, of, loss, fraction) -> watch.after());
  }

  private static void images(String what, Path run, Watch watch) throws IOException {
    TrainingConfiguration configuration = TrainingConfiguration.preset("fddm-fashion-mnist").with(List.of(
        "data.height=8", "data.width=8", "diffusion.patch=2", "diffusion.steps=100", "network.width=32",
        "network.multipliers=1", "network.blocks=1", "network.attentionLevels=0", "optimizer.batchSize=2",
        "optimizer.accumulation=2", "optimizer.steps=1000000", "run.logEvery=100000", "run.sampleEvery=0",
        "run.checkpointEvery=1000000", "diffusion.classes=2", "diffusion.selfConditioning=0.5",
        "diffusion.inputPerturbation=0.1", "diffusion.preconditioning=deviation", "diffusion.weight=min-snr"));
    if (what.equals("training")) {
      Trainer.train(configuration, new Stripes(64), run, null, new JvmDevice(1),
          (step, of, loss) -> watch.after());
    } else {
      sample(configuration, watch);
    }
  }

  private static void sample(TrainingConfiguration configuration, Watch watch) {
    double[] one = IntStream.range(0, configuration.unet().outputChannels()).mapToDouble(k -> 1).toArray();
    ImageModel model = new ImageModel(configuration, new DataStatistics(new double[one.length], one),
        List.of("left", "above"), new float[0]);
    NoiseSchedule schedule = model.schedule();
    UNet network = new UNet(configuration.unet(), 2, 2, 1, Purpose.INFERENCE);
    Denoiser denoiser = model.preconditioned(new NetworkDenoiser(network), schedule);
    DiffusionSampler[] samplers = Stream.of(SamplingOptions.ancestral(100, 4),
        SamplingOptions.deterministic(SamplingMethod.DPM2M, 100, 4),
        SamplingOptions.deterministic(SamplingMethod.HEUN, 100, 4))
        .map(options -> new DiffusionSampler(
            new JvmDevice(1), schedule, denoiser, ImageModel.space(configuration, 2), options))
        .toArray(DiffusionSampler[]::new);
    int[] images = {0, 1};
    boolean more = true;
    while (more) {
      for (DiffusionSampler sampler : samplers) {
        sampler.start(1, images);
        while (sampler.step()) {
          sampler.modes();
        }
      }
      more = watch.after();
    }
  }

  /** Looks at the bytes that the calling thread allocates, from one call to the next. */
  private static final class Watch {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final long deadline = processorTime() + SECONDS * 1_000_000_000L;
    private final long[] bytes = new long[LOOK];
    private long before;
    private long allocated = Long.MAX_VALUE;
    private int at;

    /** Whether to go on. */
    boolean after() {
      long now = threads.getCurrentThreadAllocatedBytes();
      bytes[at] = now - before;
      if (++at == LOOK) {
        at = 0;
        Arrays.sort(bytes);
        allocated = bytes[LOOK / 2];
        if (allocated == 0 || processorTime() > deadline) {
          return false;
        }
      }
      before = threads.getCurrentThreadAllocatedBytes();
      return true;
    }
  }

  /** Nanoseconds that all threads of this process, the compiler's too, have run. */
  private static long processorTime() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
