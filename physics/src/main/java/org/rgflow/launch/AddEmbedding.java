package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.NetworkKernels;

/**
 * Adds the row of a table that belongs to each sample's label; see {@link NetworkKernels#addEmbedding}.
 *
 * @param labels one per sample
 * @param parameters with the table
 * @param y [sample][channel]
 * @param channels length of a row
 * @param offset where the table is
 */
public record AddEmbedding(
    int[] labels, float[] parameters, float[] y, int channels, int offset)
    implements Launch {
  @Override
  public int items() {
    return y.length;
  }

  @Override
  public int cost() {
    return 2;
  }

  @Override
  public void run(int begin, int end) {
    for (int item = begin; item < end; item++) {
      NetworkKernels.addEmbedding(item, labels, parameters, y, channels, offset);
    }
  }
}
