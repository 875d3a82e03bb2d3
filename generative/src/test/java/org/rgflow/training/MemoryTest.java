package org.rgflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.diffusion.Denoiser;
import org.rgflow.diffusion.SamplingMethod;
import org.rgflow.diffusion.SamplingOptions;

/** What is in use, on the heap and off it, once a step has run, against what the dry run says: within 5 %. */
class MemoryTest {
  /** Of several, one that gets no work for a step takes no packing space. */
  private static final int THREADS = 1;

  /** The second has everything that takes memory of its own. */
  private static final String PLAIN = "network.width=96 network.multipliers=1,2 optimizer.batchSize=8 optimizer.accumulation=1";
  private static final String EVERYTHING = "network.width=96 network.multipliers=1,2 optimizer.batchSize=16 optimizer.accumulation=2"
      + " diffusion.classes=2 diffusion.selfConditioning=0.5 diffusion.inputPerturbation=0.1"
      + " diffusion.preconditioning=deviation diffusion.weight=min-snr";
  private static final String PIXELS = "network.width=64 network.multipliers=1,2 optimizer.batchSize=48"
      + " diffusion.space=pixel diffusion.patch=1 diffusion.schedule=cosine network.attentionLevels=1";

  @TempDir
  private Path folder;

  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static TrainingConfiguration configuration(String settings) {
    List<String> all = new ArrayList<>(List.of("data.height=8", "data.width=8", "diffusion.patch=2", "diffusion.steps=100"));
    for (String setting : settings.split(" ")) {
      all.removeIf(s -> s.startsWith(setting.substring(0, setting.indexOf('=') + 1)));
      all.add(setting);
    }
    return TrainingConfiguration.preset("fddm-fashion-mnist").with(all);
  }

  /**
   * Bytes of all live objects and of direct buffers. Not the heap's own count: there, whole regions belong to a large
   * array with some collectors.
   */
  private static long inUse() {
    String histogram;
    try {
      histogram = (String) ManagementFactory.getPlatformMBeanServer().invoke(
          new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram", new Object[] {new String[0]},
          new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new AssertionError(e);
    }
    // Fillers are how a collector marks holes.
    long objects = Pattern.compile("(?m)^ *\\d+: +\\d+ +(\\d+) +(?!.*FillerElement)").matcher(histogram).results()
        .mapToLong(line -> Long.parseLong(line.group(1))).sum();
    return objects + ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
  }

  @ParameterizedTest
  @ValueSource(strings = {PLAIN, EVERYTHING, PIXELS})
  void aTrainingTakesWhatTheDryRunSays(String settings) {
    TrainingConfiguration configuration = configuration(settings);
    TrainingPlan plan = TrainingPlan.of(configuration, THREADS);
    Stripes images = new Stripes(64);
    long before = inUse();
    long[] during = new long[1];
    try (Device device = new JvmDevice(THREADS)) {
      assertThatThrownBy(() -> Trainer.train(configuration, images, folder.resolve("run"), null, device, (step, of, loss) -> {
        during[0] = inUse();
        throw new Enough();
      })).isInstanceOf(Enough.class);
    }
    assertThat((double) plan.bytes()).isCloseTo(during[0] - before, withinPercentage(5));
  }

  @ParameterizedTest
  @ValueSource(strings = {PLAIN, EVERYTHING, PIXELS})
  void aSamplerTakesWhatTheDryRunSays(String settings) {
    TrainingConfiguration configuration = configuration(settings);
    TrainingPlan plan = TrainingPlan.of(configuration, THREADS);
    int channels = configuration.unet().outputChannels();
    double[] one = IntStream.range(0, channels).mapToDouble(k -> 1).toArray();
    ImageModel model = new ImageModel(configuration, new DataStatistics(new double[channels], one),
        configuration.diffusion().classes() == 0 ? List.of() : List.of("left", "above"),
        new float[(int) plan.parameters()]);
    SamplingOptions options = SamplingOptions.deterministic(SamplingMethod.DPM2M, configuration.diffusion().steps(), 1);
    try (Device device = new JvmDevice(THREADS)) {
      packOnce(model, device, options);
      long before = inUse();
      try (ImageSampler sampler = model.open(device, Trainer.GRID_IMAGES, options, 1)) {
        sampler.sample(1, 0, 1, image -> Denoiser.NO_LABEL);
        long during = inUse();
        assertThat(sampler.batch()).isEqualTo(Trainer.GRID_IMAGES);
        assertThat((double) plan.samplingBytes()).isCloseTo(during - before, withinPercentage(5));
      }
    }
  }

  /** The threads' packing space is counted with the training. */
  private static void packOnce(ImageModel model, Device device, SamplingOptions options) {
    try (ImageSampler sampler = model.open(device, Trainer.GRID_IMAGES, options, 1)) {
      sampler.sample(1, 0, 1, image -> Denoiser.NO_LABEL);
    }
  }
}
