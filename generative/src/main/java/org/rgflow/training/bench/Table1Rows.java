package org.rgflow.training.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.rgflow.device.JvmDevice;
import org.rgflow.diffusion.DiffusionSampler;
import org.rgflow.diffusion.ModeBatch;
import org.rgflow.diffusion.NetworkDenoiser;
import org.rgflow.diffusion.NoiseSchedule;
import org.rgflow.diffusion.NoiseSchedules;
import org.rgflow.diffusion.PixelSpace;
import org.rgflow.diffusion.SamplingOptions;
import org.rgflow.network.Purpose;
import org.rgflow.network.UNet;
import org.rgflow.training.TrainingConfiguration;
import org.rgflow.training.bench.ImagesBench.Monitor;
import org.rgflow.training.bench.ImagesBench.Part;
import org.rgflow.training.bench.ImagesBench.Ratio;
import org.rgflow.training.bench.ImagesBench.Row;

/**
 * Table 1 of 2402.17090: steps of the ancestral sampler in a second, in frequency space and in pixel space. The
 * paper's are of batches of 128 on an A100; ours of a few images, the same number for all three.
 *
 * <p>DDPM's multiply-accumulates are 1.74 times those of 4×4 and 6.89 times those of 8×8. What a published ratio is
 * above that says that DDPM ran at less of the A100's peak than the other. Small batches are against the networks in
 * frequency space, above all 8×8, whose 60 M parameters are read and transformed in every step for only 64 positions
 * of an image.
 */
final class Table1Rows {
  /** A line of the published table. */
  private record Published(String preset, double gigaMultiplyAccumulates, double stepsPerSecond) {}

  private static final List<Published> PUBLISHED = List.of(new Published("fddm-celeba64-p4", 1781, 14.655),
      new Published("fddm-celeba64-p8", 449, 45.76), new Published("ddpm-celeba64", 3099, 5.344));
  private static final int DDPM = 2;
  private static final int BATCH = 4;
  private static final int PUBLISHED_BATCH = 128;

  private final int threads;
  private final Rounds rounds;
  private final Monitor monitor;

  Table1Rows(int threads, Rounds rounds, Monitor monitor) {
    this.threads = threads;
    this.rounds = rounds;
    this.monitor = monitor;
  }

  void run() throws IOException {
    monitor.progress(Part.TABLE1.label(), 0, 1);
    double[][] seconds;
    try (JvmDevice device = new JvmDevice(threads)) {
      List<DiffusionSampler> samplers = new ArrayList<>();
      try {
        for (Published row : PUBLISHED) {
          samplers.add(sampler(TrainingConfiguration.preset(row.preset()), device));
        }
        seconds = rounds.ofNetworks(Part.TABLE1.label(), samplers.stream()
            .map(sampler -> rounds.ours(new Steps(sampler)::run)).toArray(Rounds.Timed[]::new));
      } finally {
        samplers.forEach(DiffusionSampler::close);
      }
    }
    double ddpm = Rounds.median(seconds[DDPM]);
    for (int i = 0; i < PUBLISHED.size(); i++) {
      Published row = PUBLISHED.get(i);
      double multiplyAccumulates = TrainingConfiguration.preset(row.preset()).unet().multiplyAccumulates();
      double steps = 1 / Rounds.median(seconds[i]);
      boolean itself = i == DDPM;
      monitor.row(new Row(Part.TABLE1, "table1-" + row.preset(), row.preset() + ", batch " + BATCH, steps,
          OptionalDouble.of(1 / ddpm), itself ? Optional.empty() : Optional.of(Ratio.of(seconds[i], seconds[DDPM])),
          itself ? OptionalDouble.empty()
              : OptionalDouble.of(row.stepsPerSecond() / PUBLISHED.get(DDPM).stepsPerSecond()),
          2e-9 * multiplyAccumulates * BATCH * steps,
          String.format(Locale.ROOT, "%.1f G multiply-accumulates for %d images; paper %.0f G, %s steps/s",
              1e-9 * multiplyAccumulates * PUBLISHED_BATCH, PUBLISHED_BATCH, row.gigaMultiplyAccumulates(),
              row.stepsPerSecond())));
    }
  }

  private static DiffusionSampler sampler(TrainingConfiguration c, JvmDevice device) {
    int patch = c.diffusion().patch();
    int colours = c.data().colours();
    int rows = c.data().height() / patch;
    int columns = c.data().width() / patch;
    int channels = colours * patch * patch;
    double[] deviation = IntStream.range(0, channels).mapToDouble(k -> 1).toArray();
    NoiseSchedule schedule =
        NoiseSchedules.named(c.diffusion().schedule(), patch, colours, deviation, c.diffusion().steps());
    UNet network = new UNet(c.unet(), BATCH, 0, 1, Purpose.INFERENCE);
    PixelSpace space = new PixelSpace(new ModeBatch(BATCH, channels, rows * columns), colours, rows, columns, patch);
    return new DiffusionSampler(device, schedule, new NetworkDenoiser(network), space,
        SamplingOptions.ancestral(c.diffusion().steps(), c.diffusion().steps()));
  }

  /** One step after the other, and a new run after the last. */
  private static final class Steps {
    private final DiffusionSampler sampler;
    private boolean more;

    Steps(DiffusionSampler sampler) {
      this.sampler = sampler;
    }

    void run() {
      if (!more) {
        sampler.start(1, 0, 1, 2, 3);
      }
      more = sampler.step();
    }
  }
}
