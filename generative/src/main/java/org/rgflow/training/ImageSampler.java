package org.rgflow.training;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.rgflow.data.ColorImage;
import org.rgflow.data.YCbCr;
import org.rgflow.device.Device;
import org.rgflow.diffusion.Denoiser;
import org.rgflow.diffusion.DiffusionSampler;
import org.rgflow.diffusion.NoiseSchedule;
import org.rgflow.diffusion.PixelSpace;
import org.rgflow.diffusion.SamplingOptions;

/** Draws pictures from an {@link ImageModel}. Image i of a seed is the same in any batch. Not safe for concurrent use. */
public final class ImageSampler implements AutoCloseable {
  private final PixelSpace space;
  private final DiffusionSampler sampler;

  ImageSampler(Device device, NoiseSchedule schedule, Denoiser denoiser, PixelSpace space, SamplingOptions options) {
    this.space = space;
    this.sampler = new DiffusionSampler(device, schedule, denoiser, space, options);
  }

  /** Images that are drawn at once. */
  public int batch() {
    return space.batch().images();
  }

  /** Predictions that a batch takes. */
  public int stages() {
    return sampler.stages();
  }

  /**
   * Draws one batch.
   *
   * @param first number of the first image
   * @param count of images, at most {@link #batch}
   * @param label class of each image by its number, {@link Denoiser#NO_LABEL} for none
   * @return grey or RGB in [0, 1], clipped
   */
  public List<ColorImage> sample(long seed, int first, int count, IntUnaryOperator label) {
    int[] numbers = IntStream.range(first, first + count).toArray();
    sampler.label(IntStream.of(numbers).map(label).toArray());
    float[] modes = sampler.sample(seed, numbers);
    List<ColorImage> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      images.add(picture(space.decode(modes, i)));
    }
    return images;
  }

  private static ColorImage picture(ColorImage coded) {
    float[] values = coded.colours() == 3 ? YCbCr.toRgb(coded).values() : coded.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.clamp(coded.colours() == 3 ? values[i] : 0.5f * (values[i] + 1), 0f, 1f);
    }
    return new ColorImage(coded.colours(), coded.height(), coded.width(), values);
  }

  @Override
  public void close() {
    sampler.close();
  }
}
