package org.rgflow.diffusion;

import java.util.List;
import org.rgflow.device.Launch;

/** The exact denoiser of {@link ModeData}, whatever the label: on the JVM device, for tests. */
record MixtureDenoiser(ModeBatch shape, NoiseSchedule schedule, ModeData data, double[] logSignal) implements Denoiser {
  MixtureDenoiser(ModeBatch shape, NoiseSchedule schedule, ModeData data) {
    this(shape, schedule, data, new double[shape.images() * shape.channels()]);
  }

  private record Denoise(MixtureDenoiser denoiser, float[] noisy, float[] clean) implements Launch {
    @Override
    public int items() {
      return denoiser.shape.images() * denoiser.shape.channels();
    }

    @Override
    public int cost() {
      return 100 * denoiser.shape.positions();
    }

    @Override
    public void run(int begin, int end) {
      int positions = denoiser.shape.positions();
      for (int row = begin; row < end; row++) {
        for (int e = row * positions; e < (row + 1) * positions; e++) {
          clean[e] = (float) denoiser.data.denoise(
              row % denoiser.shape.channels(), noisy[e], denoiser.logSignal[row]);
        }
      }
    }
  }

  @Override
  public List<Launch> record(Inputs inputs, float[] clean) {
    return List.of(new Denoise(this, inputs.noisy(), clean));
  }

  @Override
  public List<Object> buffers() {
    return List.of(logSignal);
  }

  @Override
  public void prepare(double[] times) {
    for (int i = 0; i < logSignal.length; i++) {
      logSignal[i] = schedule.logSignal(i % shape.channels(), times[i / shape.channels()]);
    }
  }
}
