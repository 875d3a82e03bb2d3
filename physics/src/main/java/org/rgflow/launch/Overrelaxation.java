package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.MetropolisKernels;
import org.rgflow.kernels.MetropolisVector;

/**
 * Reflection of every site of one colour at its local Gaussian mean, see {@link
 * MetropolisKernels#reflect}.
 *
 * @param field fields of all replicas
 * @param neighbourhood [5][rows] elements of a site and its neighbours within a block
 * @param width elements of a row
 * @param blockSize elements of a block
 * @param inverse {1/(2ũ)} of the local Gaussian's stiffness ũ
 * @param stream seed and step
 */
public record Overrelaxation(float[] field, int[] neighbourhood, int width, int blockSize, float h, float u, float g,
    float[] inverse, int[] stream, int streamId) implements Launch {
  @Override
  public int items() {
    return groups() * (neighbourhood.length / 5) * width;
  }

  @Override
  public void run(int begin, int end) {
    MetropolisVector.reflect(begin, end, field, neighbourhood, width, blockSize, h, u, g, inverse, stream, streamId);
  }

  @Override
  public int cost() {
    return 90;
  }

  @Override
  public int groups() {
    return field.length / blockSize;
  }
}
