package org.rgflow.diffusion;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.rgflow.data.ColorImage;
import org.rgflow.data.ImageGrid;

/**
 * Remembers how one image of a sampler's batch comes about, at a number of stages evenly spread over the run, and
 * draws it as a strip of four rows: x_t and the predicted x̂_0, then the modes of both by frequency (as in figures 1 to
 * 3 of 2402.17090). Where the model works on pixels there are only the first two.
 */
public final class Trajectory implements DiffusionSampler.Observer {
  /**
   * One stage.
   *
   * @param time time step that x has reached
   * @param noisy x_t, grey or RGB, around [0, 1]
   * @param predicted x̂_0, grey or RGB, around [0, 1]
   * @param modes x_t's modes of the first colour, grey
   * @param predictedModes x̂_0's modes of the first colour, grey
   */
  public record Frame(
      double time, ColorImage noisy, ColorImage predicted, ColorImage modes, ColorImage predictedModes) {}

  /** The mode that is shown white: three standard deviations of the noise. */
  private static final double RANGE = 3;

  private final PixelSpace pixels;
  private final int image;
  private final int stages;
  private final int wanted;
  private final List<Frame> frames = new ArrayList<>();

  /**
   * @param image which of the batch
   * @param stages {@link DiffusionSampler#stages}
   * @param wanted how many frames; fewer if there are fewer stages
   * @throws IllegalArgumentException if there is no such image or no frame
   */
  public Trajectory(PixelSpace pixels, int image, int stages, int wanted) {
    if (image < 0 || image >= pixels.batch().images() || stages < 1 || wanted < 1) {
      throw new IllegalArgumentException("a trajectory needs an image of the batch, a stage and a frame, not image "
          + image
          + ", " + stages + " stages and " + wanted + " frames");
    }
    this.pixels = pixels;
    this.image = image;
    this.stages = stages;
    this.wanted = Math.min(wanted, stages);
  }

  @Override
  public void after(int stage, double time, float[] modes, float[] predicted) {
    // Frame j of w is kept at stage round((j + 1) S/w) − 1, the last one always.
    if (stage == (int) Math.round((frames.size() + 1.0) * stages / wanted) - 1) {
      frames.add(new Frame(time, pixels.visible(modes, image), pixels.visible(predicted, image),
          pixels.modePicture(modes, image, RANGE), pixels.modePicture(predicted, image, RANGE)));
    }
  }

  /** What has been kept so far, in the order of the run. */
  public List<Frame> frames() {
    return List.copyOf(frames);
  }

  /**
   * The strip, with the time steps and X0 as labels.
   *
   * @throws IllegalArgumentException if nothing has been kept
   */
  public BufferedImage draw(int zoom) {
    List<ColorImage> images = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    frames.forEach(f -> images.add(f.noisy()));
    frames.forEach(f -> images.add(f.predicted()));
    int rows = 2;
    if (pixels.side() > 1) {
      frames.forEach(f -> images.add(f.modes()));
      frames.forEach(f -> images.add(f.predictedModes()));
      rows = 4;
    }
    for (int row = 0; row < rows; row++) {
      String of = row % 2 == 0 ? "T=%.0f" : "X0";
      frames.forEach(f -> labels.add(String.format(Locale.ROOT, of, f.time())));
    }
    return new ImageGrid(Math.max(1, frames.size()), zoom, 2).draw(images, labels);
  }
}
