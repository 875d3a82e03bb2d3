package org.rgflow.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.rgflow.data.ColorImage;
import org.rgflow.device.Device;
import org.rgflow.diffusion.Denoiser;
import org.rgflow.diffusion.DiffusionSampler;
import org.rgflow.diffusion.Interpolation;
import org.rgflow.diffusion.NoiseSchedule;
import org.rgflow.diffusion.PixelSpace;
import org.rgflow.diffusion.SamplingOptions;

/**
 * Draws pictures from an {@link ImageModel}. Image i of a seed is the same in any batch. Not safe for concurrent use.
 */
public final class ImageSampler implements AutoCloseable {
  private static final DiffusionSampler.Observer NOBODY = (stage, time, modes, predicted) -> { };

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

  /** How the images of a batch lie in memory, for who looks on. */
  public PixelSpace space() {
    return space;
  }

  /**
   * Draws one batch.
   *
   * @param first number of the first image
   * @param count of images, at most {@link #batch}
   * @param label class of each image by its number, {@link Denoiser#NO_LABEL} for none
   * @return grey or RGB in [0, 1], clipped
   * @throws IllegalArgumentException if the model's numbers are so large that NaN comes out
   */
  public List<ColorImage> sample(long seed, int first, int count, IntUnaryOperator label) {
    return sample(seed, first, count, label, NOBODY);
  }

  /** The same with someone who looks on. */
  public List<ColorImage> sample(
      long seed, int first, int count, IntUnaryOperator label, DiffusionSampler.Observer observer) {
    int[] numbers = IntStream.range(first, first + count).toArray();
    sampler.label(IntStream.of(numbers).map(label).toArray());
    return pictures(sampler.sample(observer, seed, numbers), count);
  }

  /**
   * Draws images on the way between the images of one number and two seeds: the noise that they start from goes along
   * the great circle ({@link Interpolation#spherical}). With a deterministic solver the ends are those two images, bit
   * for bit; the noise of the steps, where the solver makes any, is that of the first seed.
   *
   * @param image number of the image
   * @param along for each image, at most {@link #batch}, where on the way: 0 at {@code from}, 1 at {@code to}
   * @param label class of all, {@link Denoiser#NO_LABEL} for none
   */
  public List<ColorImage> interpolate(
      long from, long to, int image, double[] along, int label, DiffusionSampler.Observer observer) {
    int length = space.batch().imageSize();
    float[] begin = new float[length];
    float[] end = new float[length];
    DiffusionSampler.noise(from, image, begin, 0, length);
    DiffusionSampler.noise(to, image, end, 0, length);
    float[] white = new float[space.batch().size()];
    for (int i = 0; i < batch(); i++) {
      Interpolation.spherical(begin, end, along[i < along.length ? i : 0], white, i * length);
    }
    int[] numbers = new int[along.length];
    Arrays.fill(numbers, image);
    int[] labels = new int[along.length];
    Arrays.fill(labels, label);
    sampler.label(labels);
    return pictures(sampler.sampleFrom(observer, white, from, numbers), along.length);
  }

  /**
   * Holds a part of all images fixed from now on; see {@link DiffusionSampler#inpaint}.
   *
   * @param picture the known picture, grey or RGB in [0, 1]
   * @param known for each pixel 1 where it is known, 0 where it is to be painted, between for a mixture
   * @throws IllegalArgumentException if the picture or the mask is not of the model's kind and size
   */
  public void inpaint(ColorImage picture, ColorImage known) {
    if (known.colours() != 1 || known.height() != space.height() || known.width() != space.width()) {
      throw new IllegalArgumentException("a mask of " + known.width() + "x" + known.height() + " with "
          + known.colours() + " colours does not fit pictures of " + space.width() + "x" + space.height());
    }
    float[] mask = new float[space.batch().imageSize()];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = known.values()[i % known.values().length];
    }
    float[] pixels = new float[space.batch().size()];
    float[] masks = new float[pixels.length];
    for (int i = 0; i < batch(); i++) {
      space.encode(picture, pixels, i);
      space.pixels(mask, masks, i);
    }
    sampler.inpaint(pixels, masks);
  }

  private List<ColorImage> pictures(float[] modes, int count) {
    List<ColorImage> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      images.add(clipped(space.visible(modes, i)));
    }
    return images;
  }

  private static ColorImage clipped(ColorImage image) {
    float[] values = image.values();
    for (int i = 0; i < values.length; i++) {
      if (Float.isNaN(values[i])) {
        throw new IllegalArgumentException(
            "the model draws no picture but NaN: its training broke down, or it is guided too strongly");
      }
      values[i] = Math.clamp(values[i], 0f, 1f);
    }
    return image;
  }

  @Override
  public void close() {
    sampler.close();
  }
}
