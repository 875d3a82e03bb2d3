package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.MetropolisKernels;
import org.rgflow.kernels.MetropolisVector;

/**
 * Metropolis hits on every site of one colour, see {@link MetropolisKernels#hits}.
 *
 * @param field fields of all replicas
 * @param accepted accepted hits of every item, counted up
 * @param neighbourhood [5][rows] elements of a site and its neighbours within a block
 * @param width elements of a row
 * @param blockSize elements of a block
 * @param range {half width of the proposal}
 * @param hits hits on each site
 * @param stream seed and step
 * @param streamId first of ⌈hits/2⌉ streams
 */
public record MetropolisHits(float[] field, int[] accepted, int[] neighbourhood, int width, int blockSize, float h,
    float u, float g, float[] range, int hits, int[] stream, int streamId) implements Launch {
  @Override
  public int items() {
    return groups() * (neighbourhood.length / 5) * width;
  }

  @Override
  public void run(int begin, int end) {
    MetropolisVector.hits(begin, end, field, accepted, neighbourhood, width, blockSize, h, u, g, range, hits, stream,
        streamId);
  }

  @Override
  public int cost() {
    return 25 + 100 * hits;
  }

  @Override
  public int groups() {
    return field.length / blockSize;
  }
}
