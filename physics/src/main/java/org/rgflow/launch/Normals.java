package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.PhiloxKernels;
import org.rgflow.kernels.PhiloxVector;

/**
 * Fills a buffer with independent N(0, 1) variates, a function of (seed, stream, step, position) alone;
 * see {@link PhiloxKernels}.
 *
 * @param normal the buffer
 * @param groups number of equal consecutive groups that may be filled independently, for instance
 *     {@link org.rgflow.lattice.FieldLayout#blocks}
 * @param stream position in the random numbers, {@link org.rgflow.random.RandomStream#buffer}
 * @param streamId number of the stream, from {@link org.rgflow.random.Streams}
 */
public record Normals(float[] normal, int groups, int[] stream, int streamId) implements Launch {
  /** @throws IllegalArgumentException if the buffer does not divide into the groups */
  public Normals {
    if (groups < 1 || normal.length % groups != 0) {
      throw new IllegalArgumentException(normal.length + " normals do not form " + groups + " groups");
    }
  }

  @Override
  public int items() {
    return normal.length;
  }

  @Override
  public int groups() {
    return groups;
  }

  @Override
  public int cost() {
    return 60;
  }

  @Override
  public void run(int begin, int end) {
    PhiloxVector.normals(begin, end, normal, stream, streamId);
  }
}
