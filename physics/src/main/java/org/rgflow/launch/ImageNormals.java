package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.PhiloxKernels;
import org.rgflow.kernels.PhiloxVector;

/**
 * Fills a batch {@code [image][element]} with independent N(0, 1) variates, a function of (seed, stream,
 * step, number of the image, element) alone, so that an image draws the same numbers in any batch; see
 * {@link PhiloxKernels#imageNormal}.
 *
 * @param normal the batch
 * @param images number of each image of the batch, at least 0
 * @param stream position in the random numbers, {@link org.rgflow.random.RandomStream#buffer}; of the step
 *     its lower 32 bits count
 * @param streamId number of the stream, from {@link org.rgflow.random.Streams}
 */
public record ImageNormals(float[] normal, int[] images, int[] stream, int streamId) implements Launch {
  /** @throws IllegalArgumentException if the batch does not divide into its images */
  public ImageNormals {
    if (images.length < 1 || normal.length < 1 || normal.length % images.length != 0) {
      throw new IllegalArgumentException(normal.length + " normals do not form " + images.length + " images");
    }
  }

  @Override
  public int items() {
    return normal.length;
  }

  @Override
  public int groups() {
    return images.length;
  }

  @Override
  public int cost() {
    return 60;
  }

  @Override
  public void run(int begin, int end) {
    PhiloxVector.imageNormals(begin, end, normal, images, normal.length / images.length, stream, streamId);
  }
}
