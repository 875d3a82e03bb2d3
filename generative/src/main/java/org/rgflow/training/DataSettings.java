package org.rgflow.training;

import org.rgflow.data.Batches;
import org.rgflow.data.Crop;
import org.rgflow.data.PictureOptions;

/**
 * The pictures of a training.
 *
 * @param colours 1 grey, 3 RGB
 * @param height of each picture
 * @param width of each picture
 * @param crop which part of a photograph is taken
 * @param flip whether pictures are mirrored at random
 * @param maxDamaged so many damaged files are passed over
 */
public record DataSettings(int colours, int height, int width, Crop crop, Batches.Flip flip, int maxDamaged) {
  /** @throws IllegalArgumentException if a number is out of its range */
  public DataSettings {
    new PictureOptions(colours, height, width, crop, maxDamaged);
  }

  /** For opening a folder or zip. */
  public PictureOptions pictures() {
    return new PictureOptions(colours, height, width, crop, maxDamaged);
  }
}
